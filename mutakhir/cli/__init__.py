"""The command line: each command parses its words, calls one action or query, and prints the answer."""

from __future__ import annotations

from mutakhir.cli.app import main

__all__ = ["main"]
