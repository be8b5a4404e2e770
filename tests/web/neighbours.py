"""Three villages with the same of everything: one's own, the next one in the same kabupaten, and one in another kabupaten."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.db import transaction
from django.test import override_settings

from mutakhir import wiring
from mutakhir.actions import change_request, region_change, session, submission, visit
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM, Actor, Role
from mutakhir.core.change_requests import missing
from mutakhir.core.events import Event
from mutakhir.core.flows.session import Decision
from mutakhir.core.flows.submission import Letter
from mutakhir.core.region_changes import Area, Change, Decree, Successor
from mutakhir.ports import Register
from mutakhir.store.models import Task
from mutakhir.wiring.lists import send_list, write_call_answer
from tests.builders import ELSEWHERE, NEARBY, VILLAGE, House, PostgresGround, Walker, actor
from tests.web.pages import QUICK, account_of, load_places

FILE_BYTES = 1 << 20
TOKENS = {VILLAGE: "Wulandari", NEARBY: "Nurhasanah", ELSEWHERE: "Zulaikha"}
"""A name in each village that no other has: where it stands on a page, something of that village does."""
CAMERAS = {VILLAGE: 1, NEARBY: 2, ELSEWHERE: 3}
ABROAD = "5171031001"


@dataclass
class Village:
    """What there is in one village; each field is the number of a record."""

    region: str
    walk: Walker
    numbers: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return TOKENS[self.region]

    def who(self, role: Role, digits: int = 10) -> Actor:
        return actor(f"{role.value}-{self.region[:digits]}".replace("_", "-"), (role, self.region[:digits]))

    @property
    def operator(self) -> Actor:
        return self.who(Role.VILLAGE_OPERATOR)

    @property
    def head(self) -> Actor:
        return self.who(Role.VILLAGE_HEAD)

    @property
    def verifier(self) -> Actor:
        return self.who(Role.VERIFIER, 4)

    @property
    def supervisor(self) -> Actor:
        return self.who(Role.SUPERVISOR, 4)

    @property
    def bupati(self) -> Actor:
        return self.who(Role.BUPATI_OFFICE, 4)


@dataclass
class Neighbours:
    """The three villages in which everything has happened, and the hour it is there."""

    own: Village
    next: Village
    far: Village

    @property
    def all(self) -> tuple[Village, ...]:
        return self.own, self.next, self.far


def picture(shade: int) -> bytes:
    """A photograph that no other shade has."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([shade]) * 8) * 8
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def paper(width: int) -> bytes:
    """A scanned paper that no other width has."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200 + width, 200)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def keep(body: bytes) -> str:
    return wiring.blobs().put(io.BytesIO(body), limit_bytes=FILE_BYTES).digest


def settle(walk: Walker) -> Neighbours:
    """Fill three villages: drafts, a reserve, meetings, batches, lists on their way, tasks and a call that was answered."""
    villages = [Village(region, walk if region == VILLAGE else Walker(PostgresGround())) for region in TOKENS]
    for one in villages:
        _household(one)
        _reserve(one, "S")
        _deliberate(one, "S")
    own, neighbour, far = villages
    for one in (own, far):
        one.walk.must(f"open a window in {one.region[:4]}", one.supervisor).must("pack")
        one.numbers["window"] = one.walk.window
    neighbour.walk.now, neighbour.walk.window = own.walk.now, own.walk.window
    neighbour.numbers["window"] = own.walk.window
    for one in villages:
        _verify(one)
    for one in (own, far):
        _send(one)
    neighbour.numbers["submission"] = own.numbers["submission"]
    neighbour.digests |= {key: own.digests[key] for key in ("scan", "sent")}
    for one in villages:
        _hand_over(one)
        _pack(one)
    for one in villages:
        _reserve(one, "R")
        one.walk.name = "R"
        one.numbers["reserved"] = one.walk.number
        _record(one, "D")
        one.numbers["draft"] = one.walk.number
        one.walk.must("call a meeting", one.operator)
        one.numbers["session"] = one.walk.session
        one.digests["proof"] = keep(paper(CAMERAS[one.region]))
        _task(one)
        account = account_of(one.operator)
        one.numbers["account"] = account.pk
        one.numbers["held"] = account.roles.get().pk
        account_of(one.head)
        _offer(one)
        _visit(one)
        _split(one)
        _asked_for(one)
    for one in (own, far):
        _answer_call(one)
    neighbour.numbers["call"] = own.numbers["call"]
    return Neighbours(own, neighbour, far)


def _household(one: Village) -> None:
    walk, place = one.walk, CAMERAS[one.region]
    house = House(*(walk.ground.ask(lambda register: register.new_id()) for _ in range(4)))
    for letter in "SPBRDO":
        walk.houses[letter] = house
    member = {"family": house.family, "registration": "registered", "registration_reason": "import"}
    walk.ground.perform(
        state_facts,
        [
            Stated(
                house.family,
                "family",
                {
                    "dwelling": house.dwelling, "region_lived": one.region, "rt": f"0{place}", "rw": "01",
                    "dusun": f"Dusun {one.token}", "address": f"Jalan {one.token}",
                    "no_kk": f"99080112031500{place}7",
                },
            ),
            Stated(house.dwelling, "dwelling", {"floor_material": "6", "wall_material": "4", "roof_material": "2"}),
            Stated(
                house.head,
                "person",
                {
                    "name": f"Sukarno {one.token}", "nik": f"99080115078000{place}2", "birth_date": "1980-07-15",
                    "sex": "1", "relation": "1", **member,
                },
            ),
            Stated(
                house.wife,
                "person",
                {
                    "name": f"Siti {one.token}", "nik": f"99080145078800{place}3", "birth_date": "1988-07-05",
                    "sex": "2", "relation": "2", **member,
                },
            ),
        ],
        region=one.region, holds_from=date(2024, 3, 14), authority="social", source="source:test",
        actor=SYSTEM, now=walk.now,
    )  # fmt: skip
    one.numbers |= {"family": house.family, "person": house.wife, "dwelling": house.dwelling}


def _record(one: Village, name: str, words: str = "") -> None:
    one.walk.name = name
    one.walk.must(f"record {words}".strip(), one.operator)


def _reserve(one: Village, name: str, words: str = "") -> None:
    """A request with real files, kept in the reserve."""
    _record(one, name, words)
    walk = one.walk
    kinds = [what.removeprefix("evidence:") for what in missing(walk.request) if what.startswith("evidence:")]
    for kind in kinds:
        digest = keep(picture(CAMERAS[one.region]))
        one.digests["evidence"] = digest
        proof = {
            "kind": kind, "digest": digest, "media_type": "image/png", "name": f"{one.token}.png",
            "added_at": walk.now.isoformat(), "added_by": one.operator.login,
        }  # fmt: skip
        walk.perform(
            change_request.take_step,
            change_request.Take(walk.number, "prove", {"evidence": proof}),
            by=one.operator,
        )
    walk.must("reserve", one.operator)


def _deliberate(one: Village, name: str) -> None:
    walk = one.walk
    walk.name = name
    walk.must("call a meeting", one.operator)
    decision = Decision(walk.number, "fit", None)
    walk.perform(session.enter, session.Enter(walk.session, (decision,), attendance=17), by=one.operator)
    digest = keep(paper(CAMERAS[one.region]))
    proof = session.Prove(walk.session, digest, "minutes", "application/pdf", "berita-acara.pdf")
    walk.perform(session.prove, proof, by=one.operator)
    walk.must("confirm", one.head)
    one.digests["proof"] = digest
    one.numbers["confirmed"] = walk.session


def _offer(one: Village) -> None:
    """A request that is offered to a village of another kabupaten, where none of these readers works."""
    _reserve(one, "O", "leaving")
    one.walk.must(f"offer to {ABROAD}", one.operator)
    one.numbers["offered"] = one.walk.number


def _visit(one: Village) -> None:
    """A visit that was reported, with a real photograph."""
    walk, family = one.walk, one.numbers["family"]
    checker = one.who(Role.FIELD_CHECKER, 4)
    asked = visit.Ask(family, "Alamatnya diragukan.", "family", one.region, family, f"Siti {one.token}")
    number = walk.perform(visit.ask, asked, by=one.supervisor).id
    walk.perform(visit.assign, visit.Assign(number, checker), by=one.supervisor)
    photograph = visit.Photograph(keep(picture(CAMERAS[one.region])), "image/png", f"{one.token}.png")
    report = visit.Report(number, "as_stated", "-8.1331,113.2224", walk.now, photograph)
    walk.perform(visit.report, report, by=checker)
    one.numbers["visit"] = number


def _split(one: Village) -> None:
    """A decree by which a part of the village would go its own way, if anybody lived there."""
    part = f"{one.region[:6]}2099"
    change = Change(one.region, (Successor(one.region, rest=True), Successor(part, (Area("77"),))))
    decree = Decree(f"Perda {one.token}", one.walk.today(), (change,), {part: f"Baru {one.token}"})
    done = one.walk.perform(region_change.change, decree, known=(one.region,), by=one.supervisor)
    one.numbers["region_change"] = done.number


def _asked_for(one: Village) -> None:
    """An annulment and an erasure, whatever stands in their way: what is looked at here is who sees them."""
    scan = keep(paper(90 + CAMERAS[one.region]))
    one.digests["statement"] = scan
    told: dict[str, dict[str, Any]] = {
        "annulment": {
            "request": one.numbers["listed"],
            "reason": f"Salah orang: {one.token}.",
            "statement": scan,
            "media_type": "application/pdf",
            "lines": [],
        },
        "erasure": {
            "kind": "erase",
            "person": one.numbers["person"],
            "basis": "asked",
            "document": f"460/{one.token}",
        },
    }
    for kind, body in told.items():
        one.numbers[kind] = one.walk.perform(_ask, kind, body, one.region, by=one.supervisor)


def _ask(
    kind: str, body: dict[str, Any], region: str, *, actor: Actor, now: datetime, register: Register
) -> int:
    number = register.new_id()
    asked = Event(
        subject=number,
        kind=kind,
        version=1,
        type="asked",
        body=body,
        actor=actor.login,
        recorded_at=now,
        region=region,
    )
    register.append([asked])
    return number


def _verify(one: Village) -> None:
    walk = one.walk
    walk.name = "S"
    walk.must("hand over", one.head).must("verify verified", one.verifier)
    one.numbers["listed"] = walk.requests["S"]


def _send(one: Village) -> None:
    walk = one.walk
    walk.name = "S"
    walk.must("finalise", one.supervisor)
    number = walk.submission
    found = walk.ground.ask(lambda register: register.submission(number))
    assert found is not None
    one.digests["scan"] = keep(paper(50 + CAMERAS[one.region]))
    letter = Letter(
        f"460/{one.token}", walk.today().isoformat(), "Bupati", found.digest[:16], one.digests["scan"]
    )
    walk.perform(submission.endorse, submission.Endorse(number, letter), by=one.bupati)
    sent = walk.perform(send_list, number, by=one.supervisor)
    one.digests["sent"] = sent.file
    one.numbers["submission"] = number


def _hand_over(one: Village) -> None:
    """A request that Dinsos has not looked at yet."""
    walk = one.walk
    _reserve(one, "P", "living_conditions wall_material=3")
    _deliberate(one, "P")
    walk.must("pack").must("hand over", one.head)
    one.numbers |= {"batch": walk.request.batch or 0, "handed_over": walk.number}


def _pack(one: Village) -> None:
    """A request that lies with the head of the village."""
    walk = one.walk
    _reserve(one, "B", "new_person")
    _deliberate(one, "B")
    walk.must("pack")
    one.numbers |= {"village_batch": walk.request.batch or 0, "packed": walk.number}


def _task(one: Village) -> None:
    one.numbers["task"] = Task.objects.create(
        region=one.region,
        rule="absent-from-full-list",
        subject=one.numbers["person"],
        particulars={"name": f"Siti {one.token}"},
        owner=Role.VILLAGE_OPERATOR.value,
        since=one.walk.now,
        due=one.walk.today(),
    ).pk


def _answer_call(one: Village) -> None:
    walk = one.walk
    days = [(walk.today() + timedelta(days=ahead)).isoformat() for ahead in (0, 13, 29)]
    before = walk.window
    centre = actor("pusdatin", (Role.CENTRE, ""))
    walk.must(f"schedule a call {' '.join(days)} in {one.region[:4]}", centre)
    one.numbers["call"] = walk.window
    walk.must("keep time")
    walk.perform(write_call_answer, walk.window, by=one.supervisor)
    walk.window = before


@pytest.fixture(scope="module")
def neighbours(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbours]:
    """Three villages that every test of a file finds as they were settled, and a clock that stands still."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(PASSWORD_HASHERS=QUICK),
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(logging.getLogger("django.request"), "disabled", True)
        load_places()
        walk = Walker(PostgresGround())
        patched.setattr(wiring, "clock", lambda: walk.now)
        yield settle(walk)
        transaction.set_rollback(True)
