"""What the law of Zhejiang as one region says in place of Taizhou's counties."""
