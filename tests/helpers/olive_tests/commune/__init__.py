"""A French commune with columns, law and brackets of its own and no plan: every figure made up."""
