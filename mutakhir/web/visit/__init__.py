"""Visits to houses: asking for one, sending somebody, the walking list, and the report from the house."""
