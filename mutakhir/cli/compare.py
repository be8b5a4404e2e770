"""`mutakhir compare-lists`: what became of everybody between two lists, and which known event explains it."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mutakhir.gateways.list_comparison import Comparison

app = typer.Typer()
VILLAGES_SHOWN = 10


@app.command("compare-lists")
def compare_lists(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="The earlier list, in any layout that import reads.")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later list.")],
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="XLSX", help="A workbook with every difference, to work with.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="TOML", help="Names the columns of a layout that is not known here."),
    ] = None,
    region: Annotated[
        str, typer.Option(metavar="REGION", help="The region of lists that do not name it all.")
    ] = "",
    registry: Annotated[
        bool | None,
        typer.Option(
            "--registry/--no-registry", help="Ask the register for explanations; where it is there."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of words.")] = False,
    as_login: Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="As this person.")] = None,
) -> None:
    """Say who vanished, who came and what changed between two lists, and count by village what nothing explains."""
    from mutakhir.core import regions
    from mutakhir.gateways.layouts import read_mapping
    from mutakhir.gateways.list_comparison import compare
    from mutakhir.node import postgres
    from mutakhir.node.program import program

    code = regions.parse_code(region) if region else ""
    if code is None:
        raise typer.BadParameter(f"{region} is no code of a region", param_hint="--region")
    language = os.environ.get("MUTAKHIR_LANGUAGE", "id")
    kind = read_mapping(mapping) if mapping else None
    with ExitStack() as stack:
        ask = None
        if postgres.is_there() if registry is None else registry:
            stack.enter_context(program())
            from mutakhir import wiring
            from mutakhir.wiring.list_comparison import asking_register
            from mutakhir.wiring.terminal import actor_at_terminal

            now = wiring.clock()
            ask = asking_register(actor_at_terminal(as_login, now=now), now=now)
        today = datetime.now().date()  # noqa: DTZ005  (the day of whoever types the command)
        found = compare(old, new, mapping=kind, region=code, today=today, ask=ask, out=out, language=language)
    if as_json:
        typer.echo(json.dumps(_as_json(found)))
        return
    _say(found, language)
    if out is not None:
        typer.echo(out)


def _as_json(found: Comparison) -> dict[str, object]:
    from mutakhir.gateways.list_comparison import UNEXPLAINED

    return {
        "layouts": list(found.layouts),
        "counts": dict(found.counts),
        "why": {sheet: dict(events) for sheet, events in found.why.items()},
        "unexplained": {sheet: events[UNEXPLAINED] for sheet, events in found.why.items()},
        "changed": dict(found.changed),
        "programmes": {name: dict(counts) for name, counts in found.programmes.items()},
        "villages": {region: dict(counts) for region, counts in sorted(found.villages.items())},
    }


def _say(found: Comparison, language: str) -> None:
    from mutakhir import parameters
    from mutakhir.gateways.list_comparison import COUNTED, village_rows

    known = parameters.load()
    for name in COUNTED:
        typer.echo(f"{found.counts[name]:>9}  {known.word('list_count', name, language)}")
    for sheet, events in found.why.items():
        if events:
            typer.echo(f"\n{known.word('list_sheet', sheet, language)}:")
        for event, count in events.most_common():
            typer.echo(f"{count:>9}  {known.word('list_event', event, language)}")
    if found.changed:
        typer.echo(f"\n{known.word('list_column', 'attribute', language)}:")
    for attribute, count in found.changed.most_common():
        typer.echo(f"{count:>9}  {known.attributes[attribute].label[language]}")
    for name, counts in sorted(found.programmes.items()):
        typer.echo(f"\n{known.attributes[name].label[language]}: {counts['old']} → {counts['new']}")
        for which in ("lost", "gained"):
            typer.echo(f"{counts[which]:>9}  {known.word('list_count', which, language)}")
    shown = [row for row in village_rows(found) if row[4]][:VILLAGES_SHOWN]
    if shown:
        typer.echo(f"\n{known.word('list_column', 'unexplained_vanished', language)}:")
    for region, village, kecamatan, _, unexplained, *_ in shown:
        typer.echo(f"{unexplained:>9}  {village or region}, {kecamatan}")
