"""Taizhou (台州, Zhejiang): its law, its plan, its recipes and its published figures."""
