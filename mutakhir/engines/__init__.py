"""Compares records by the thousand: the same comparison tables on different machinery."""
