"""Projections: what the events tell, kept ready to be read; each can be thrown away and made again."""
