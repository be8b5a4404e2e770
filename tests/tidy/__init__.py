"""What the source itself must hold to."""
