"""Runs a node on one machine: its database server, its processes, its demonstration."""
