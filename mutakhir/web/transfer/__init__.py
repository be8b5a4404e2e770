"""Requests on their way to another village: offering one, and answering an offer."""
