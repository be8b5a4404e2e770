"""The command line: each command parses its words, calls one action or query, and prints the answer."""
