"""Small questions to single functions."""
