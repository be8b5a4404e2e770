"""Update windows and calls."""
