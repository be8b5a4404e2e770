"""Measures what the registers cost, beside a bare baseline in the same run."""
