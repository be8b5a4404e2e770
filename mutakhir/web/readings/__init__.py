"""Who read whose data, for what: for who looks after it, and for the person whose data it is."""
