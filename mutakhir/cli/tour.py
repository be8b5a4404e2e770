"""`mutakhir tour`: the case of the news item, step by step, on a database that is thrown away afterwards."""

from __future__ import annotations

import json
import os
from typing import Annotated, Any

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

        found, language = parameters.load(), os.environ.get("MUTAKHIR_LANGUAGE", "id")
        steps = []
        for step in Tour(seed).walk():
            steps.append(step.as_json())
            if as_json:
                continue
            told = step.told[1 if language == "en" else 0]
            state = "✗" if step.refused else found.word("state", step.state, language)
            typer.echo(f"{step.day}  {state:23} {told}")
            for reason in step.refused:
                typer.echo(f"{'':36}{found.say(reason, language)}")
            for change in _changes(step.before, step.after):
                typer.echo(f"{'':36}{change}")
        if as_json:
            typer.echo(json.dumps({"steps": steps}, ensure_ascii=False, indent=1))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What the register answers differently now, in the words of its lists."""
    from mutakhir import parameters

    table, language = parameters.load().attributes, os.environ.get("MUTAKHIR_LANGUAGE", "id")
    return [
        f"{table[name].label[language]}: {table.words(name, before[name], language)} → "
        f"{table.words(name, after[name], language)}"
        for name in after
        if before[name] != after[name]
    ]
