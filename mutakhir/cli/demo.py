"""`mutakhir demo`: a whole node with synthetic people and work in every state, ready to be looked at."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID

    from mutakhir.node.demo import Prepared

app = typer.Typer()

DONE = {
    "wilayah": "Wilayah",
    "penduduk": "Penduduk rekaan",
    "permintaan": "Permintaan beberapa bulan",
    "akun": "Akun",
}


@app.command()
def demo(
    *,
    persons: Annotated[
        int, typer.Option(help="How many people, at the first start.", min=1000, max=1_000_000)
    ] = 20_000,
    port: Annotated[int, typer.Option(help="The port.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Ask every role above the village for a sign-in code.")
    ] = False,
) -> None:
    """Run a node with synthetic people of Lumajang until Ctrl-C; the next start goes on with what is there."""
    from mutakhir.node import site
    from mutakhir.node.program import program

    os.environ["MUTAKHIR_SECOND_FACTOR"] = "required" if second_factor else "optional"
    try:
        site.refuse_taken_port(host, port)
        site.build_screens()
        typer.echo("Menyiapkan basis data ...", err=True)
        with program():
            from django.db import connections

            from mutakhir import wiring
            from mutakhir.node.demo import DemoRefused, prepare

            try:
                with Shown() as shown:
                    prepared = prepare(persons=persons, now=wiring.clock(), progress=shown.tell)
            except DemoRefused as refused:
                raise site.SiteError(str(refused)) from refused
            # What this process knew of the database has served its end; the site has connections of its own.
            connections.close_all()
            if not prepared.loaded and prepared.persons != persons:
                typer.echo(f"Sudah ada {prepared.persons} penduduk rekaan; itulah yang dipakai.", err=True)
            with site.site(host, port) as processes:
                say(prepared, site.address_of(host, port))
                site.keep_running(processes, host, port)
    except site.SiteError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("Dihentikan. Jalankan lagi untuk melanjutkan.", err=True)
        raise typer.Exit(130) from None


class Shown:
    """Progress as bars in a terminal, and as a line a part elsewhere."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description:26}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._bars = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Shown:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def tell(self, what: str, done: int, of: int) -> None:
        if what not in self._tasks:
            for task in self._bars.tasks:
                self._bars.update(task.id, completed=task.total)
            self._tasks[what] = self._bars.add_task(DONE[what], total=of)
            if self._bars.disable:
                typer.echo(f"{DONE[what]} ...", err=True)
        self._bars.update(self._tasks[what], completed=done, total=of)


def say(prepared: Prepared, address: str) -> None:
    """The address, and who can sign in, in a table."""
    from rich.console import Console
    from rich.table import Table

    from mutakhir import parameters
    from mutakhir.node.demo import WITH_CODE

    words = parameters.load()
    table = Table(box=None, pad_edge=False)
    for heading in ("Peran", "Nama masuk", "Nama", "Wilayah"):
        table.add_column(heading)
    seen: set[str] = set()
    for account in prepared.accounts:
        if account["role"] not in seen:
            seen.add(account["role"])
            role = words.word("role", account["role"], "id")
            table.add_row(role, account["login"], account["name"], account["place"])
    console = Console(width=max(100, Console().width))
    console.print()
    console.print(f"Mutakhir berjalan di [bold]{address}[/bold]")
    console.print(f"Kata sandi untuk semua akun: [bold]{prepared.accounts[0]['password']}[/bold]\n")
    console.print(table)
    others = len(prepared.accounts) - len(seen)
    console.print(
        f"\n{others} akun lain, operator dan kepala desa di desa lain, ada di demo.json di folder data."
    )
    if os.environ["MUTAKHIR_SECOND_FACTOR"] == "optional":
        console.print(
            "Kode masuk tidak diminta di demo ini (--second-factor memintanya dari Dinsos ke atas)."
        )
    console.print(f"{WITH_CODE} memakai kode masuk; kode saat ini: mutakhir account code {WITH_CODE}")
    if prepared.tickets:
        ticket = prepared.tickets[0]
        number = "-".join(ticket["number"][place : place + 4] for place in (0, 4, 8))
        console.print(f"Contoh nomor permintaan: {number}, tanggal lahir {ticket['birth_date']}")
    console.print("Semua orang di sini rekaan. Ctrl-C untuk berhenti.")
