"""Deeds: one function for each thing that a person or a system can do to a register."""
