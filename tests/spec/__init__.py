"""The rulebook as an executable specification: a folder is a chapter, a file a section, a test a paragraph."""

CHAPTERS = {
    "time": ("facts", "late_news", "withdrawn", "positions", "claims", "periods", "deadlines"),
    "route": (
        "record",
        "reserve",
        "deliberation",
        "appeal",
        "packing",
        "conflict",
        "hand_over",
        "verification",
        "lists",
        "sending",
        "determination",
        "leaving",
        "lapse",
        "withdrawing",
        "in_the_way",
        "older_page",
    ),
    "windows": ("opening", "early_close", "overlap", "call"),
    "scope": ("regions", "turns"),
    "registration": ("registration",),
    "families": ("split", "join", "double_id"),
    "intake": ("people", "families", "former"),
    "values": ("reading", "findings"),
    "tickets": ("numbers",),
    "signing_in": ("sessions", "second_factor"),
    "stories": ("new_card", "two_numbers"),
}
"""The chapters with their sections, in the order in which they are printed."""
