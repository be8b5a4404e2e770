"""Makes people who do not exist, for teaching, demonstrations, tests and measurements."""
