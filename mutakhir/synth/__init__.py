"""Synthetic people: a seeded population of a region, list files with known errors, and requests, none about a real person."""
