"""What a place is, and which places are installed."""
