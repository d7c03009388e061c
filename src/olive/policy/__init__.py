"""The law and the plan's levers: one topic = rules in ``topic.py`` beside ``topic.yaml``."""

from olive.policy.law import FULL_COMPLIANCE, law, rule_set, topics

__all__ = ["FULL_COMPLIANCE", "law", "rule_set", "topics"]
