"""Rules of the commune."""
