"""The rulebook as an executable specification: a folder is a chapter, a file a section, a test a paragraph."""

CHAPTERS = {
    "route": (
        "record",
        "reserve",
        "deliberation",
        "appeal",
        "packing",
        "conflict",
    ),
}
"""The chapters with their sections, in the order in which they are printed."""
