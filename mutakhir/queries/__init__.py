"""Questions: each reads projections and returns frozen view values."""
