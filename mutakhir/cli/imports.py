"""`mutakhir import`: takes in what other systems hand over as files."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mutakhir.wiring.imports import Progress

app = typer.Typer()
files = typer.Typer(help="Take in what other systems hand over as files.", no_args_is_help=True)
app.add_typer(files, name="import")


@files.command("registry")
def import_registry(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV, XLSX or a ZIP of them: BDT, BPNT, DTKS, DTSEN, P3KE, SIAK, or mapped."
        ),
    ],
    *,
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day that the list speaks of.")],
    authority: Annotated[str, typer.Option(help="Whose word it is: social, civil or programme.")],
    full: Annotated[
        str | None, typer.Option(metavar="REGION", help="The list holds everybody of this region.")
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="REGION", help="The region being filled.")] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="TOML", help="Names the columns of a layout that is not known here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object at the end instead of words.")] = False,
    as_login: Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="As this person.")] = None,
) -> None:
    """Take in a list of persons; an interrupted import goes on where it was, and the same file again changes nothing."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.wiring.imports import List
        from mutakhir.wiring.imports import import_registry as take_in
        from mutakhir.wiring.terminal import actor_at_terminal

        actor = actor_at_terminal(as_login, now=wiring.clock())
        told = List(path, authority, as_of.date(), region, full, mapping)
        done = take_in(told, actor=actor, clock=wiring.clock, report=Meter(sys.stderr.isatty()).show)
    if as_json:
        typer.echo(json.dumps({**done.counts, "sources": done.sources}))
        return
    counts = done.counts
    typer.echo(
        f"{counts['rows']} baris: {counts['in']} masuk, {counts['again']} sudah ada, "
        f"{counts['rejected']} ditolak; {counts['warnings']} dengan peringatan"
    )
    for name, number in done.sources.items():
        typer.echo(f"Daftar nomor {number}: {name}")
    if done.unused:
        typer.echo(f"Kolom yang tidak dipakai: {', '.join(done.unused)}")
    for rejects in done.rejects:
        typer.echo(f"Baris yang ditolak beserta alasannya: {rejects}")
    if done.tasks:
        typer.echo(f"{done.tasks} tugas baru untuk desa")


class Meter:
    """Says on standard error how far an import has come and how long it will still take."""

    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal
        self._began = time.monotonic()

    def show(self, progress: Progress) -> None:
        share = progress.rows / progress.of if progress.of else 1.0
        left = ""
        if progress.anew:
            rate = progress.anew / max(time.monotonic() - self._began, 1e-9)
            left = f", {rate:.0f} baris/detik, sisa {_span((progress.of - progress.rows) / rate)}"
        line = f"{share:4.0%} {progress.rows} dari {progress.of} baris{left}"
        end = "\r" if self._is_terminal and progress.rows < progress.of else "\n"
        print(f"{line:70}" if self._is_terminal else line, end=end, file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} menit {rest} detik" if minutes else f"{rest} detik"
