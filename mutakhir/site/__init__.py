"""Puts the parts together into one Django site: settings, addresses, the WSGI entry."""
