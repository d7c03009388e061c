"""National law: one topic = rules in ``topic.py`` beside ``topic.yaml``."""
