"""What is true and what is allowed, without a clock, a file, a network or a setting."""
