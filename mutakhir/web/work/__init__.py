"""The home page: what waits for me, and search."""
