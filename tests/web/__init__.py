"""What the screens show and accept."""
