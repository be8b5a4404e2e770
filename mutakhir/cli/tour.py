"""`mutakhir tour`: the case of the news item, step by step, on a database that is thrown away afterwards."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def tour(
    *,
    seed: Annotated[int, typer.Option(help="Another number, other people.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of words.")] = False,
) -> None:
    """Walk a request from a day on which every menu is closed until it is in force."""
    from mutakhir.node.program import program

    with program(scratch=True):
        from mutakhir import parameters
        from mutakhir.node.tour import Tour
        from mutakhir.node.tour import as_json as shown

        walk = Tour(seed)
        found, language = parameters.load(), os.environ.get("MUTAKHIR_LANGUAGE", "id")
        for step in walk.walk():
            if as_json:
                continue
            typer.echo(f"{step.step:28} {step.state:14} {step.outcome}")
            for reason in step.reasons:
                typer.echo(f"{'':28} {found.say(reason, language)}")
            if step.before != step.after:
                typer.echo(f"{'':28} {step.before} -> {step.after}")
        if as_json:
            typer.echo(json.dumps(shown(walk.steps), ensure_ascii=False, indent=1))
