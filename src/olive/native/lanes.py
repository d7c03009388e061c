"""How many numbers machine code takes side by side."""

LANES = 8  # the same on every machine, so that sums are the same bits
STEPS = 128  # of the lanes before they are added to the total: few roundings fall on each row
