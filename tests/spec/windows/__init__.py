"""When the register takes requests is set by letters, kept by the clock, and never in the way of writing down."""

title = "Update windows"
