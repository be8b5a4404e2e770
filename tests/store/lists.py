"""Small lists as offices send them, row by row, for tests of taking them in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mutakhir.core.actors import Actor
from mutakhir.wiring.imports import Imported, List, import_registry
from mutakhir.wiring.terminal import TERMINAL
from tests.fixtures.files import DTSEN_HEADERS, DTSEN_ROW, P3KE_HEADERS, P3KE_ROW, write_delimited

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
VILLAGE = "3508012001"

P3KE_NAMES = {
    "family": "IDKeluargaP3KE",
    "id": "IDIndividu",
    "name": "Nama",
    "nik": "NIK",
    "relation": "Hubungan",
    "born": "TanggalLahir",
    "region": "KodeKemdagri",
    "address": "Alamat",
    "occupation": "Pekerjaan",
    "sex": "JenisKelamin",
}
DTSEN_NAMES = {
    "nik": "nik",
    "name": "nama",
    "age": "umur",
    "relation": "hub_kepala",
    "status": "status_dtsen",
}


def p3ke(path: Path, *people: Mapping[str, str]) -> Path:
    """A P3KE list of people who differ from Siti Rahayu in what is given."""
    return write_delimited(
        path, [P3KE_HEADERS, *(_row(P3KE_HEADERS, P3KE_ROW, P3KE_NAMES, one) for one in people)]
    )


def dtsen(path: Path, *people: Mapping[str, str]) -> Path:
    return write_delimited(
        path, [DTSEN_HEADERS, *(_row(DTSEN_HEADERS, DTSEN_ROW, DTSEN_NAMES, one) for one in people)]
    )


def _row(
    headers: tuple[str, ...], row: tuple[str, ...], names: Mapping[str, str], told: Mapping[str, str]
) -> list[str]:
    cells = dict(zip(headers, row, strict=True))
    for name, value in told.items():
        cells[names[name]] = value
    return list(cells.values())


@dataclass(slots=True)
class Office:
    """Takes lists in, one minute after the other."""

    now: datetime = NOW

    def take(
        self,
        path: Path,
        *,
        as_of: str = "2026-11-01",
        authority: str = "social",
        region: str | None = "3508",
        full_region: str | None = None,
        mapping: Path | None = None,
        actor: Actor = TERMINAL,
    ) -> Imported:
        self.now += timedelta(minutes=1)
        told = List(path, authority, date.fromisoformat(as_of), region, full_region, mapping)
        return import_registry(told, actor=actor, clock=lambda: self.now, report=lambda _: None)


def counts(done: Imported) -> tuple[int, int, int, int, int]:
    """Rows, in, rejected, with warnings, again; they add up."""
    told = done.counts
    assert set(told) == {"rows", "in", "rejected", "warnings", "again"}
    assert told["rows"] == told["in"] + told["rejected"] + told["again"]
    return told["rows"], told["in"], told["rejected"], told["warnings"], told["again"]


def ask(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """The rows of a query; JSON objects are read."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return [tuple(map(_read, row)) for row in cursor.fetchall()]


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def bodies(nik: str) -> list[dict[str, Any]]:
    """What was stated of everybody who carries a NIK, event by event."""
    return [
        body["attributes"]
        for (body,) in ask(
            "SELECT b.body FROM event e JOIN event_body b ON b.event = e.id "
            "WHERE e.subject IN (SELECT subject FROM identifier WHERE kind = 'nik' AND value = %s) ORDER BY e.id",
            nik,
        )
    ]


def people(nik: str) -> list[dict[str, Any]]:
    """The persons who carry a NIK now, as they are believed to be."""
    return [
        {**attributes, "person": number}
        for number, attributes in ask("SELECT id, attributes FROM person_now WHERE nik = %s ORDER BY id", nik)
    ]
