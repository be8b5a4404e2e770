"""`mutakhir import`: takes in what other systems hand over as files."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mutakhir import parameters

if TYPE_CHECKING:
    from mutakhir.wiring.imports import Progress

COUNTED = ("rows", "in", "again", "rejected", "warnings")
SHOWN = 20
"""Lines of what stands on a list."""
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
    typer.echo(_said("counts", **_counts(done.counts)))
    for name, number in done.sources.items():
        typer.echo(_said("list", number=number, name=name))
    if done.unused:
        typer.echo(_said("columns_unused", columns=", ".join(done.unused)))
    for rejects in done.rejects:
        typer.echo(_said("rejects", path=rejects))
    if done.tasks:
        typer.echo(_said("tasks", count=done.tasks))


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
            state = _said("listed", **_counts(one.counts)) if one.finished_at else _said("unfinished")
            if one.reversed_at:
                day = f"{one.reversed_at:%Y-%m-%d}"
                state = _said("reversed", day=day, who=one.reversed_by, reason=one.reversed_for)
            typer.echo(
                f"{one.number:>5}  {one.as_of}  {one.layout:8} {one.authority:9} {one.region or '-':10} {one.name}: {state}"
            )


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
        from mutakhir import wiring
        from mutakhir.queries.imports import as_json as told
        from mutakhir.wiring.reversal import StandsOn, reverse
        from mutakhir.wiring.terminal import actor_at_terminal

        actor = actor_at_terminal(as_login, now=wiring.clock())
        try:
            done = reverse(
                number, reason=reason, actor=actor, clock=wiring.clock,
                report=Meter(sys.stderr.isatty(), counted="histories").show, only_look=check,
            )  # fmt: skip
        except StandsOn as stands:
            known = parameters.load()
            if as_json:
                typer.echo(
                    json.dumps({"standing": [told(one) for one in stands.standing]}, ensure_ascii=False)
                )
            else:
                for one in stands.standing[:SHOWN]:
                    what = known.word("stands_on", one.what, language())
                    since = one.since.isoformat()[:10] if one.since else ""
                    typer.echo(
                        f"{one.count:>9}  {what:34} {since:10}  {one.region:10}  {one.number or ''} {_in_words(one.label)}"
                    )
                if len(stands.standing) > SHOWN:
                    typer.echo(_said("more", count=len(stands.standing) - SHOWN))
            raise
    if as_json:
        typer.echo(json.dumps({"standing": []} if done is None else asdict(done), ensure_ascii=False))
    elif done is None:
        typer.echo(_said("stands_free"))
    else:
        told_of = {"number": done.source, "name": done.name, "subjects": done.subjects}
        typer.echo(_said("reversed_now", **told_of, closed=done.tasks_closed, opened=done.tasks_reopened))


def language() -> str:
    return os.environ.get("MUTAKHIR_LANGUAGE", "id")


def _in_words(label: str) -> str:
    """A source text in words; whatever else stands there stays."""
    kind, _, number = label.partition(":")
    name = {"source": "file", "request": "request"}.get(kind)
    return _said(name, number=number) if name else label


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    return {"taken" if name == "in" else name: counts.get(name, 0) for name in COUNTED}


def _said(what: str, /, **told: object) -> str:
    return parameters.load().word("import_said", what, language()).format(**told)


class Meter:
    """Says on standard error how far an import has come and how long it will still take."""

    def __init__(self, is_terminal: bool, *, counted: str = "rows") -> None:
        self._is_terminal = is_terminal
        self._counted = _said(counted)
        self._began = time.monotonic()

    def show(self, progress: Progress) -> None:
        share = progress.rows / progress.of if progress.of else 1.0
        left = ""
        if progress.anew:
            rate = progress.anew / max(time.monotonic() - self._began, 1e-9)
            span = _span((progress.of - progress.rows) / rate)
            left = _said("rate", rate=f"{rate:.0f}", counted=self._counted, left=span)
        line = _said(
            "progress", share=f"{share:4.0%}", done=progress.rows, of=progress.of, counted=self._counted
        )
        line += left
        end = "\r" if self._is_terminal and progress.rows < progress.of else "\n"
        print(f"{line:70}" if self._is_terminal else line, end=end, file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return _said("span", minutes=minutes, seconds=rest) if minutes else _said("span_short", seconds=rest)
