"""Pages without an account: the resident's ticket and public figures."""
