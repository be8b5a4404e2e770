"""Gathers the commands, each from the file named after it, and gives each kind of end its exit code."""

from __future__ import annotations

import importlib
import pkgutil

import typer

import mutakhir
import mutakhir.cli

app = typer.Typer(
    name="mutakhir",
    help="A social registry that is never out of date for a reason that nobody can name.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def program() -> None:
    """Commands of the node's own terminal; each is logged with its purpose."""


@app.command()
def version() -> None:
    """Print the version of this program."""
    typer.echo(mutakhir.__version__)


def gather() -> None:
    """Add the commands of every file beside this one: each file has a Typer called `app`."""
    for found in pkgutil.iter_modules(mutakhir.cli.__path__):
        module = importlib.import_module(f"mutakhir.cli.{found.name}")
        commands = getattr(module, "app", None)
        if found.name != "app" and isinstance(commands, typer.Typer):
            app.add_typer(commands)


def main() -> None:
    gather()
    app()
