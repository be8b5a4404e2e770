"""A role is held for a region. What lies outside is not there, and what is offered is what can be done."""

title = "Who sees and does what"
