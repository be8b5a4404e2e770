"""`mutakhir bench`: measures this program beside a bare baseline, on a database that is thrown away afterwards."""

from __future__ import annotations

import json
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="A bench, or `all`; without one, the benches are listed.")] = "",
    *,
    size: Annotated[
        int | None, typer.Option(min=1, help="How many; each bench has its own customary size.")
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each side, by turns.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="One object a bench instead of a table.")] = False,
) -> None:
    """Measure beside a bare baseline; ends with 1 where the results of the two sides differ."""
    from mutakhir import bench as benches

    if not name:
        for one in benches.BENCHES.values():
            typer.echo(f"{one.name:10} {one.size:>9,}  {one.meaning}")
        return
    if name != "all" and name not in benches.BENCHES:
        raise typer.BadParameter(f"no bench is named {name}; there are {', '.join(benches.BENCHES)}")
    from mutakhir.bench.measures import table

    alike = True
    for one in benches.BENCHES.values() if name == "all" else [benches.BENCHES[name]]:
        found = one.run(size=size or one.size, repeats=repeats)
        alike = alike and not found.differences
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else table(found))
    if not alike:
        raise typer.Exit(1)
