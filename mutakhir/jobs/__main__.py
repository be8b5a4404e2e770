"""Starts the worker of a node as a program of its own."""

from __future__ import annotations

from mutakhir.jobs.worker import main

if __name__ == "__main__":
    main()
