"""Two people at once: whoever sends an older page is told, and nothing is overwritten."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "An older page"


def test_what_changed_meanwhile_is_shown_before_anything_is_done(walk: Walking) -> None:
    """Two operators have the same request open. The second one sends a page that shows what is no longer so: it
    is refused, and says who was faster."""
    walk("""
        day        | who            | deed                        | refused           | state
        -----------+----------------+-----------------------------+-------------------+---------
        2026-11-24 | operator       | record                      |                   | draft
                   | operator       | prove                       |                   | draft
                   | other operator | reserve from an older page  | changed-meanwhile | draft
                   | other operator | amend from an older page    | changed-meanwhile | draft
                   | other operator | withdraw from an older page | changed-meanwhile | draft
                   | other operator | reserve                     |                   | reserved
    """)
