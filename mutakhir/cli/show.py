"""`mutakhir show`: what the register says of a person, for any day, and as far as it was known at any instant."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def show(
    nik: Annotated[str, typer.Argument(metavar="NIK", help="16 digits; dots and spaces may stay.")],
    *,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today.")] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="As it was known then; without a zone in WIB.")
    ] = None,
    purpose: Annotated[str, typer.Option(help="For what; it is written down.")] = "terminal",
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of words.")] = False,
    as_login: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="As this person sees it.")
    ] = None,
) -> None:
    """Show a person's attributes, each with the days it holds, when it was recorded, by whose word and from where."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import parameters, wiring
        from mutakhir.core import nik as numbers
        from mutakhir.core.calendar import today_in, zone_of
        from mutakhir.core.refusals import Refusal, Refused
        from mutakhir.queries import as_of
        from mutakhir.store import feed
        from mutakhir.wiring.terminal import actor_at_terminal

        now = wiring.clock()
        actor = actor_at_terminal(as_login, now=now)
        parsed = numbers.parse(nik)
        if isinstance(parsed, tuple):
            raise Refused(*parsed)
        position = None
        if known_at is not None:
            position = feed.fix_position(read_instant(known_at, zone_of("")), now=now)
        with wiring.acting(actor):
            found = wiring.ask(as_of.person_of_nik, parsed.digits, scopes=actor.scopes())
            if found is None and position is not None:
                found = wiring.ask(as_of.person_once_of_nik, parsed.digits, scopes=actor.scopes())
            if found is None:
                raise Refused(Refusal.of("not-found"))
            person, region = found
            wiring.log_reading(
                actor, purpose=purpose, path="mutakhir show", region=region, subject=person, now=now
            )
            answer = wiring.ask(
                as_of.as_of,
                person,
                on=on.date() if on else today_in(region, now),
                position=position,
                authorities=wiring.terms().attributes.authorities,
            )
            assert answer is not None
        if as_json:
            typer.echo(json.dumps(as_of.as_json(answer), ensure_ascii=False))
            return
        known = parameters.load()
        for name, one in sorted(answer.attributes.items()):
            attribute = known.attributes.get(name)
            if one.value is None:
                continue
            label = attribute.label["id"] if attribute else name
            words = known.attributes.words(attribute, one.value, "id") if attribute else str(one.value)
            said = known.word("authority", one.authority, "id")
            typer.echo(f"{label:40} {words:40} sejak {one.from_ or '…'} · {said} · {one.source}")


def read_instant(text: str, zone: tzinfo) -> datetime:
    """An instant as it was typed; without a zone of its own it is meant in the one given."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            "write an instant as 2026-11-24T13:05:00+07:00", param_hint="--known-at"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
