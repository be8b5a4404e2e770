"""The rules, one family a file, each with an id, a legal reference and plain words."""
