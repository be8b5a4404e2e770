"""Speaks with what is not ours: file layouts, printed documents, regions, stored files."""
