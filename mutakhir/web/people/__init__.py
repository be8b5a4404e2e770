"""Families and persons: their page, their timeline, any earlier day."""
