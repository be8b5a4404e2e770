"""Gathers the commands, each from the file named after it, and gives each kind of end its exit code."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
import traceback
from pathlib import Path

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


BROKEN, REFUSED, CONFLICT, NO_SERVER = 1, 3, 4, 5
"""Exit codes beside 0 for done and 2 for a command that was not understood."""


def main() -> None:
    """Run the command that was typed. Whatever ends it is said in sentences; of a fault, a file keeps the details."""
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
    except Exception as fault:
        sys.exit(say_fault(fault))


def say_fault(fault: Exception) -> int:
    """Say what broke in a sentence, and name the file that keeps the details; nobody else reads it."""
    from mutakhir.store import faults

    told = faults.refusal_of(fault) if isinstance(fault, faults.FAULTS) else Refusal.of("program-broke")
    folder = postgres.data_folder()
    handle, name = tempfile.mkstemp(".txt", "fault-", folder if os.access(folder, os.W_OK) else None)
    os.close(handle)
    Path(name).write_text("".join(traceback.format_exception(fault)), encoding="utf-8")
    code = say((told,), code=NO_SERVER if told.rule == faults.AWAY else BROKEN)
    print(name, file=sys.stderr)
    return code


def say(refusals: tuple[Refusal, ...], *, code: int) -> int:
    """Print every reason with its rule id; MUTAKHIR_LANGUAGE chooses between `id` and `en`."""
    known, language = parameters.load(), os.environ.get("MUTAKHIR_LANGUAGE", "id")
    for refusal in refusals:
        print(f"{known.say(refusal, language)} [{refusal.rule}]", file=sys.stderr)
    return code
