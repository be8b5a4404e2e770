"""Who read whose data, for what: for auditors and administrators by name, for the person concerned by office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db import connection

from mutakhir.core.regions import path_of
from mutakhir.queries.accounts import within
from mutakhir.store.models import Reading

PAGE = 50
OFFICE_LINES = 50


@dataclass(frozen=True, slots=True)
class ReadingSeen:
    """One reading. `subjects` is None where a whole list of the region was read."""

    id: int
    at: datetime
    actor: str
    role: str
    office: str
    purpose: str
    path: str
    subjects: tuple[int, ...] | None
    region: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: of one reader, about somebody (numbers from `concerned`), on one day of a zone."""

    actor: str = ""
    about: frozenset[int] | None = None
    day: date | None = None
    zone: tzinfo | None = None


def readings(
    scopes: Iterable[str], asked: Asked, *, before: int | None = None, limit: int = PAGE
) -> list[ReadingSeen]:
    """Who read personal data in some scopes, newest first, behind a number."""
    rows = Reading.objects.filter(within(scopes)).order_by("-id")
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.about is not None:
        rows = rows.filter(subjects__overlap=sorted(asked.about))
    if asked.day is not None:
        begins = datetime.combine(asked.day, datetime.min.time(), tzinfo=asked.zone)
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        ReadingSeen(
            row.pk,
            row.at,
            row.actor,
            row.role,
            row.office,
            row.purpose,
            row.path,
            None if row.subjects is None else tuple(row.subjects),
            row.region,
        )
        for row in rows[:limit]
    ]


def concerned(numbers: Iterable[int]) -> frozenset[int]:
    """Whatever is about some persons, families or requests: they, the families, and the requests of both."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH given AS (SELECT unnest(%(numbers)s::bigint[]) AS id), "
            "asked AS (SELECT id FROM given UNION SELECT x FROM request_now r JOIN given g ON g.id = r.id, "
            " LATERAL (VALUES (r.person), (r.family)) AS v(x) WHERE x IS NOT NULL), "
            "households AS (SELECT id FROM asked UNION SELECT p.family FROM person_now p JOIN asked a ON a.id = p.id "
            " WHERE p.family IS NOT NULL) "
            "SELECT id FROM households UNION SELECT r.id FROM request_now r JOIN households h ON h.id = r.family "
            "UNION SELECT r.id FROM request_now r JOIN households h ON h.id = r.person",
            {"numbers": list(numbers)},
        )
        return frozenset(row[0] for row in cursor)


def persons_of_nik(digits: str, scopes: Iterable[str]) -> list[int]:
    """The persons within some scopes who carry or carried a NIK."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM identifier i JOIN person_now p ON p.id = i.subject WHERE i.value = %s "
            "AND i.kind = 'nik' AND EXISTS (SELECT FROM unnest(%s::text[]) AS s WHERE starts_with(p.region, s))",
            [digits, list(scopes)],
        )
        return [row[0] for row in cursor]


@dataclass(frozen=True, slots=True)
class OfficeReading:
    """An office that opened somebody's data on a day for a purpose, so many times; no names of people."""

    day: date
    role: str
    office: str
    purpose: str
    times: int
    whole_list: bool


def office_readings(
    about: Iterable[int], region: str, *, zone: tzinfo, limit: int = OFFICE_LINES
) -> list[OfficeReading]:
    """Which offices read the data of some subjects, newest day first.

    Lists of the whole place count as well, since whoever lives there stands on them.
    """
    told: list[Any] = [sorted(about), ["", *path_of(region)], zone.utcoffset(None), limit]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, role, office, purpose, times, whole_list FROM office_readings(%s, %s, %s, %s)", told
        )
        return [OfficeReading(*row) for row in cursor]
