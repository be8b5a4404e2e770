"""Projections are disposable: made again from the events, they are what stood there, whatever happened before."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def mixed(own_database: str, settings: Any, tmp_path: Path) -> str:
    """A register with lists, moves, a doubled number, claims, late news, an erased body, the whole route, and a split village."""
    from datetime import UTC, date, datetime

    from mutakhir import wiring
    from mutakhir.actions import region_change
    from mutakhir.core.region_changes import Area, Change, Decree, Successor
    from mutakhir.synth import files
    from mutakhir.synth.errors import Rates
    from mutakhir.synth.population import Village
    from tests.builders import CAST, PostgresGround
    from tests.store.lists import Office, ask, dtsen, p3ke
    from tests.store.test_register import route

    settings.DATA = tmp_path / "data"
    wiring.blobs.cache_clear()
    villages = [Village(f"350815200{number}", f"Desa {number}") for number in range(1, 4)]
    office = Office()
    for layout in ("p3ke", "dtsen"):
        written = files.write(
            tmp_path, layout=layout, format="csv", seed=3, persons=400, villages=villages, rates=Rates(),  # type: ignore[arg-type]
            today=date(2026, 10, 1),
        )  # fmt: skip
        office.take(written.paths["list"], as_of="2026-10-01" if layout == "p3ke" else "2026-10-15")
    route(PostgresGround())
    nik = "9908014507880009"
    office.take(p3ke(tmp_path / "a.csv", {"nik": nik, "family": "f1"}), as_of="2025-01-01")
    office.take(
        p3ke(tmp_path / "b.csv", {"nik": nik, "family": "f2", "relation": "Lainnya"}),
        as_of="2025-06-01",
        authority="civil",
    )
    office.take(p3ke(tmp_path / "c.csv", {"nik": nik, "family": "f1"}), as_of="2025-03-01")
    office.take(dtsen(tmp_path / "d.csv", {"nik": nik, "status": "DTSEN NONAKTIF"}), as_of="2026-01-01")
    ask("DELETE FROM event_body WHERE event = (SELECT max(event) FROM event_body) RETURNING event")
    wiring.blobs.cache_clear()
    part = Change(
        villages[0].code, (Successor(villages[0].code, rest=True), Successor("3508152009", (Area("1"),)))
    )
    decree = Decree("Perda 4/2026", date(2026, 10, 1), (part,), {"3508152009": "Desa 9"})
    later = datetime(2027, 6, 1, tzinfo=UTC)
    wiring.perform(
        region_change.change,
        decree,
        known=[one.code for one in villages],
        actor=CAST["supervisor"],
        now=later,
    )
    # What was erased is shown no more from the next event or rebuild on.
    rebuild(check=False)
    return own_database


def rebuild(*, check: bool) -> Any:
    from mutakhir import wiring
    from mutakhir.store import rebuild as rebuilding

    return rebuilding.rebuild(open_register=wiring.open_register, report=lambda _: None, check=check)


def dumped() -> tuple[str, bytes]:
    from mutakhir.store import rebuild as rebuilding

    out = io.BytesIO()
    return rebuilding.dump(out), out.getvalue()


def test_rebuilt_is_what_stood_there(mixed: str) -> None:
    from tests.store.lists import ask

    digest, dump = dumped()
    assert {line for line in dump.splitlines() if line.startswith(b"-- ")} >= {
        b"-- person_now",
        b"-- request_now",
    }
    for table in ("person_now", "family_now", "dwelling_now", "membership_closed", "identifier", "request_now", "ticket", "window_now", "session_now", "batch_now", "submission_now"):  # fmt: skip
        assert ask(f"SELECT count(*) > 0 FROM {table}") == [(True,)], table
    done = rebuild(check=True)
    assert done.differences == ()
    assert done.digest == digest
    assert done.events == ask("SELECT count(*) FROM event")[0][0]
    done = rebuild(check=False)
    assert (done.differences, done.digest) == ((), digest)
    assert dumped() == (digest, dump)


@pytest.mark.parametrize(
    ("spoilt", "table", "extra", "missing"),
    [
        (
            "UPDATE person_now SET name = name || '!' WHERE id = (SELECT min(id) FROM person_now)",
            "person_now",
            1,
            1,
        ),
        ("DELETE FROM identifier WHERE id = (SELECT min(id) FROM identifier)", "identifier", 0, 1),
        (
            "INSERT INTO identifier (kind, value, subject) VALUES ('nik', '9908010000000000', 5)",
            "identifier",
            1,
            0,
        ),
        ("DELETE FROM membership_open", "membership_open", 0, None),
        (
            "UPDATE request_now SET due = '2020-01-01' WHERE id = (SELECT max(id) FROM request_now)",
            "request_now",
            1,
            1,
        ),
        ("DELETE FROM name_now WHERE key = (SELECT min(key) FROM name_now)", "name_now", 0, 1),
    ],
)
def test_what_is_spoilt_is_found_and_mended(
    mixed: str, spoilt: str, table: str, extra: int, missing: int | None
) -> None:
    from django.db import connection

    before = dumped()
    with connection.cursor() as cursor:
        cursor.execute(spoilt)
        changed = cursor.rowcount
    assert dumped() != before
    spoilt_dump = dumped()
    found = rebuild(check=True)
    assert [(one.table, one.extra, one.missing) for one in found.differences] == [
        (table, extra, changed if missing is None else missing)
    ]
    assert dumped() == spoilt_dump, "a check changes nothing"
    assert rebuild(check=False).differences == found.differences
    assert dumped() == before
    assert rebuild(check=True).differences == ()


def test_nothing_is_left_behind(mixed: str) -> None:
    from tests.store.lists import ask

    rebuild(check=True)
    rebuild(check=False)
    assert ask("SELECT nspname FROM pg_namespace WHERE nspname = 'rebuilt'") == []
    assert ask("SHOW search_path") == [('"$user", public',)]


def test_whoever_reads_meanwhile_sees_the_old_projections(mixed: str) -> None:
    """Until the new ones stand, reading is not held up; writing waits."""
    import psycopg

    from mutakhir import wiring
    from mutakhir.store import rebuild as rebuilding

    seen: list[int] = []

    def look(_: int) -> None:
        with psycopg.connect(mixed) as reader:
            reader.execute("SET statement_timeout = '2s'")
            row = reader.execute("SELECT count(*) FROM person_now").fetchone()
            assert row is not None
            seen.append(row[0])
            with pytest.raises(psycopg.errors.LockNotAvailable):
                reader.execute("SET lock_timeout = '10ms'; LOCK TABLE event IN ROW EXCLUSIVE MODE")

    rebuilding.rebuild(open_register=wiring.open_register, report=look)
    assert seen
    assert min(seen) > 300
