"""Values are read as people write them, and kept as the official lists have them."""

title = "Values"
