"""Drawing synthetic populations by rules."""
