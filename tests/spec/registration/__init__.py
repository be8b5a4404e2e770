"""A person can be known without being registered: registration is a fact of its own, with a reason."""

title = "Registration"
