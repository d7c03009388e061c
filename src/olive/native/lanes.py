"""How many numbers machine code takes side by side."""

LANES = 8  # the same on every machine, so that sums are the same bits
