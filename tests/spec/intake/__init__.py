"""Lists of other offices are taken in row by row: each row finds its person, and only what is news is stated."""

title = "Lists that come in"
