"""What standards are tied to by law: income, consumption and wages, year by year.

Standards whose own record has ended grow with these series when a law is carried forward indexed
(``indexed_to`` in the files of the topics). After the record of a series itself its growth is an
assumption.
"""
