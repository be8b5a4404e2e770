"""`mutakhir erase`, `seal` and `unseal`: carries out what two persons have decided on the pages."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()
LARGEST = 2**63 - 1
"""No number is larger than what the database can hold."""
Number = Annotated[
    int,
    typer.Argument(
        metavar="NUMBER", min=1, max=LARGEST, help="The number of what was decided, as its page shows it."
    ),
]


@app.command()
def erase(number: Number) -> None:
    """Delete for ever what the register holds of a person; the events stay as proofs without contents."""
    _carry_out(number, "erase")


@app.command()
def seal(number: Number) -> None:
    """Lock away what the register holds of a person, so that nobody reads it until it is unsealed."""
    _carry_out(number, "seal")


@app.command()
def unseal(number: Number) -> None:
    """Give back what was sealed."""
    _carry_out(number, "unseal")


def _carry_out(number: int, kind: str) -> None:
    from mutakhir.node.program import program

    with program():
        from mutakhir import wiring
        from mutakhir.core.flows.erasure import Kind
        from mutakhir.store import bodies
        from mutakhir.wiring import erasures
        from mutakhir.wiring.terminal import TERMINAL

        now = wiring.clock()
        done = erasures.carry_out(number, Kind(kind), actor=TERMINAL, now=now)
        bodies.sweep()
        typer.echo(f"{done.histories} riwayat, {done.papers} berkas. Selesai, nomor {done.erasure.id}.")
