"""How much of the plan's multi-year programmes still lies ahead of the population's year.

The parameters beside this module are shared by every lever that counts people, jobs or houses
over several years.
"""
