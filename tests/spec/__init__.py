"""The rulebook: what the registers answer, in small tables."""
