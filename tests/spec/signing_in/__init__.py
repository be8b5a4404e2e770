"""Who works with the register signs in as themselves, is asked for more where more can be seen, and is signed out in time."""

title = "Signing in"
