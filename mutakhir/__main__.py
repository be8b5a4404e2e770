"""Lets `python -m mutakhir` do what the command `mutakhir` does."""

from __future__ import annotations

from mutakhir.cli import main

if __name__ == "__main__":
    main()
