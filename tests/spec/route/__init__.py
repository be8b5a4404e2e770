"""From what a resident says to what is in force: every request walks the same route, and waits nowhere without a name."""

title = "The route of a request"
