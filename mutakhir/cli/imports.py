"""`mutakhir import`: takes in what other systems hand over as files."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
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
            metavar="FILE",
            help="CSV, XLSX or a ZIP of them: BDT, BPNT, DTKS, DTSEN, P3KE, Regsosek, SIAK, or mapped.",
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


@files.command("list")
def list_imports(
    *,
    most: Annotated[int, typer.Option(min=1, help="So many, the newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One array instead of words.")] = False,
    as_login: Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="As this person.")] = None,
) -> None:
    """List the files that were taken in, and those that were reversed."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.queries import imports
        from mutakhir.wiring.terminal import actor_at_terminal

        actor = actor_at_terminal(as_login, now=wiring.clock())
        found = wiring.ask(imports.imports, actor.scopes(), limit=most)
        if as_json:
            typer.echo(json.dumps([imports.as_json(one) for one in found], ensure_ascii=False))
            return
        for one in found:
            counts = ", ".join(f"{one.counts.get(name, 0)} {word}" for name, word in _COUNTED.items())
            state = counts if one.finished_at else "belum selesai"
            if one.reversed_at:
                state = f"dibatalkan {one.reversed_at:%Y-%m-%d} oleh {one.reversed_by}: {one.reversed_for}"
            typer.echo(
                f"{one.number:>5}  {one.as_of}  {one.layout:8} {one.authority:9} {one.region or '-':10} {one.name}: {state}"
            )


_COUNTED = {"rows": "baris", "in": "masuk", "again": "sudah ada", "rejected": "ditolak"}


@files.command("reverse")
def reverse_import(
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", help="The list, by the number that import list shows.")
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why; it is written down.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Only say what stands on it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of words.")] = False,
    as_login: Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="As this person.")] = None,
) -> None:
    """Take back all that a list said, or list what stands on it; afterwards the file may be taken in again."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import parameters, wiring
        from mutakhir.queries.imports import as_json as told
        from mutakhir.wiring.reversal import StandsOn, reverse
        from mutakhir.wiring.terminal import actor_at_terminal

        actor = actor_at_terminal(as_login, now=wiring.clock())
        try:
            done = reverse(
                number, reason=reason, actor=actor, clock=wiring.clock,
                report=Meter(sys.stderr.isatty(), counted="riwayat").show, only_look=check,
            )  # fmt: skip
        except StandsOn as stands:
            known = parameters.load()
            if as_json:
                typer.echo(
                    json.dumps({"standing": [told(one) for one in stands.standing]}, ensure_ascii=False)
                )
            else:
                for one in stands.standing[:SHOWN]:
                    what = known.word("stands_on", one.what, "id")
                    since = one.since.isoformat()[:10] if one.since else ""
                    typer.echo(
                        f"{one.count:>9}  {what:34} {since:10}  {one.region:10}  {one.number or ''} {_in_words(one.label)}"
                    )
                if len(stands.standing) > SHOWN:
                    typer.echo(f"dan {len(stands.standing) - SHOWN} lagi; semuanya dengan --json")
            raise
    if as_json:
        typer.echo(json.dumps({"standing": []} if done is None else asdict(done), ensure_ascii=False))
    elif done is None:
        typer.echo("Tidak ada yang bertumpu pada daftar ini; daftar ini bisa dibatalkan.")
    else:
        typer.echo(
            f"Daftar nomor {done.source} ({done.name}) dibatalkan: {done.subjects} orang, keluarga, dan rumah; "
            f"{done.tasks_closed} tugas ditutup, {done.tasks_reopened} dibuka lagi"
        )


def _in_words(label: str) -> str:
    return label.replace("source:", "daftar nomor ").replace("request:", "permintaan nomor ")


SHOWN = 20
"""Lines of what stands on a list."""


class Meter:
    """Says on standard error how far an import has come and how long it will still take."""

    def __init__(self, is_terminal: bool, *, counted: str = "baris") -> None:
        self._is_terminal = is_terminal
        self._counted = counted
        self._began = time.monotonic()

    def show(self, progress: Progress) -> None:
        share = progress.rows / progress.of if progress.of else 1.0
        left = ""
        if progress.anew:
            rate = progress.anew / max(time.monotonic() - self._began, 1e-9)
            left = f", {rate:.0f} {self._counted}/detik, sisa {_span((progress.of - progress.rows) / rate)}"
        line = f"{share:4.0%} {progress.rows} dari {progress.of} {self._counted}{left}"
        end = "\r" if self._is_terminal and progress.rows < progress.of else "\n"
        print(f"{line:70}" if self._is_terminal else line, end=end, file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} menit {rest} detik" if minutes else f"{rest} detik"
