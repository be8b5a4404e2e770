"""`mutakhir account`: personal accounts from the node's own terminal; the first one of a fresh node is made here."""

from __future__ import annotations

from typing import Annotated

import typer

from mutakhir import parameters
from mutakhir.cli.imports import language

app = typer.Typer()
accounts = typer.Typer(help="Personal accounts, the first of a fresh node too.", no_args_is_help=True)
app.add_typer(accounts, name="account")

Login = Annotated[
    str, typer.Argument(metavar="LOGIN", help="What is typed to sign in; one person, one account.")
]


@accounts.command("create")
def create(
    login: Login,
    *,
    name: Annotated[str, typer.Option(help="The person's name.")],
    region: Annotated[str, typer.Option(help="The code of the region that the role is held for.")],
    role: Annotated[str, typer.Option(help="The role.")] = "administrator",
) -> None:
    """Create an account and print its one-time password, which must be changed at the first sign-in."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.wiring import accounts as deeds
        from mutakhir.wiring.regions import load_regions
        from mutakhir.wiring.terminal import TERMINAL

        load_regions()
        command = deeds.NewAccount(login.strip().lower(), name, role, region)
        made = wiring.perform(deeds.create, command, actor=TERMINAL, now=wiring.clock())
    _show(made.login, made.password)


@accounts.command("password")
def password(login: Login) -> None:
    """Give an account a new one-time password; whoever is signed in with it is signed out."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.wiring import accounts as deeds
        from mutakhir.wiring.terminal import TERMINAL

        number = deeds.number_of(login)
        made = wiring.perform(deeds.new_password, number, actor=TERMINAL, now=wiring.clock())
    _show(made.login, made.password)


@accounts.command("reset-code")
def reset_code(
    login: Login,
    *,
    reason: Annotated[str, typer.Option(help="Why; it is written down.")],
) -> None:
    """Take the second factor off an account whose owner has lost telephone and paper."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.wiring import accounts as deeds
        from mutakhir.wiring import second_factor
        from mutakhir.wiring.terminal import TERMINAL

        number = deeds.number_of(login)
        wiring.perform(second_factor.reset, number, reason=reason, actor=TERMINAL, now=wiring.clock())
    _say("code_removed", login=login)


@accounts.command("code")
def code(login: Login) -> None:
    """Print the sign-in code of this moment, on a training node: for accounts whose telephone nobody has."""
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.wiring import accounts as deeds
        from mutakhir.wiring import second_factor
        from mutakhir.wiring.terminal import TERMINAL

        account = deeds.find(deeds.number_of(login), actor=TERMINAL)
        typer.echo(second_factor.code_of(account, now=wiring.clock()))


def _show(login: str, first: str) -> None:
    _say("login", login=login)
    _say("password", password=first)
    _say("once")


def _say(what: str, **told: str) -> None:
    typer.echo(parameters.load().word("account_said", what, language()).format(**told))
