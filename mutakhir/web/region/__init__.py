"""Pages of changes of regions: which boundaries hold, and what nobody could assign."""
