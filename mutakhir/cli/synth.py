"""`mutakhir synth`: lists of synthetic people as files, with the truth beside them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

app = typer.Typer()


@app.command()
def synth(
    *,
    persons: Annotated[int, typer.Option(min=1, help="How many people.")],
    region: Annotated[str, typer.Option(help="The region whose villages they live in.")] = "3508",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go; made if it is not there.")],
    layout: Annotated[str, typer.Option(help="bdt, bpnt, dtks, dtsen, p3ke, regsosek or siak.")] = "p3ke",
    form: Annotated[str, typer.Option("--format", help="csv or xlsx.")] = "csv",
    seed: Annotated[int, typer.Option(help="Another number, other people.")] = 1,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which the list is made.")
    ] = None,
    rates: Annotated[
        str, typer.Option(help='"field", "none", or pairs such as "no_nik=0.2,doubled=0".')
    ] = "field",
    later: Annotated[
        bool, typer.Option("--later", help="Also the list that follows some months later, of P3KE as CSV.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of words.")] = False,
) -> None:
    """Write a list of people who do not exist, with the errors that lists have. Needs no database."""
    from mutakhir.core import regions
    from mutakhir.gateways.regions import read_regions
    from mutakhir.synth import files
    from mutakhir.synth.later import write_later
    from mutakhir.synth.population import Village

    if layout not in get_args(files.Layout) or form not in get_args(files.Format):
        raise typer.BadParameter(f"layout is one of {', '.join(get_args(files.Layout))}, format csv or xlsx")
    if later and (layout, form) != ("p3ke", "csv"):
        raise typer.BadParameter("only a list of P3KE as CSV has one that follows", param_hint="--later")
    code = regions.parse_code(region)
    found = {one.code: one for one in read_regions(code)} if code else {}
    villages = [
        Village(
            one.code, one.name, found[one.code[:6]].name, found[one.code[:4]].name, found[one.code[:2]].name
        )
        for one in found.values()
        if len(one.code) == 10
    ]
    if not villages:
        raise typer.BadParameter(f"no village has a code that begins with {region}", param_hint="--region")
    today = (on or datetime.now()).date()  # noqa: DTZ005  (the day of whoever types the command)
    written = files.write(
        out,
        layout=layout,  # type: ignore[arg-type]
        format=form,  # type: ignore[arg-type]
        seed=seed,
        persons=persons,
        villages=villages,
        rates=read_rates(rates),
        today=today,
    )
    after = (
        write_later(written.paths["list"], out, seed=seed, villages=villages, today=today) if later else None
    )
    if as_json:
        paths = {name: str(path) for name, path in written.paths.items()}
        told: dict[str, Any] = {"paths": paths, "counts": dict(written.counts)}
        if after is not None:
            told["later"] = {
                "paths": {name: str(path) for name, path in after.paths.items()},
                "counts": dict(after.counts),
            }
        typer.echo(json.dumps(told))
        return
    for path in (*written.paths.values(), *(after.paths.values() if after else ())):
        typer.echo(path)
    typer.echo(
        f"{written.counts['rows']} baris, {written.counts['persons']} orang, {written.counts['families']} keluarga"
    )


def read_rates(text: str) -> Any:
    """The rates that a word or some pairs mean; what is not named keeps the rate of the field."""
    from mutakhir.synth.errors import ERRORS, NO_ERRORS, Rates

    if text == "field":
        return Rates()
    if text == "none":
        return NO_ERRORS
    try:
        pairs = dict(pair.split("=", 1) for pair in text.split(","))
        return Rates(**{name.strip(): float(share) for name, share in pairs.items()})
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(
            f"{error}; the names are {', '.join(ERRORS)}", param_hint="--rates"
        ) from None
