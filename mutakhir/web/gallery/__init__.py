"""The gallery: every component in all its states, both languages and three densities, for the eye and for the tests."""
