"""`mutakhir rebuild`: the projections made again from the events, or only held against them."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

app = typer.Typer()
DIFFERENT = 6
"""The exit code of a check that found a projection which the events do not tell so."""


@app.command()
def rebuild(
    *,
    check: Annotated[bool, typer.Option("--check", help="Only compare; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of words.")] = False,
) -> None:
    """Throw the projections away and make them again from the events, in one go."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.store import rebuild as rebuilding

        done = rebuilding.rebuild(
            open_register=wiring.open_register,
            report=lambda count: print(f"{count} peristiwa dibaca", file=sys.stderr),
            check=check,
        )
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "events": done.events,
                    "digest": done.digest,
                    "differences": {
                        one.table: {"extra": one.extra, "missing": one.missing} for one in done.differences
                    },
                }
            )
        )
    else:
        typer.echo(f"{done.events} peristiwa, sidik {done.digest[:16]}")
        for one in done.differences:
            typer.echo(f"{one.table}: {one.extra} baris lebih, {one.missing} baris kurang")
        if not done.differences:
            typer.echo("Semua sama dengan yang dicatat.")
    if check and done.differences:
        raise typer.Exit(DIFFERENT)
