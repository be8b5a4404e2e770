"""`mutakhir docs`: writes the pages of the handbook that are made from the code, or says which are stale."""

from __future__ import annotations

import os
from typing import Annotated

import typer

app = typer.Typer()
STALE = 1


@app.command()
def docs(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what is stale and end with 1.")
    ] = False,
) -> None:
    """Write the rulebook, the flows and the data model. Needs the source with its tests, and no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutakhir.site.settings")
    import django

    django.setup()
    from mutakhir.node import handbook

    if not (handbook.ROOT / "tests" / "spec").is_dir():
        typer.echo(
            "The rulebook is made from tests/spec, which is not here: run this in the source.", err=True
        )
        raise typer.Exit(STALE)
    changed = handbook.stale() if check else handbook.write()
    for path in changed:
        typer.echo(f"docs/{path.as_posix()} {'is stale' if check else 'written'}")
    if check and changed:
        typer.echo("`mutakhir docs` writes them anew.", err=True)
        raise typer.Exit(STALE)
