"""The number on a resident's receipt is hard to guess and safe against a slip of the pen."""

title = "Tickets"
