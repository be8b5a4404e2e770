"""Erasing and sealing what is known of a person: asking, deciding, and what is left."""
