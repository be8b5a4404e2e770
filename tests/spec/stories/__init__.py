"""Whole stories, each told to its end: who does what on which day, whose turn it is, and what is so afterwards."""

title = "Stories told to their end"
