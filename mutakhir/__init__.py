"""Mutakhir, a social registry that is never out of date for a reason that nobody can name."""

__version__ = "0.1.0"
