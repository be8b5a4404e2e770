"""Makes a node for showing: a kabupaten of synthetic people, an account for every role, and work in every state."""

from __future__ import annotations

import hashlib
import json
import os
import random
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from mutakhir import wiring
from mutakhir.core.actors import Actor, Held, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.events import Event
from mutakhir.core.facts import Value
from mutakhir.gateways.regions import read_regions
from mutakhir.queries.places import places
from mutakhir.store.models import Account, ImportBatch, RoleHeld, Source
from mutakhir.synth.population import Family, Village, population
from mutakhir.wiring import second_factor
from mutakhir.wiring.regions import load_regions

KABUPATEN = "3508"
VILLAGE = "3508122005"
"""Desa Burno, Senduro: where the village operator and the village head of the demonstration work."""

REVIEWED = "3508122006"
"""The village whose batch is long enough to show how many rows are reviewed one after the other."""

STAFFED = (
    "3508122004", "3508122011", "3508052003", "3508042005", "3508032004", "3508101010", "3508152003", "3508162004",
    "3508192006", "3508112002", "3508072006", "3508022001",
)  # fmt: skip
"""Other villages with an operator and a head of their own."""

NAME = "Penduduk sintetis Kab. Lumajang"
LAYOUT = "synthetic"
SEED = 1
FEWEST = 1000
"""With fewer people the villages have too few families for the work that is to be shown."""

LARGEST = 1_000_000
FAMILIES_A_BATCH = 700
KNOWN_FOR = timedelta(days=300)
"""So long ago the register took these people in; what happened to them since is newer."""

HOUSE, FAMILY = 3 << 30, 1 << 31
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class DemoRefused(Exception):
    """The demonstration may not be made here; the text says why and what helps."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the register; `login` is what is typed."""

    login: str
    name: str
    role: Role
    region: str

    @property
    def actor(self) -> Actor:
        return Actor(self.login, self.name, (Held(self.role, self.region),))


CAST = (
    Person("tutik", "Tutik Handayani", Role.VILLAGE_OPERATOR, VILLAGE),
    Person("kades", "Sutrisno", Role.VILLAGE_HEAD, VILLAGE),
    Person("pengisi", "Dewi Anggraini", Role.DATA_FILLER, KABUPATEN),
    Person("camat", "Wahyu Hidayat", Role.CAMAT, VILLAGE[:6]),
    Person("lapangan", "Agus Salim", Role.FIELD_CHECKER, KABUPATEN),
    Person("rudi", "Rudi Prasetyo", Role.VERIFIER, KABUPATEN),
    Person("nira", "Nira Wulandari", Role.SUPERVISOR, KABUPATEN),
    Person("kadinsos", "Siti Rahayu", Role.HEAD_OF_DINSOS, KABUPATEN),
    Person("bupati", "Kantor Bupati Lumajang", Role.BUPATI_OFFICE, KABUPATEN),
    Person("pusat", "Pusdatin Kesejahteraan Sosial", Role.CENTRE, ""),
    Person("provinsi", "Endang Lestari", Role.PROVINCE, KABUPATEN[:2]),
    Person("pemeriksa", "Yusuf Maulana", Role.AUDITOR, ""),
    Person("admin", "Budi Santoso", Role.ADMINISTRATOR, KABUPATEN),
    Person("lina", "Lina Marlina", Role.VERIFIER, KABUPATEN),
    Person("laras", "Laras Widyastuti", Role.VERIFIER, KABUPATEN),
    Person("yuni", "Yuni Astuti", Role.FIELD_CHECKER, KABUPATEN),
)
"""One person for every role first, then a second verifier, a third one who signs in with a code, and a second field checker."""
WITH_CODE = "laras"
HOMES = {"lapangan": ("-8.08120,113.07950", VILLAGE), "yuni": ("-8.13470,113.22480", "3508101010")}
"""Where the field checkers live."""

_OPERATORS = (
    "Sri Wahyuni",
    "Hadi Purnomo",
    "Umi Kulsum",
    "Joko Susilo",
    "Nur Hasanah",
    "Eko Prasetya",
    "Rina Puspita",
)
_HEADS = ("Suwarno", "Mulyadi", "Sukarman", "Hartono", "Supriyadi", "Lestari", "Kusnadi")


def staff_of(villages: Mapping[str, Village]) -> dict[str, tuple[Person, Person]]:
    """Operator and head of each village that has work to show."""
    staff = {VILLAGE: (CAST[0], CAST[1])}
    for place, code in enumerate((REVIEWED, *STAFFED)):
        word = villages[code].name.lower().replace(" ", "").replace("-", "")
        operator = Person(
            f"operator.{word}", _OPERATORS[place % len(_OPERATORS)], Role.VILLAGE_OPERATOR, code
        )
        head = Person(f"kades.{word}", _HEADS[place % len(_HEADS)], Role.VILLAGE_HEAD, code)
        staff[code] = (operator, head)
    return staff


@dataclass(frozen=True, slots=True)
class Known:
    """A family together with the numbers under which the register knows it, its persons and its dwelling."""

    family: Family
    number: int
    dwelling: int
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is there to be shown. `loaded` is False where everything was there before."""

    persons: int
    accounts: tuple[dict[str, str], ...]
    tickets: tuple[dict[str, str], ...]
    loaded: bool


def prepare(*, persons: int, now: datetime, progress: Progress = lambda what, done, of: None) -> Prepared:
    """Bring everything in that is not there yet; killed at any point, it goes on from there when it is called again.

    The people are those of the first call: `persons` of a later one is not looked at. Raises DemoRefused where another
    register is kept.
    """
    progress("wilayah", 0, 1)
    load_regions()
    source = _source(persons, now)
    whole = source.finished_at is not None
    if not whole:
        shown = load_people(source, progress)
        tell_story(source, shown, now, progress)
    progress("akun", 0, 1)
    accounts, tickets = write_accounts(now)
    return Prepared(source.counts["persons"], accounts, tickets, not whole)


# --- people ---------------------------------------------------------------------------------------------------------


def _source(persons: int, now: datetime) -> Source:
    """The people as a file would be registered; the row is written once and says which people they are."""
    digest = hashlib.sha256(f"{LAYOUT} {SEED}".encode()).hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demo'))")
        found = Source.objects.filter(layout=LAYOUT, digest=digest).first()
        if found is not None:
            return found
        _refuse_a_register_of_others()
        return Source.objects.create(
            name=NAME,
            digest=digest,
            layout=LAYOUT,
            authority="social",
            as_of=today_in(KABUPATEN, now),
            full_region=KABUPATEN,
            region=KABUPATEN,
            actor="pengisi",
            started_at=now - KNOWN_FOR,
            counts={
                "persons": persons,
                "rows": persons,
                "in": persons,
                "rejected": 0,
                "warnings": 0,
                "again": 0,
            },
        )


def _refuse_a_register_of_others() -> None:
    """Synthetic people never come among others."""
    if not settings.TRAINING:
        raise DemoRefused(
            "this node is not for training (MUTAKHIR_TRAINING=0), so no synthetic people come in"
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM event)")
        (held,) = cursor.fetchone()
    if held:
        raise DemoRefused(
            "this database holds another register; choose another data folder with MUTAKHIR_DATA"
        )


def villages_of(persons: int) -> dict[str, Village]:
    """Every village of the kabupaten with its share of the people; those with work to show have enough of them."""
    regions = {one.code: one for one in read_regions(KABUPATEN)}
    codes = [code for code in regions if len(code) == 10 and code.startswith(KABUPATEN)]
    wanted = dict.fromkeys(STAFFED, 60 + 0.003 * persons)
    wanted |= {VILLAGE: 270 + 0.0165 * persons, REVIEWED: 150 + 0.0115 * persons}
    left = max(len(codes) * 0.2, persons - sum(wanted.values()))
    dice = random.Random(f"villages {SEED}")  # noqa: S311
    sizes = {code: dice.uniform(0.5, 1.5) for code in codes if code not in wanted}
    wanted |= {code: left * size / sum(sizes.values()) for code, size in sizes.items()}
    return {
        code: Village(code, regions[code].name, regions[code[:6]].name, weight=wanted[code]) for code in codes
    }


def load_people(source: Source, progress: Progress) -> dict[str, list[Known]]:
    """Take the people in, some hundreds of families a transaction; returns the families of villages with work to show."""
    persons = int(source.counts["persons"])
    done = set(ImportBatch.objects.filter(source=source.pk).values_list("batch", flat=True))
    shown: dict[str, list[Known]] = {code: [] for code in (VILLAGE, REVIEWED, *STAFFED)}
    houses: dict[int, int] = {}
    taken = 0
    for number, batch in enumerate(_batches(source, persons)):
        known = [_known(source.pk, family, houses) for family in batch]
        for one in known:
            if one.family.village.code in shown:
                shown[one.family.village.code].append(one)
        taken += sum(len(one.persons) for one in known)
        if number not in done:
            _take_in(source, number, known)
        progress("penduduk", taken, persons)
    return shown


def _batches(source: Source, persons: int) -> Iterator[list[Family]]:
    villages = list(villages_of(persons).values())
    batch: list[Family] = []
    for family in population(seed=SEED, persons=persons, villages=villages, today=source.as_of):
        batch.append(family)
        if len(batch) == FAMILIES_A_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _known(source: int, family: Family, houses: dict[int, int]) -> Known:
    """Numbers as an import gives them: each is that of the first row that names it."""
    first = source << 32 | family.persons[0].number
    dwelling = houses.setdefault(family.dwelling.number, first | HOUSE)
    if len(houses) > FAMILIES_A_BATCH:
        # Families that share a house follow each other.
        houses.pop(next(iter(houses)))
    return Known(
        family, first | FAMILY, dwelling, tuple(source << 32 | person.number for person in family.persons)
    )


def _take_in(source: Source, number: int, known: Sequence[Known]) -> None:
    register = wiring.open_register()
    authorities = wiring.terms().attributes.authorities
    recorded = source.started_at
    events: list[Event] = []
    built: set[int] = set()

    def state(
        subject: int, kind: str, attributes: Mapping[str, Value], *, region: str, since: date, row: int
    ) -> None:
        """One event for each authority that said something of a subject."""
        said: dict[str, dict[str, Value]] = {}
        for name, value in attributes.items():
            said.setdefault(authorities.get(name, "social"), {})[name] = value
        instant = max(recorded, datetime.combine(since, time(3), UTC))
        for version, (authority, values) in enumerate(said.items(), 1):
            events.append(
                Event(
                    subject=subject,
                    kind=kind,
                    version=version,
                    type="facts_stated",
                    body={"attributes": values, "source": f"source:{source.pk}"},
                    actor=source.actor,
                    recorded_at=instant,
                    region=region,
                    authority=authority,
                    holds_from=since,
                    record=row,
                )
            )

    for one in known:
        region = one.family.village.code
        since = _since(one, source.as_of)
        row = one.persons[0]
        attributes = {**one.family.attributes, "dwelling": one.dwelling}
        state(one.number, "family", attributes, region=region, since=since, row=row)
        if one.dwelling == (row | HOUSE) and one.dwelling not in built:
            built.add(one.dwelling)
            state(
                one.dwelling, "dwelling", one.family.dwelling.attributes, region=region, since=since, row=row
            )
        for person, subject in zip(one.family.persons, one.persons, strict=True):
            born = date.fromisoformat(str(person.attributes["birth_date"]))
            told = {**person.attributes, "family": one.number, "registration_reason": "import"}
            state(subject, "person", told, region=region, since=max(born, since), row=subject)
    with transaction.atomic():
        register.append(events)
        ImportBatch.objects.create(
            source=source.pk,
            batch=number,
            counts={"in": sum(len(one.persons) for one in known)},
            done_at=recorded,
        )


def _since(one: Known, today: date) -> date:
    """The day from which the register speaks of a family: the day on its family card, as far as it can be."""
    digits = str(one.family.attributes["no_kk"])
    day = date(2000 + int(digits[10:12]), int(digits[8:10]), int(digits[6:8]))
    return min(day, today - KNOWN_FOR)


# --- what happened --------------------------------------------------------------------------------------------------


def tell_story(source: Source, shown: Mapping[str, list[Known]], now: datetime, progress: Progress) -> None:
    """Walk the requests of the past months, all of them or none; then everything has its place in the feed."""
    from mutakhir.node.scenario import Story

    staff = staff_of(villages_of(int(source.counts["persons"])))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demo'))")
        source.refresh_from_db()
        if source.finished_at is not None:
            return
        story = Story(shown, staff, now, lambda done, of: progress("permintaan", done, of))
        story.tell()
        _number_by_their_days()
        source.finished_at = source.started_at + timedelta(minutes=7)
        source.counts = {**source.counts, "tickets": story.tickets}
        source.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _number_by_their_days() -> None:
    """Give the events their places in the order of the days on which they are said to have been recorded.

    Only so can this register be asked what it knew on a day of the past months.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sequencer:social'))")
        cursor.execute(
            """
            WITH taken AS (DELETE FROM pending RETURNING first, last),
            numbered AS (
                SELECT e.id, e.recorded_at, row_number() OVER (ORDER BY e.recorded_at, e.id) AS place
                FROM taken JOIN event e ON e.id BETWEEN taken.first AND taken.last
            ), head AS (
                UPDATE feed_head SET position = position + (SELECT count(*) FROM numbered)
                WHERE register = 'social' RETURNING position
            )
            INSERT INTO feed (position, event, numbered_at)
            SELECT head.position - (SELECT count(*) FROM numbered) + numbered.place, numbered.id, numbered.recorded_at
            FROM numbered, head
            """
        )


# --- accounts -------------------------------------------------------------------------------------------------------

_WORDS = (
    "sawah",
    "kopi",
    "pisang",
    "semeru",
    "bambu",
    "padi",
    "kelapa",
    "cengkih",
    "gula",
    "lereng",
    "sungai",
    "ladang",
)


def write_accounts(now: datetime) -> tuple[tuple[dict[str, str], ...], tuple[dict[str, str], ...]]:
    """An account for everybody, with a password that is made once and stands in demo.json in the data folder."""
    file = Path(settings.DATA) / "demo.json"
    source = Source.objects.get(layout=LAYOUT)
    everybody = [*CAST, *(person for pair in staff_of(villages_of(FEWEST)).values() for person in pair)]
    people = list({person.login: person for person in everybody}.values())
    told = read_accounts(file)
    known = set(
        Account.objects.filter(login__in=[person.login for person in people]).values_list("login", flat=True)
    )
    if told is not None and known >= {person.login for person in people}:
        return tuple(told["accounts"]), tuple(told["tickets"])
    password = f"{secrets.choice(_WORDS)}-{secrets.choice(_WORDS)}-{secrets.randbelow(9000) + 1000}"
    named = places(person.region for person in people if person.region)
    accounts = tuple(
        {
            "role": person.role.value,
            "login": person.login,
            "password": password,
            "name": person.name,
            "place": named[person.region].shown if person.region else "Indonesia",
        }
        for person in people
    )
    # The file first: a password that nobody can read any more would lock everybody out.
    _write_whole(file, {"accounts": accounts, "tickets": source.counts.get("tickets", [])})
    created = source.started_at - timedelta(days=30)
    digest = make_password(password)
    with transaction.atomic():
        for person in people:
            account, fresh = Account.objects.update_or_create(
                login=person.login,
                defaults={"password": digest, "must_change_password": False},
                create_defaults={
                    "name": person.name,
                    "password": digest,
                    "must_change_password": False,
                    "created_at": created,
                    "created_by": "admin",
                },
            )
            if fresh:
                RoleHeld.objects.create(
                    account=account, role=person.role.value, region=person.region, from_day=created.date()
                )
            if fresh and person.login == WITH_CODE:
                second_factor.confirm(account, code=second_factor.code_of(account, now=now), now=now)
            if person.login in HOMES:
                account.home_point, account.home_region = HOMES[person.login]
                account.save(update_fields=["home_point", "home_region"])
    return accounts, tuple(source.counts.get("tickets", []))


def read_accounts(file: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return told if isinstance(told, dict) and told.get("accounts") and "tickets" in told else None


def _write_whole(file: Path, told: dict[str, Any]) -> None:
    handle, part = tempfile.mkstemp(dir=file.parent, prefix="demo-", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(told, stream, ensure_ascii=False, indent=1)
    Path(part).replace(file)
