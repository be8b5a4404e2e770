"""The state machines: one table of steps a file, and what can be asked of it."""
