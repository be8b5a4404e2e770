"""The interfaces for other programs: each parses a message, calls one action or query, and answers."""
