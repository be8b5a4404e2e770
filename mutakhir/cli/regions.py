"""`mutakhir regions`: takes in decrees that split, merge or renumber villages."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
regions = typer.Typer(help="Take in decrees that change regions.", no_args_is_help=True)
app.add_typer(regions, name="regions")


@regions.command("change")
def change_regions(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="TOML: the decree, its day, and what becomes of each code.")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One object at the end instead of words.")] = False,
    as_login: Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="As this person.")] = None,
) -> None:
    """Let people, open requests and roles follow a split, a merger or a new code; what nobody can assign is listed."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import parameters, wiring
        from mutakhir.gateways.decrees import read_decree
        from mutakhir.wiring import regions as wired
        from mutakhir.wiring.terminal import actor_at_terminal

        actor = actor_at_terminal(as_login, now=wiring.clock())
        done = wired.change_regions(read_decree(path), actor=actor, now=wiring.clock())
        words = parameters.load().words["region"]
    if as_json:
        typer.echo(json.dumps(asdict(done)))
        return
    for kind, count in done.moved.items():
        typer.echo(f"{words[kind]['id']}: {count} ikut ke kode baru")
    typer.echo(f"{done.underway} permintaan selesai di kode lama")
    typer.echo(f"{done.left} belum bisa ditempatkan: lihat /wilayah/perubahan/{done.number}")
