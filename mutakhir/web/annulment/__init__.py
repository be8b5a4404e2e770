"""Annulling what was applied in error: asking, deciding, and the list of annulments."""
