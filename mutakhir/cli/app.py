"""Gathers the commands, each from the file named after it, and gives each kind of end its exit code."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import typer

import mutakhir
import mutakhir.cli
from mutakhir import parameters
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.node import postgres

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


REFUSED, CONFLICT, NO_SERVER = 3, 4, 5
"""Exit codes beside 0 for done, 1 for a crash and 2 for a command that was not understood."""


def main() -> None:
    """Run the command that was typed. What was refused is said in sentences, and what crashed crashes."""
    gather()
    try:
        app()
    except Refused as refused:
        sys.exit(say(refused.refusals, code=REFUSED))
    except Conflict as conflict:
        sys.exit(say(conflict.refusals, code=CONFLICT))
    except postgres.ServerError as error:
        print(error, file=sys.stderr)
        sys.exit(NO_SERVER)


def say(refusals: tuple[Refusal, ...], *, code: int) -> int:
    """Print every reason with its rule id; MUTAKHIR_LANGUAGE chooses between `id` and `en`."""
    known, language = parameters.load(), os.environ.get("MUTAKHIR_LANGUAGE", "id")
    for refusal in refusals:
        print(f"{known.say(refusal, language)} [{refusal.rule}]", file=sys.stderr)
    return code
