"""What is left when something is killed, stopped or lies."""
