"""The screens: each parses a form, calls one action or query, and shows the answer."""
