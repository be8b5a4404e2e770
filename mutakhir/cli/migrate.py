"""`mutakhir migrate`: the tables in their newest form, and the regions in their table."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database up to date; done again, it changes nothing."""
    from mutakhir.node.program import program

    with program():
        from mutakhir.wiring.regions import load_regions

        loaded = load_regions()
    typer.echo(f"{loaded} wilayah dimuat" if loaded else "Sudah yang terbaru")
