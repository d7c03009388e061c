"""Law of city and province, and levers of the plan: one topic = ``topic.py``, ``topic.yaml``."""
