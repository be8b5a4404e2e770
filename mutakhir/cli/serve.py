"""`mutakhir serve`: the site of this node, with its worker, until Ctrl-C."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def serve(
    *,
    host: Annotated[
        str, typer.Option(help="The address to listen at; 0.0.0.0 is every one of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.", min=1, max=65535)] = 8000,
) -> None:
    """Run the site and its worker; the database comes with them unless DATABASE_URL names one."""
    from mutakhir.node import site
    from mutakhir.node.program import program

    try:
        site.refuse_taken_port(host, port)
        with program(), site.site(host, port) as processes:
            typer.echo(f"Mutakhir berjalan di {site.address_of(host, port)} (Ctrl-C untuk berhenti)")
            site.keep_running(processes, host, port)
    except site.SiteError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
