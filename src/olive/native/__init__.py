"""What the machine gives: files written whole or not at all. Nothing here knows of rules."""
