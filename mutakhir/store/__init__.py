"""Keeps events and projections in PostgreSQL; the only place that knows the database."""
