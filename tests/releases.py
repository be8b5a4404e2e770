"""Databases as each release left them: a story with every kind of event, told by the code of that release and kept.

`python -m tests.releases tests/fixtures/releases/MIGRATION.json`, run on the code of a release, tells the story to an
empty database and writes down its tables, its schema, and what the register answers. Nobody in it exists.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fixtures" / "releases"
SEEDED = frozenset({"region"})
"""Tables that a migration fills."""
DAYS = ("2026-12-01", "2027-12-01")


def write(path: Path) -> None:
    """Tell the story to the database that Django uses, and write the database down."""
    from django.db import connection

    from mutakhir.core.events import EVENT_TYPES

    middle = tell()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT kind, type FROM event")
        missing = EVENT_TYPES.keys() - {tuple(row) for row in cursor.fetchall()}
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'store' ORDER BY id DESC LIMIT 1")
        [migration] = cursor.fetchone()
    assert not missing, f"no such event in the story: {sorted(missing)}"
    released = {
        "migration": migration,
        "schema": schema(),
        "tables": tables(),
        "sequences": sequences(),
        "middle": middle,
        "answers": {str(position): answers(position) for position in (None, middle)},
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(released, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


# --- what is kept ---------------------------------------------------------------------------------------------------


def schema() -> list[str]:
    """Every column of every table of ours, in words."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable) "
            "FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'pg_%%' "
            "AND table_name NOT LIKE 'django_%%' AND table_name NOT LIKE 'auth_%%' ORDER BY table_name, column_name"
        )
        return [row[0] for row in cursor.fetchall()]


def tables() -> dict[str, Any]:
    """The rows of every table that holds some, as COPY writes them."""
    from django.db import connection

    found: dict[str, Any] = {}
    names = sorted({line.split(" ")[0] for line in schema()} - SEEDED)
    with connection.cursor() as cursor:
        for table in names:
            columns = ", ".join(f'"{line.split(" ")[1]}"' for line in schema() if line.split(" ")[0] == table)
            with cursor.copy(f"COPY (SELECT {columns} FROM {table} t ORDER BY t::text) TO STDOUT") as stream:
                rows = b"".join(map(bytes, stream)).decode().splitlines()
            if rows:
                found[table] = {"columns": columns, "rows": rows}
    return found


def sequences() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        return {name: value for name, value in cursor.fetchall() if not name.startswith(("django_", "auth_"))}


def answers(position: int | None) -> dict[str, Any]:
    """What the register says of everybody on some days, as far as it was known at a position; and of every request."""
    from django.db import connection

    from mutakhir import wiring

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT subject, kind FROM event ORDER BY subject")
        kinds = dict(cursor.fetchall())
    subjects = [one for one, kind in kinds.items() if kind in ("person", "family", "dwelling")]
    register = wiring.open_register()
    said: dict[str, Any] = {
        day: {
            str(subject): {name: one.value for name, one in sorted(found.items())}
            for subject, found in register.as_of(
                subjects, on=date.fromisoformat(day), position=position
            ).items()
        }
        for day in DAYS
    }
    if position is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, kind, state, subject_name, version FROM request_now ORDER BY id")
            said["requests"] = [list(row) for row in cursor.fetchall()]
    return said


def make(released: dict[str, Any]) -> None:
    """Make the tables of a release in an empty database, and put its rows into them."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] != "store"]
    executor.migrate([*others, ("store", released["migration"])])
    assert schema() == released["schema"], "a migration of a release was changed afterwards"
    with connection.cursor() as cursor:
        for table, told in released["tables"].items():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                cursor.execute(f"DELETE FROM {table}")
            with cursor.copy(f"COPY {table} ({told['columns']}) FROM STDIN") as stream:
                stream.write("".join(f"{row}\n" for row in told["rows"]))
        for name, value in released["sequences"].items():
            cursor.execute("SELECT setval(%s, %s)", [name, value])


# --- the story ------------------------------------------------------------------------------------------------------


def tell() -> int:
    """Let everything happen once; returns the position of the feed in the middle of it."""
    from django.db import transaction

    from mutakhir import wiring
    from mutakhir.actions import submission
    from mutakhir.actions.facts import Withdrawal, withdraw_facts
    from mutakhir.core.actors import Actor, Role
    from mutakhir.core.events import Event
    from mutakhir.core.rules.double_id import Annulled, merge
    from mutakhir.store import feed
    from mutakhir.store.models import Account
    from tests.builders import CAST, VILLAGE, PostgresGround, Walker, instant

    take_lists()
    walk = Walker(PostgresGround(), now=instant("2026-11-24 10:00"))
    nira = Actor("nira")

    def turn(name: str, *deeds: tuple[str, str]) -> None:
        walk.name = name
        for words, who in deeds:
            stays = walk.do(words, who)
            assert words == "pack" or not stays, f"{name}: {words} by {who}: {stays}"

    written = (("record", "operator"), ("prove", "operator"), ("reserve", "operator"))
    turn("A", *written, ("amend", "operator"))
    for name in "BCDE":
        turn(name, *written)
    turn("A", ("deliberate fit", "village head"))
    turn("B", ("deliberate not_fit", "village head"), ("appeal", "operator"))
    turn("C", ("ask to cancel", "resident"), ("keep", "operator"), ("withdraw", "operator"))
    turn("D", ("deliberate fit", "village head"), ("state floor_material=7", "system"))
    turn("E", ("state floor_material=8", "system"), ("look after a list", "system"))
    turn("F", ("record new_person", "operator"))
    turn("G", *written, ("deliberate fit", "village head"))
    turn("H", *written, ("deliberate fit", "village head"))
    wiring.create_account(
        "tutik", "Tutik", "kata-sandi-latihan", [(Role.VILLAGE_OPERATOR, VILLAGE)], by="nira", now=walk.now
    )
    Account.objects.update(password="!")
    house = walk.houses["A"]
    wiring.log_reading(
        nira, purpose="verify", path="/keluarga", region=VILLAGE, subject=house.wife, now=walk.now
    )
    feed.number_events()
    middle = feed.head()
    feed.fix_position(walk.now, now=walk.now)

    turn(
        "A",
        ("schedule 2027-03-01 2027-03-10 2027-03-20", "supervisor"),
        ("cancel the window salah tanggal", "supervisor"),
    )
    turn("A", ("open a window", "supervisor"), ("pack", "system"), ("hand over", "village head"))
    turn("A", ("forward", "camat"), ("visit", "field checker"), ("verify verified", "verifier"))
    turn("A", ("undo", "verifier"), ("verify verified", "verifier"))
    turn("B", ("verify verified", "verifier"))
    turn("G", ("verify returned", "verifier"))
    turn("H", ("verify refused", "verifier"))
    turn("A", ("finalise", "supervisor"), ("endorse", "bupati's office"), ("send", "supervisor"))
    turn("A", ("determine yes", "supervisor"))
    turn("B", ("determine no", "supervisor"))
    walk.perform(submission.take_answer, walk.submission, file="f" * 64, by=CAST["supervisor"])
    walk.wait(40)
    turn("A", ("keep time", "system"), ("let lapse", "system"))
    turn("F", ("resume", "operator"))
    turn("I", *written, ("deliberate fit", "village head"))
    turn("J", ("open a window", "supervisor"), ("pack", "system"))
    walk.wait(13)
    turn("J", ("keep time", "system"), ("unpack", "system"))
    walk.wait(20)
    turn("J", ("keep time", "system"))
    day = walk.today()
    ahead = [(day + timedelta(days=days)).isoformat() for days in (1, 5, 9)]
    turn("J", (f"schedule a call {' '.join(ahead)}", "centre"))
    walk.wait(1)
    turn("J", ("keep time", "system"), ("answer the call", "supervisor"))
    walk.wait(200)
    turn("J", ("keep time", "system"), ("let lapse", "system"))

    with transaction.atomic():
        register = wiring.open_register()
        one, other = walk.houses["A"].head, walk.houses["B"].head
        found = register.histories([one, other])
        merged = merge(
            found[one], found[other], Annulled((), ()), source="request:1", reason="twice", actor="nira", now=walk.now
        )  # fmt: skip
        register.append(merged)
        told: dict[str, Any] = {"caused_by": None, "actor": nira, "now": walk.now, "register": register}
        house = walk.houses["C"]
        register.append(
            withdraw_facts(
                [Withdrawal(one, (1,)) for one in (house.wife, house.family, house.dwelling)],
                source="request:2",
                reason="error",
                **told,
            )
        )
    with transaction.atomic():
        register = wiring.open_register()
        erased = (
            (walk.houses["D"].wife, "person"),
            (walk.houses["D"].family, "family"),
            (walk.requests["C"], "request"),
        )
        for subject, kind in (*erased, (walk.requests["A"], "annulled")):
            request = kind == "annulled"
            register.append(
                [
                    Event(
                        subject=subject,
                        kind="request" if request else kind,
                        version=register.histories([subject])[subject].version + 1,
                        type="annulled" if request else "erased",
                        body={"reason": "error"} if request else {},
                        actor="nira",
                        recorded_at=walk.now,
                        region=VILLAGE,
                    )
                ]
            )
    feed.number_events()
    return middle


def take_lists() -> None:
    """Two lists of everybody in a kabupaten: the second lacks somebody, which is a task."""
    from tempfile import TemporaryDirectory

    from tests.store.lists import Office, p3ke

    budi = {
        "name": "BUDI SANTOSO",
        "nik": "9908011507800012",
        "id": "p1",
        "sex": "Laki-laki",
        "born": "15/07/1980",
    }
    siti = {"nik": "9908014507880013", "id": "p2", "relation": "Istri"}
    office = Office()
    with TemporaryDirectory() as folder:
        for name, rows, day in (("a", (budi, siti), "2026-10-01"), ("b", (budi,), "2026-11-01")):
            office.take(p3ke(Path(folder, f"{name}.csv"), *rows), as_of=day, full_region="3508")


if __name__ == "__main__":
    from mutakhir.node.program import program

    with program(scratch=True):
        write(Path(sys.argv[1]))
