"""Brings requests into any state by walking there through actions, on a register in memory or in PostgreSQL."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from mutakhir import wiring
from mutakhir.actions import (
    annulment,
    change_request,
    erasure,
    region_change,
    review,
    session,
    submission,
    transfer,
    visit,
    window,
)
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM, Actor, Held, Role
from mutakhir.core.calendar import ZONES, today_in
from mutakhir.core.change_requests import Request, missing
from mutakhir.core.events import Event
from mutakhir.core.facts import Value
from mutakhir.core.flows.annulment import State as Annulling
from mutakhir.core.flows.change_request import Case
from mutakhir.core.flows.erasure import Kind as Erasing
from mutakhir.core.flows.session import Decision
from mutakhir.core.flows.submission import Letter
from mutakhir.core.flows.visit import Photograph
from mutakhir.core.flows.window import Act, Window
from mutakhir.core.refusals import Conflict, Refused
from mutakhir.core.region_changes import Area, Change, Decree, Successor
from mutakhir.core.tasks import NewTask
from mutakhir.ports import Register
from mutakhir.store import feed
from mutakhir.store.memory import MemoryRegister

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
KABUPATEN = "3508"
VILLAGE = "3508152001"
NEARBY = "3508152002"
NEW = "3508152099"
ELSEWHERE = "3509012001"
WIB = ZONES["WIB"]


# --- where: a register to act on ------------------------------------------------------------------------------------


class Ground(Protocol):
    """A register that tests act on as the edges do: one transaction a deed."""

    def perform(
        self,
        action: Callable[..., T],
        *arguments: Any,
        now: datetime,
        actor: Actor | None = None,
        **told: Any,
    ) -> T: ...

    def ask(self, question: Callable[[Register], T]) -> T: ...

    def number_events(self) -> int:
        """Number what waits; returns the head of the feed."""
        ...


class MemoryGround:
    """The register in memory. It cannot roll back, so a deed that is refused must not have written anything."""

    def __init__(self) -> None:
        self.register = MemoryRegister(authorities=wiring.terms().attributes.authorities)

    def perform(
        self,
        action: Callable[..., T],
        *arguments: Any,
        now: datetime,
        actor: Actor | None = None,
        **told: Any,
    ) -> T:
        offered = {"register": self.register, "terms": wiring.terms(), "now": now, "actor": actor}
        wanted = inspect.signature(action).parameters
        before = self.number_events()
        try:
            return action(*arguments, **{name: offered[name] for name in offered if name in wanted}, **told)
        except (Refused, Conflict):
            assert self.number_events() == before, "a deed that is refused writes nothing"
            raise

    def ask(self, question: Callable[[Register], T]) -> T:
        return question(self.register)

    def number_events(self) -> int:
        self.register.number_events()
        return self.register.position


class PostgresGround:
    """The register in PostgreSQL, through the same wiring as in a node."""

    def perform(
        self,
        action: Callable[..., T],
        *arguments: Any,
        now: datetime,
        actor: Actor | None = None,
        **told: Any,
    ) -> T:
        # What asks for no actor is what the system does by itself.
        return wiring.perform(action, *arguments, actor=actor or SYSTEM, now=now, **told)

    def ask(self, question: Callable[[Register], T]) -> T:
        return question(wiring.open_register())

    def number_events(self) -> int:
        feed.number_events()
        return feed.head()


# --- who ------------------------------------------------------------------------------------------------------------


def actor(login: str, *held: tuple[Role, str]) -> Actor:
    return Actor(login, login.title(), tuple(Held(role, region) for role, region in held))


CAST: Mapping[str, Actor] = {
    "operator": actor("tutik", (Role.VILLAGE_OPERATOR, VILLAGE)),
    "other operator": actor("wawan", (Role.VILLAGE_OPERATOR, VILLAGE)),
    "operator elsewhere": actor("yanti", (Role.VILLAGE_OPERATOR, ELSEWHERE)),
    "operator of the new village": actor("wiwin", (Role.VILLAGE_OPERATOR, NEW)),
    "head of the new village": actor("kades-baru", (Role.VILLAGE_HEAD, NEW)),
    "head elsewhere": actor("kades-jauh", (Role.VILLAGE_HEAD, ELSEWHERE)),
    "operator nearby": actor("ratna", (Role.VILLAGE_OPERATOR, NEARBY)),
    "head nearby": actor("kades-sebelah", (Role.VILLAGE_HEAD, NEARBY)),
    "data filler": actor("dewi", (Role.DATA_FILLER, KABUPATEN)),
    "village head": actor("kades", (Role.VILLAGE_HEAD, VILLAGE)),
    "camat": actor("pak-camat", (Role.CAMAT, VILLAGE[:6])),
    "field checker": actor("joko", (Role.FIELD_CHECKER, KABUPATEN)),
    "other checker": actor("wati", (Role.FIELD_CHECKER, KABUPATEN)),
    "checker of the village": actor("budi", (Role.FIELD_CHECKER, KABUPATEN), (Role.VILLAGE_HEAD, VILLAGE)),
    "verifier": actor("rudi", (Role.VERIFIER, KABUPATEN)),
    "other verifier": actor("lilis", (Role.VERIFIER, KABUPATEN)),
    "verifier elsewhere": actor("agus", (Role.VERIFIER, ELSEWHERE[:4])),
    "supervisor": actor("nira", (Role.SUPERVISOR, KABUPATEN)),
    "supervisor elsewhere": actor("bagus", (Role.SUPERVISOR, ELSEWHERE[:4])),
    "head of Dinsos": actor("kadis", (Role.HEAD_OF_DINSOS, KABUPATEN)),
    "bupati's office": actor("bagian-umum", (Role.BUPATI_OFFICE, KABUPATEN)),
    "centre": actor("pusdatin", (Role.CENTRE, "")),
    "auditor": actor("bpk", (Role.AUDITOR, "")),
    "resident": actor("resident", (Role.APPLICANT, KABUPATEN)),
    "operator who verifies": actor("sari", (Role.VILLAGE_OPERATOR, VILLAGE), (Role.VERIFIER, KABUPATEN)),
    "head who verifies": actor("bu-lurah", (Role.VILLAGE_HEAD, VILLAGE), (Role.VERIFIER, KABUPATEN)),
    "operator who heads": actor("hadi", (Role.VILLAGE_OPERATOR, VILLAGE), (Role.VILLAGE_HEAD, VILLAGE)),
    "verifier who supervises": actor("endang", (Role.VERIFIER, KABUPATEN), (Role.SUPERVISOR, KABUPATEN)),
    "system": SYSTEM,
}
"""Everybody who appears in the tests. Each holds one role, except those whose names say that they hold two."""


# --- when -----------------------------------------------------------------------------------------------------------


def instant(text: str) -> datetime:
    """A day, at nine in the morning, or a day with a time; as people in Lumajang say it (WIB)."""
    if len(text) == 10:
        text += " 09:00"
    return datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(UTC)


NAMED_PERIODS: Mapping[str, tuple[int, int | None]] = {
    "normal": (0, 28),
    "earlier": (-90, -60),
    "later": (60, 90),
    "adjacent earlier": (-28, 0),
    "adjacent later": (28, 56),
    "overlapping earlier": (-14, 14),
    "overlapping later": (14, 42),
    "within": (7, 21),
    "around": (-7, 35),
    "same start": (0, 14),
    "same end": (14, 28),
    "one day before the end": (27, 28),
    "no end": (14, None),
    "no end after": (28, None),
}
"""Periods by name, in days from the first day of the one called normal; the end is the first day that is outside."""


# --- what: one request on its way -----------------------------------------------------------------------------------


@dataclass(slots=True)
class House:
    """A family that is known, with its dwelling and two persons."""

    family: int
    dwelling: int
    head: int
    wife: int


def known_house(
    ground: Ground, *, now: datetime, region: str = VILLAGE, holds_from: date = date(2024, 3, 14)
) -> House:
    """State a family in the social register, as an import does."""
    house = House(*(ground.ask(lambda register: register.new_id()) for _ in range(4)))
    family = {
        "dwelling": house.dwelling,
        "region_lived": region,
        "rt": "03",
        "rw": "01",
        "no_kk": "9908011203150007",
    }
    dwelling = {"floor_material": "6", "wall_material": "4", "roof_material": "2"}
    person = {"family": house.family, "registration": "registered", "registration_reason": "import"}
    head = {
        "name": "Slamet Riyadi",
        "nik": "9908011507800002",
        "birth_date": "1980-07-15",
        "sex": "1",
        "relation": "1",
    }
    wife = {
        "name": "Siti Aminah",
        "nik": "9908014507880003",
        "birth_date": "1988-07-05",
        "sex": "2",
        "relation": "2",
    }
    ground.perform(
        state_facts,
        [
            Stated(house.family, "family", family),
            Stated(house.dwelling, "dwelling", dwelling),
            Stated(house.head, "person", {**head, **person}),
            Stated(house.wife, "person", {**wife, **person}),
        ],
        region=region, holds_from=holds_from, authority="social", source="source:test", actor=SYSTEM, now=now,
    )  # fmt: skip
    return house


@dataclass(slots=True)
class Walker:
    """Walks with requests through the route. `do` takes a deed in the words of the tables below.

    Requests have names ("A"); those that begin with the same letter are about the same house, and the house of "Z" lies
    in another kabupaten. The clock is a value that the test moves.
    """

    ground: Ground
    now: datetime = field(default_factory=lambda: instant("2026-11-24"))
    name: str = "A"
    requests: dict[str, int] = field(default_factory=dict)
    houses: dict[str, House] = field(default_factory=dict)
    window: int = 0
    session: int = 0
    submission: int = 0
    visit: int = 0
    annulment: int = 0
    erasure: int = 0
    tasks: tuple[NewTask, ...] = ()
    decree: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    # --- reading ---

    @property
    def house(self) -> House:
        letter = self.name[0]
        if letter not in self.houses:
            region = ELSEWHERE if letter == "Z" else VILLAGE
            self.houses[letter] = known_house(self.ground, now=self.now, region=region)
        return self.houses[letter]

    @property
    def number(self) -> int:
        return self.requests.get(self.name, 0)

    @property
    def request(self) -> Request:
        return self.ground.ask(lambda register: register.requests([self.number])[self.number])

    @property
    def state(self) -> str:
        return self.request.state.value if self.number else ""

    @property
    def history(self) -> tuple[Event, ...]:
        return self.ground.ask(lambda register: register.histories([self.number])[self.number].events)

    @property
    def case(self) -> Case:
        """The request with everything that its guards ask about, as an edge reads it."""
        return self.ground.ask(
            lambda register: change_request.case_of(
                register.requests([self.number])[self.number],
                now=self.now,
                register=register,
                terms=wiring.terms(),
            )
        )

    def value(self, attribute: str) -> Value:
        of = wiring.terms().attributes[attribute].of
        subject = {"family": self.house.family, "dwelling": self.house.dwelling, "person": self.house.wife}[
            of
        ]
        return self.ground.ask(lambda register: register.current([subject]).get(subject, {}).get(attribute))

    def today(self) -> date:
        return today_in(VILLAGE, self.now)

    def somebody(self, told: dict[str, Value]) -> int:
        """The person that `of=head` or `of=wife` names; the wife where nobody is named."""
        return self.house.head if told.pop("of", "wife") == "head" else self.house.wife

    # --- acting ---

    def perform(self, action: Callable[..., T], *arguments: Any, by: Actor | None = None, **told: Any) -> T:
        return self.ground.perform(action, *arguments, actor=by, now=self.now, **told)

    def do(self, deed: str, who: str | Actor = "system") -> tuple[str, ...]:
        """Do a deed; returns the rules that stood in its way. The longest deed that the words begin with counts."""
        verb = max((one for one in DEEDS if deed == one or deed.startswith(one + " ")), key=len, default=None)
        if verb is None:
            raise ValueError(f"no such deed: {deed}")
        by = CAST[who] if isinstance(who, str) else who
        try:
            found = DEEDS[verb](self, by, deed[len(verb) :].strip())
        except (Refused, Conflict) as refusal:
            return tuple(dict.fromkeys(one.rule for one in refusal.refusals))
        return tuple(found) if isinstance(found, tuple | dict) else ()

    def must(self, deed: str, who: str | Actor = "system") -> Walker:
        refused = self.do(deed, who)
        assert not refused, f"{deed} by {who}: {refused}"
        return self

    def wait(self, days: float) -> Walker:
        self.now += timedelta(days=days)
        return self


Deed = Callable[[Walker, Actor, str], Any]
DEEDS: dict[str, Deed] = {}


def deed(words: str) -> Callable[[F], F]:
    def keep(function: F) -> F:
        DEEDS[words] = function
        return function

    return keep


def values_of(words: str) -> dict[str, Value]:
    """`floor_material=8 rt=04` as attributes; an empty value ends one."""
    return {name: text or None for name, _, text in (word.partition("=") for word in words.split())}


def kind_of(words: str) -> str:
    return words.split()[0] if words else "living_conditions"


@deed("record")
def _record(walk: Walker, by: Actor, words: str) -> None:
    """`record KIND`, then attributes, `reason=` and `since=`; without more it is about the floor."""
    if words in STRANGE_RECORDS:
        _record_strangely(walk, by, words)
        return
    kind = kind_of(words)
    told = values_of(" ".join(words.split()[1:]))
    reason, since = told.pop("reason", None), told.pop("since", None)
    house = walk.house
    newcomer = {"name": "Bayu Pratama", "birth_date": "2026-10-02", "sex": "1", "relation": "3"}
    contents: dict[str, Callable[[], dict[str, Any]]] = {
        "living_conditions": lambda: {"wanted": told or {"floor_material": "8"}},
        "new_person": lambda: {"newcomers": ({**newcomer, **told},)},
        "new_family": lambda: {
            "wanted": {
                "address": "Dsn. Krajan",
                "floor_material": "8",
                "wall_material": "4",
                "roof_material": "2",
            },
            "newcomers": ({"name": "Wagiman", "birth_date": "1971-02-03", "sex": "1"},),
        },
        "leaving": lambda: {"people": (house.head, house.wife), "reason": reason or "own_wish"},
        "not_eligible": lambda: {"people": (walk.somebody(told),), "reason": reason or "8"},
        "moved": lambda: {"wanted": told or {"rt": "07"}},
        "change_of_pengurus": lambda: {"wanted": {"pengurus": walk.somebody(told)}},
        "death": lambda: {"people": (walk.somebody(told),), "holds_from": date(2026, 11, 20)},
        "correction": lambda: {
            "people": (walk.somebody(told),),
            "wanted": told or {"name": "Siti Aminatun"},
            "reason": reason or "card_wrong",
        },
    }
    content = contents.get(kind, dict)()
    content["birth_date"] = "1988-07-05"
    if since:
        content["holds_from"] = date.fromisoformat(str(since))
    command = change_request.Record(
        kind,
        by.held[0].region if len(by.held[0].region) == 10 else VILLAGE,
        {"name": "Siti Aminah", "standing": "member"},
        None if kind == "new_family" else house.family,
        change_request.Content(**content),
    )
    walk.requests[walk.name] = walk.perform(change_request.record, command, by=by).id


STRANGE_RECORDS = (
    "for nobody",
    "for a stranger",
    "for a family that nobody knows",
    "about somebody of another family",
    "for a family without a name",
)


def _record_strangely(walk: Walker, by: Actor, words: str) -> None:
    """A form as no page sends it."""
    nobody, stranger, unknown, other, unnamed = (words == one for one in STRANGE_RECORDS)
    someone = change_request.Content(wanted={"floor_material": "8"})
    if other:
        someone = change_request.Content(people=(walk.house.dwelling,), reason="8")
    command = change_request.Record(
        "not_eligible" if other else "living_conditions",
        VILLAGE,
        {"name": " " if nobody else "Siti Aminah", "standing": "neighbour" if stranger else "member"},
        None if unnamed else walk.house.family + 1000 if unknown else walk.house.family,
        someone,
    )
    walk.perform(change_request.record, command, by=by)


@deed("prove")
def _prove(walk: Walker, by: Actor, words: str) -> None:
    """Add every piece of evidence that is missing, or the one that is named."""
    lacking = [
        what.removeprefix("evidence:") for what in missing(walk.request) if what.startswith("evidence:")
    ]
    for kind in [words] if words else (lacking or ["form"]):
        proof = {
            "kind": kind, "digest": "a" * 64, "media_type": "image/jpeg", "name": f"{kind}.jpg",
            "added_at": walk.now.isoformat(), "added_by": by.login,
        }  # fmt: skip
        take(walk, by, "prove", {"evidence": proof})


def take(walk: Walker, by: Actor, step: str, told: Mapping[str, Any] | None = None) -> None:
    command = change_request.Take(walk.number, step, told or {})
    walk.perform(change_request.take_step, command, by=by)


@deed("reserve")
def _reserve(walk: Walker, by: Actor, words: str) -> None:
    chance = walk.number.to_bytes(16, "big")
    walk.perform(change_request.reserve, walk.number, randomness=chance, by=by)


@deed("amend")
def _amend(walk: Walker, by: Actor, words: str) -> None:
    """`amend` alone says the same again; with attributes, other values are wanted."""
    request = walk.request
    told = values_of(words)
    if request.kind in ("living_conditions", "moved", "change_of_pengurus", "correction"):
        if request.kind == "change_of_pengurus" and told:
            told = {"pengurus": walk.somebody(told)}
        wanted = told or {one.attribute: one.wanted for one in request.changes}
        people = (request.person,) if request.person is not None else ()
        content = change_request.Content(
            wanted=wanted, people=people, reason=request.reason, birth_date=request.birth_date
        )
    else:
        people = tuple(dict.fromkeys(one.subject for one in request.changes if one.of == "person"))
        reason = str(told["reason"]) if "reason" in told else request.reason
        content = change_request.Content(
            people=people, reason=reason, birth_date=request.birth_date, holds_from=request.holds_from
        )
    walk.perform(change_request.amend, change_request.Amend(walk.number, content), by=by)


@deed("reserve from an older page")
def _reserve_from_an_older_page(walk: Walker, by: Actor, words: str) -> None:
    chance = walk.number.to_bytes(16, "big")
    seen = walk.request.version - 1
    walk.perform(change_request.reserve, walk.number, randomness=chance, seen=seen, by=by)


@deed("amend from an older page")
def _amend_from_an_older_page(walk: Walker, by: Actor, words: str) -> None:
    content = change_request.Content(wanted={"floor_material": "7"})
    command = change_request.Amend(walk.number, content, seen=walk.request.version - 1)
    walk.perform(change_request.amend, command, by=by)


@deed("withdraw from an older page")
def _withdraw_from_an_older_page(walk: Walker, by: Actor, words: str) -> None:
    told = {"statement": "Pemohon menarik permintaannya."}
    command = change_request.Take(walk.number, "withdraw", told, seen=walk.request.version - 1)
    walk.perform(change_request.take_step, command, by=by)


@deed("resume")
def _resume(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(change_request.resume, change_request.Resume(walk.number), by=by)


@deed("resume without")
def _resume_without(walk: Walker, by: Actor, words: str) -> None:
    keep = tuple(
        (one.subject, one.attribute) for one in walk.request.changes if one.attribute not in words.split()
    )
    walk.perform(change_request.resume, change_request.Resume(walk.number, keep), by=by)


@deed("appeal")
def _appeal(walk: Walker, by: Actor, words: str) -> None:
    take(walk, by, "appeal", {"statement": words or "Lantai kami sungguh sudah tanah."})


@deed("withdraw")
def _withdraw(walk: Walker, by: Actor, words: str) -> None:
    take(walk, by, "withdraw", {"statement": words or "Pemohon menarik permintaannya."})


@deed("keep")
def _keep(walk: Walker, by: Actor, words: str) -> None:
    take(walk, by, "keep", {"statement": words or "Pemohon tetap ingin dilanjutkan."})


@deed("ask to cancel")
def _ask_cancellation(walk: Walker, by: Actor, words: str) -> None:
    if not by.has((Role.APPLICANT,), VILLAGE):
        raise ValueError("only a resident has the ticket")
    walk.perform(change_request.ask_cancellation, walk.number, region=VILLAGE)


@deed("refer")
def _refer(walk: Walker, by: Actor, words: str) -> None:
    take(walk, by, "refer", {"statement": words or "Berkas sudah dibawa ke loket Dukcapil."})


@deed("civil says")
def _civil_says(walk: Walker, by: Actor, words: str) -> None:
    """The civil register states something: `civil says name=SITI of=wife`."""
    told = values_of(words)
    person = walk.somebody(told)
    subjects = {"family": walk.house.family, "person": person}
    for name, value in told.items():
        of = wiring.terms().attributes[name].of
        walk.perform(
            state_facts, [Stated(subjects[of], of, {name: str(value).replace("_", " ")})], region=VILLAGE,
            holds_from=walk.today(), authority="civil", source="source:dukcapil", by=by,
        )  # fmt: skip


@deed("turn to the change of pengurus")
def _turn_to_succession(walk: Walker, by: Actor, words: str) -> None:
    """The request at hand is from now on the one that a death opened."""
    found = walk.ground.ask(
        lambda register: register.open_requests([walk.house.family], kinds=("change_of_pengurus",))
    )
    walk.requests[walk.name] = found[0].id


@deed("forward")
def _forward(walk: Walker, by: Actor, words: str) -> None:
    take(walk, by, f"forward:{words or 'forwarded'}")


@deed("forward the batch")
def _forward_batch(walk: Walker, by: Actor, words: str) -> None:
    """`forward the batch`, or `forward the batch let_pass`."""
    command = review.Forward(walk.request.batch or 0, f"forward:{words or 'forwarded'}")
    walk.perform(review.forward, command, by=by)


@deed("let pass what is late")
def _let_pass(walk: Walker, by: Actor, words: str) -> None:
    """The clock marks what the camat did not forward in time."""
    walk.perform(review.pass_unforwarded, [walk.number])


# --- the place of handling ---


@deed("offer")
def _offer(walk: Walker, by: Actor, words: str) -> None:
    """`offer`, to the village nearby, or back from there; `offer to CODE`."""
    nearby = VILLAGE if walk.request.region == NEARBY else NEARBY
    command = transfer.Offer(walk.number, words.removeprefix("to ") or nearby, "Keluarga ini pindah rumah.")
    walk.perform(transfer.offer, command, by=by)


@deed("offer without a reason")
def _offer_without_reason(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(transfer.offer, transfer.Offer(walk.number, NEARBY, " "), by=by)


@deed("offer all of the family")
def _offer_of_family(walk: Walker, by: Actor, words: str) -> None:
    command = transfer.Offer(walk.number, NEARBY, "Keluarga ini pindah rumah.", all_of_family=True)
    walk.perform(transfer.offer, command, by=by)


@deed("take over")
def _take_over(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(transfer.answer, transfer.Answer(walk.number, "take_over"), by=by)


@deed("decline")
def _decline(walk: Walker, by: Actor, words: str) -> None:
    reason = "" if words == "without a reason" else words or "Keluarga ini tidak tinggal di sini."
    walk.perform(transfer.answer, transfer.Answer(walk.number, "decline", reason), by=by)


@deed("recall")
def _recall(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(transfer.answer, transfer.Answer(walk.number, "recall"), by=by)


# --- boundaries ---

BOUNDARIES: Mapping[str, tuple[Successor, ...]] = {
    "is split": (Successor(VILLAGE, rest=True), Successor(NEW, (Area("2"),))),
    "is divided": (Successor(NEARBY, (Area("1"),)), Successor(NEW, (Area("2"),))),
    "is merged": (Successor(NEARBY),),
    "gets a new code": (Successor(NEW),),
}
"""What may become of the own village: RW 02 goes its own way, both parts get codes, a neighbour takes it, or a new code."""


@deed("the village")
def _change_regions(walk: Walker, by: Actor, words: str) -> None:
    """`the village is split`, or another of these; `the village is split next year`, before its day."""
    becomes = next(one for one in BOUNDARIES if words.startswith(one))
    day = walk.today() + timedelta(days=365 if words.endswith("next year") else 0)
    decree = Decree("Perda 4/2026", day, (Change(VILLAGE, BOUNDARIES[becomes]),), {NEW: "Jenggrong Baru"})
    done = walk.perform(region_change.change, decree, known=(VILLAGE, NEARBY), by=by)
    walk.decree = done.number


@deed("assign")
def _assign(walk: Walker, by: Actor, words: str) -> None:
    """`assign the family to PLACE`, or `assign the request to PLACE`."""
    thing, _, place = words.removeprefix("the ").partition(" to ")
    number = walk.house.family if thing == "family" else walk.number
    to = {"own village": VILLAGE, "nearby": NEARBY, "new village": NEW}[place]
    walk.perform(region_change.assign, region_change.Assign(walk.decree, thing, number, to), by=by)


@deed("follow back")
def _follow_back(walk: Walker, by: Actor, words: str) -> None:
    """The clock lets follow what came back from a batch."""
    walk.perform(region_change.follow_back, walk.decree)


# --- visits ---


@deed("ask for a visit")
def _ask_visit(walk: Walker, by: Actor, words: str) -> None:
    reason = "" if words == "without a reason" else words or "Foto lantai kurang jelas."
    walk.visit = walk.perform(visit.ask, visit.Ask(walk.number, reason), by=by).id


@deed("ask for a visit to the family")
def _ask_visit_family(walk: Walker, by: Actor, words: str) -> None:
    house = walk.house
    command = visit.Ask(
        house.family, "Alamatnya diragukan.", "family", VILLAGE, house.family, "Slamet Riyadi"
    )
    walk.visit = walk.perform(visit.ask, command, by=by).id


@deed("send")
def _send_checker(walk: Walker, by: Actor, words: str) -> None:
    """`send`, the list to the centre; `send the PERSON`, to the house."""
    if not words:
        _send(walk, by, words)
        return
    command = visit.Assign(walk.visit, CAST[words.removeprefix("the ")])
    walk.perform(visit.assign, command, by=by)


@deed("report")
def _report(walk: Walker, by: Actor, words: str) -> None:
    """`report FINDING`, with `without PIECE`, `at POINT`, `a day ahead` or `a day early`."""
    finding, _, more = words.partition(" ")
    photograph = Photograph("b" * 64, "image/jpeg", "rumah.jpg")
    days = {"a day ahead": 1, "long before": -30}.get(more, 0)
    command = visit.Report(
        walk.visit,
        "" if more == "without a finding" else finding,
        ""
        if more == "without a point"
        else more.removeprefix("at ")
        if more.startswith("at ")
        else "-8.1331,113.2224",
        walk.now + timedelta(days=days),
        None if more == "without a photograph" else photograph,
        "Lantai sudah keramik." if finding == "differs" and more != "without a note" else "",
    )
    walk.perform(visit.report, command, by=by)


@deed("call off")
def _call_off(walk: Walker, by: Actor, words: str) -> None:
    reason = "" if words == "without a reason" else words or "Sudah jelas dari foto."
    walk.perform(visit.call_off, walk.visit, reason=reason, by=by)


@deed("visit")
def _visit(walk: Walker, by: Actor, words: str) -> None:
    """A whole visit today: asked for and assigned by the supervisor, reported by whoever acts."""
    if not any(one.is_open for one in walk.ground.ask(lambda register: register.visits(walk.number))):
        _ask_visit(walk, CAST["supervisor"], "")
    walk.perform(visit.assign, visit.Assign(walk.visit, by), by=CAST["supervisor"])
    _report(walk, by, words or "as_stated")


@deed("verify")
def _verify(walk: Walker, by: Actor, words: str) -> None:
    """`verify verified`, `verify returned`, `verify refused`; the last two give a reason."""
    outcome, _, reason = words.partition(" ")
    take(walk, by, f"verify:{outcome}", {} if outcome == "verified" else {"reason": reason or "1"})


@deed("undo")
def _undo(walk: Walker, by: Actor, words: str) -> None:
    take(walk, by, "undo")


@deed("take")
def _take(walk: Walker, by: Actor, words: str) -> None:
    """Try a step by itself that belongs to a list, a meeting or the system."""
    take(walk, by, words)


# --- the meeting ---


@deed("call a meeting")
def _call(walk: Walker, by: Actor, words: str, form: str = "meeting", place: str = "Balai Desa") -> None:
    """`call a meeting`, today or `on DAY`; everything undecided stands on its agenda."""
    day = date.fromisoformat(words.removeprefix("on ")) if words else walk.today()
    command = session.Call(by.held[0].region, day, place, form)
    walk.session = walk.perform(session.call, command, by=by).id


@deed("call a meeting nowhere")
def _call_nowhere(walk: Walker, by: Actor, words: str) -> None:
    _call(walk, by, "", place=" ")


@deed("call a gathering")
def _call_gathering(walk: Walker, by: Actor, words: str) -> None:
    _call(walk, by, "", form="gathering")


@deed("call an SPTJM")
def _call_sptjm(walk: Walker, by: Actor, words: str) -> None:
    _call(walk, by, words, form="sptjm", place="")


@deed("enter")
def _enter(walk: Walker, by: Actor, words: str) -> None:
    """`enter fit` or `enter not_fit REASON`, for the request at hand."""
    outcome, _, reason = words.partition(" ")
    decision = Decision(walk.number, outcome, reason or None)
    walk.perform(session.enter, session.Enter(walk.session, (decision,), attendance=17), by=by)


@deed("upload")
def _upload(walk: Walker, by: Actor, words: str) -> None:
    command = session.Prove(walk.session, "b" * 64, words or "minutes", "application/pdf", "berita-acara.pdf")
    walk.perform(session.prove, command, by=by)


@deed("confirm")
def _confirm(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(session.confirm, session.Confirm(walk.session), by=by)


OPERATORS = {NEARBY: "operator nearby", NEW: "operator of the new village", ELSEWHERE: "operator elsewhere"}


@deed("deliberate")
def _deliberate(walk: Walker, by: Actor, words: str) -> None:
    """A whole meeting today: called, entered and proved by the operator, confirmed by whoever acts."""
    operator = CAST[OPERATORS.get(walk.request.region, "operator")]
    outcome, _, reason = words.partition(" ")
    _call(walk, operator, "")
    _enter(
        walk,
        operator,
        f"{outcome} {reason or 'rumah sudah layak'}".strip() if outcome == "not_fit" else outcome,
    )
    _upload(walk, operator, "")
    _confirm(walk, by, "")


# --- windows ---


@deed("schedule")
def _schedule(walk: Walker, by: Actor, words: str, form: str = "window") -> None:
    """`schedule OPENS CUT_OFF CLOSES`, as days that begin in WIB; `for KIND` and `in REGION` narrow it."""
    parts = words.split()
    region = parts[parts.index("in") + 1] if "in" in parts else KABUPATEN
    region = "" if region == "Indonesia" else region
    kinds = (parts[parts.index("for") + 1],) if "for" in parts else ()
    opens, cut_off, closes = (instant(f"{day} 00:00") for day in parts[:3])
    act = Act(
        "" if "unnumbered" in parts else f"S-{parts[0]}",
        "" if "undated" in parts else "2026-12-21",
        "Pusdatin",
    )
    command = window.Schedule(
        region, opens, cut_off, closes, act, kinds, form=form, as_of=parts[0] if form == "call" else None
    )
    walk.window = walk.perform(window.schedule, command, by=by).id


@deed("schedule a call")
def _schedule_call(walk: Walker, by: Actor, words: str) -> None:
    _schedule(walk, by, words, form="call")


@deed("close the window")
def _close_window(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(window.end, walk.window, "close", reason=words, by=by)


@deed("cancel the window")
def _cancel_window(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(window.end, walk.window, "cancel", reason=words, by=by)


@deed("keep time")
def _keep_time(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(window.keep_time)


@deed("answer the call")
def _answer_call(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(window.answer_call, walk.window, digest="c" * 64, rows=1, by=by)


@deed("pack")
def _pack(walk: Walker, by: Actor, words: str) -> tuple[str, ...]:
    """Returns the rules for which requests stay in the reserve."""
    packed = walk.perform(window.pack, walk.window)
    walk.counts = dict(packed.counts)
    return tuple(sorted(packed.stays))


@deed("pack within")
def _pack_within(walk: Walker, by: Actor, words: str) -> tuple[str, ...]:
    """`pack within REGION`: only what lies in a part of the window's region."""
    packed = walk.perform(window.pack, walk.window, scope=words)
    walk.counts = dict(packed.counts)
    return tuple(sorted(packed.stays))


@deed("unpack")
def _unpack(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(window.unpack, walk.window)


@deed("let lapse")
def _lapse(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(window.lapse)


# --- lists ---


@deed("hand over")
def _hand_over(walk: Walker, by: Actor, words: str) -> None:
    moved = walk.perform(submission.hand_over, walk.request.batch or 0, by=by)
    walk.counts = dict(moved.left)


@deed("hand over the last batch")
def _hand_over_last(walk: Walker, by: Actor, words: str) -> None:
    batches = walk.ground.ask(lambda register: register.batches(walk.window, ""))
    walk.perform(submission.hand_over, batches[-1].id, by=by)


@deed("hand over what is minuted")
def _hand_over_minuted(walk: Walker, by: Actor, words: str) -> None:
    for batch in walk.perform(submission.minuted_batches, walk.window):
        walk.perform(submission.hand_over, batch, by=SYSTEM)


@deed("finalise")
def _finalise(walk: Walker, by: Actor, words: str) -> None:
    number = walk.request.window or walk.window
    moved = walk.perform(submission.finalise, submission.Finalise(number, words or by.held[-1].region), by=by)
    walk.submission = moved.number or walk.submission


@deed("finalise only this batch")
def _finalise_batch(walk: Walker, by: Actor, words: str) -> None:
    request = walk.request
    command = submission.Finalise(request.window or 0, by.held[-1].region, (request.batch or 0,))
    walk.submission = walk.perform(submission.finalise, command, by=by).number or walk.submission


@deed("endorse")
def _endorse(walk: Walker, by: Actor, words: str) -> None:
    """`endorse` with the right letter; `without number`, `without signer`, `with another digest` for others."""
    number = walk.submission
    found = walk.ground.ask(lambda register: register.submission(number))
    digest = found.digest if found else "0" * 64
    letter = Letter(
        "" if words == "without number" else "460/117/427.44/2027",
        walk.today().isoformat(),
        "" if words == "without signer" else "Bupati Lumajang",
        "f" * 64
        if words == "with another digest"
        else digest[:15]
        if words == "with fifteen signs"
        else digest[:16],
        "d" * 64,
    )
    walk.perform(submission.endorse, submission.Endorse(walk.submission, letter), by=by)


def _send(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(submission.prepare_sending, walk.submission, by=by)
    walk.perform(submission.send, walk.submission, file="e" * 64, by=by)


@deed("determine")
def _determine(walk: Walker, by: Actor, words: str, number: int | None = None) -> None:
    outcome, _, reason = words.partition(" ")
    rows = [submission.Answer(number or walk.number, outcome, reason or ("9" if outcome == "no" else None))]
    done = walk.perform(submission.answer, rows, document="f" * 64, by=by)
    walk.counts = {
        "applied": done.applied,
        "refused": done.refused,
        "conflicts": done.conflicts,
        "again": done.again,
        **({"satisfied": done.satisfied} if done.satisfied else {}),
        **({"unknown": len(done.unknown)} if done.unknown else {}),
    }


@deed("determine a number that nobody has")
def _determine_unknown(walk: Walker, by: Actor, words: str) -> None:
    _determine(walk, by, "yes", walk.number + 1000)


# --- annulling ---


@deed("ask to annul")
def _ask_to_annul(walk: Walker, by: Actor, words: str) -> None:
    """`ask to annul`; `without reason` or `without statement` for a form that lacks it."""
    command = annulment.Ask(
        walk.number,
        " " if words == "without reason" else "Diterapkan pada rumah yang salah.",
        "" if words == "without statement" else "9" * 64,
        "application/pdf",
    )
    walk.annulment = walk.perform(annulment.ask, command, by=by).id


def _decide_annulment(walk: Walker, by: Actor, verb: str, note: str = "") -> None:
    done = walk.perform(annulment.decide, annulment.Decide(walk.annulment, verb, note), by=by)
    walk.tasks = done.tasks
    walk.counts = {"reopened": len(done.reopened)} if done.reopened else {}


@deed("approve the annulment")
def _approve_annulment(walk: Walker, by: Actor, words: str) -> None:
    _decide_annulment(walk, by, "approve")


@deed("refuse the annulment")
def _refuse_annulment(walk: Walker, by: Actor, words: str) -> None:
    _decide_annulment(walk, by, "refuse", words)


@deed("take the annulment back")
def _take_annulment_back(walk: Walker, by: Actor, words: str) -> None:
    _decide_annulment(walk, by, "take_back")


@deed("approve the annulment from an older page")
def _approve_from_an_older_page(walk: Walker, by: Actor, words: str) -> None:
    command = annulment.Decide(walk.annulment, "approve", seen=0)
    walk.perform(annulment.decide, command, by=by)


@deed("annul")
def _annul(walk: Walker, by: Actor, words: str) -> None:
    """The whole of it at once: the supervisor asks, unless that was done, and whoever acts decides."""
    found = walk.ground.ask(lambda register: register.annulments_of([walk.number]))
    waits = [one.id for one in found if one.state is Annulling.ASKED]
    if waits:
        walk.annulment = waits[0]
    else:
        _ask_to_annul(walk, CAST["supervisor"], "")
    _approve_annulment(walk, by, "")


# --- erasing ---


@deed("ask to erase")
def _ask_to_erase(walk: Walker, by: Actor, words: str) -> None:
    """`ask to erase`, or another KIND and BASIS: `ask to erase seal court`; `without letter` for a form that lacks it."""
    kind, basis = ("erase", "asked") if words in ("", "without letter") else words.split()
    letter = " " if words == "without letter" else "460/12, 3 Februari 2027"
    command = erasure.Ask(Erasing(kind), walk.house.wife, basis, letter)
    walk.erasure = walk.perform(erasure.ask, command, by=by).id


@deed("approve the erasure")
def _approve_erasure(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(erasure.decide, erasure.Decide(walk.erasure, "approve"), by=by)


@deed("approve the erasure from an older page")
def _approve_erasure_from_an_older_page(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(erasure.decide, erasure.Decide(walk.erasure, "approve", seen=0), by=by)


@deed("refuse the erasure")
def _refuse_erasure(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(erasure.decide, erasure.Decide(walk.erasure, "refuse", words), by=by)


@deed("take the erasure back")
def _take_erasure_back(walk: Walker, by: Actor, words: str) -> None:
    walk.perform(erasure.decide, erasure.Decide(walk.erasure, "take_back"), by=by)


TO_APPLIED = (
    ("record", "operator"), ("prove", "operator"), ("reserve", "operator"), ("deliberate fit", "village head"),
    ("open a window", "supervisor"), ("pack", "system"), ("hand over", "village head"), ("verify verified", "verifier"),
    ("finalise", "supervisor"), ("endorse", "bupati's office"), ("send", "supervisor"), ("determine yes", "centre"),
)  # fmt: skip


@deed("apply another")
def _apply_another(walk: Walker, by: Actor, words: str) -> None:
    """Another request about the same house comes into force meanwhile; `apply another floor_material=7` says which."""
    own, window_before = walk.name, walk.window
    walk.name = f"{own[0]}-other"
    for other, who in TO_APPLIED:
        if other != "open a window" or not walk.window:
            refused = walk.do(
                f"record living_conditions {words}" if other == "record" and words else other, who
            )
            # Why others stay in the reserve is not about this one.
            assert not refused or other == "pack", f"{other} by {who}: {refused}"
    walk.name, walk.window = own, window_before or walk.window


@deed("annul the other")
def _annul_the_other(walk: Walker, by: Actor, words: str) -> None:
    own, walk.name = walk.name, f"{walk.name[0]}-other"
    _annul(walk, by, "")
    walk.name = own


# --- what happens beside the route ---


@deed("look after a list")
def _look_after(walk: Walker, by: Actor, words: str) -> None:
    """What follows when a list was taken in: what has come true by it is settled."""
    looked = walk.perform(window.look_after, region=KABUPATEN)
    walk.counts = {**looked.counts, **({"to be ended": len(looked.tasks)} if looked.tasks else {})}


@deed("state")
def _state(walk: Walker, by: Actor, words: str) -> None:
    """Another source says something about the same house: `state floor_material=7 [on DAY]`."""
    told, _, day = words.partition(" on ")
    subjects = {"family": walk.house.family, "dwelling": walk.house.dwelling, "person": walk.house.wife}
    for name, value in values_of(told).items():
        of = wiring.terms().attributes[name].of
        walk.perform(
            state_facts, [Stated(subjects[of], of, {name: value})], region=VILLAGE,
            holds_from=date.fromisoformat(day) if day else walk.today(), authority="social", source="source:other",
            by=by,
        )  # fmt: skip


@deed("end the head's")
def _end_registration_of_head(walk: Walker, by: Actor, words: str) -> None:
    """Another source says that the head of the house is registered no more, by own wish."""
    ended = {"registration": "ended", "registration_reason": "own_wish"}
    walk.perform(
        state_facts, [Stated(walk.house.head, "person", ended)], region=VILLAGE, holds_from=walk.today(),
        authority="social", source="source:other", by=by,
    )  # fmt: skip


# --- the straight way -----------------------------------------------------------------------------------------------

WAY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "draft": (("record", "operator"),),
    "reserved": (("prove", "operator"), ("reserve", "operator")),
    "deliberated": (("deliberate fit", "village head"),),
    "packed": (("open a window", "supervisor"), ("pack", "system")),
    "handed_over": (("hand over", "village head"),),
    "verified": (("verify verified", "verifier"),),
    "finalised": (("finalise", "supervisor"),),
    "endorsed": (("endorse", "bupati's office"),),
    "sent": (("send", "supervisor"),),
    "applied": (("determine yes", "supervisor"),),
}
"""The states of the straight way with the deeds that lead to each from the one before."""


@deed("open a window")
def _open_window(walk: Walker, by: Actor, words: str) -> None:
    """A window that opens tomorrow, cuts off after twelve days and closes after four weeks; goes to its first morning."""
    days = [(walk.today() + timedelta(days=ahead)).isoformat() for ahead in (1, 13, 29)]
    _schedule(walk, by, " ".join(days) + (f" {words}" if words else ""))
    walk.now = instant(days[0])
    _keep_time(walk, by, "")


def walk_to(state: str, *, ground: Ground | None = None) -> Walker:
    """A request in a state of the straight way."""
    walk = Walker(ground or MemoryGround())
    for reached, deeds in WAY.items():
        for words, who in deeds:
            walk.must(words, who)
        if reached == state:
            break
    assert walk.state == state
    return walk


def windows_of(ground: Ground) -> tuple[Window, ...]:
    return ground.ask(lambda register: register.windows(""))


@contextmanager
def unchanged(walk: Walker) -> Iterator[None]:
    """Nothing may be added to the request's history inside."""
    before = walk.history
    yield
    assert walk.history == before
