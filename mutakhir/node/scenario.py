"""The months behind a demonstration: what villages, Dinsos and the centre did until now, walked by the actions themselves."""

from __future__ import annotations

import hashlib
import inspect
import random
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from mutakhir import wiring
from mutakhir.actions import annulment, change_request, review, session, submission, transfer, visit, window
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core import dates
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import add_months, last_day_of_month, today_in
from mutakhir.core.change_requests import Request, State, required_evidence
from mutakhir.core.facts import Value
from mutakhir.core.flows.session import Decision
from mutakhir.core.flows.submission import Letter
from mutakhir.core.flows.visit import Photograph
from mutakhir.core.flows.window import Act
from mutakhir.core.kinds import KINDS, Evidence
from mutakhir.synth import pictures
from mutakhir.synth.requests import Request as Drawn
from mutakhir.synth.requests import Shares
from mutakhir.synth.requests import requests as draw_requests
from mutakhir.wiring import annulments, timekeeping
from mutakhir.wiring.lists import send_list, take_answer_file

if TYPE_CHECKING:
    from mutakhir.node.demo import Known, Person

WIB = timedelta(hours=7)
HOUSE = "living_conditions"
PHOTO_BYTES = 5 << 20


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the story, counted back from the day on which it is told."""

    today: date
    opened: date
    cut_off: date
    closed: date
    now_opened: date
    now_cut_off: date
    now_closes: date
    next_opens: date
    next_cut_off: date
    next_closes: date

    @property
    def first(self) -> date:
        """Whoever is asked for was born before anything was written down."""
        return self.today - timedelta(days=120)

    @classmethod
    def before(cls, today: date) -> Days:
        """A window of the month that lies 40 days back, one that opened six days ago, and one that is announced."""
        past = (today - timedelta(days=40)).replace(day=1)
        month = add_months((today + timedelta(days=29)).replace(day=1), 1)
        monday = month + timedelta(days=-month.weekday() % 7)
        return cls(
            today=today,
            opened=past,
            cut_off=past.replace(day=15),
            closed=last_day_of_month(past),
            now_opened=today - timedelta(days=6),
            now_cut_off=today + timedelta(days=10),
            now_closes=today + timedelta(days=16),
            next_opens=monday,
            next_cut_off=month.replace(day=15),
            next_closes=last_day_of_month(month),
        )


MONTHS = dates.MONTHS["id"]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An hour of the clock in Lumajang."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - WIB


@dataclass(slots=True)
class Ask:
    """One request of the story: what it is about, what becomes of it, and under which number it stands."""

    village: str
    drawn: Drawn
    known: Known
    fate: str
    number: int = 0


# What becomes of requests in one village, as fate: how many.
_BURNO = {
    "applied": 6, "told_no": 1, "late_conflict": 1, "refused_then": 1, "returned_lapsed": 1, "returned_resumed": 1,
    "appealed_then": 1, "satisfied": 2, "withdrawn_then": 1, "draft_lapsed": 1, "village_no_then": 1, "undecided_late": 2,
    "conflict": 2, "verified": 3, "returned": 1, "refused": 1, "review": 4, "packed": 5, "packed_leaving": 1,
    "ready": 8, "undecided": 5, "entered": 3, "incomplete": 5, "village_no": 1, "appealed": 1, "draft": 4, "withdrawn": 1,
    "cancellation": 1, "wrong_death": 3,
    "reported": 2, "told_at_home": 1, "referred": 2, "moving": 2, "succeeding": 1,
}  # fmt: skip
_REVIEWED = {
    "applied": 4,
    "told_no": 1,
    "review": 36,
    "conflict": 2,
    "ready": 4,
    "undecided": 3,
    "incomplete": 2,
    "draft": 1,
}
_RESERVE = {"ready": 3, "undecided": 3, "incomplete": 2, "draft": 1}
_PROFILES: tuple[dict[str, int], ...] = (
    {"applied": 10, "told_no": 2, "review": 3, **_RESERVE},
    {"applied": 8, "satisfied": 1, "review": 4, **_RESERVE},
    {"sent": 10, "returned_resumed": 1, "finalised": 6, **_RESERVE},
    {"sent": 9, "refused_then": 1, "finalised": 5, **_RESERVE},
    {"carried": 8, "conflict": 1, "endorsed": 5, **_RESERVE},
    {"carried": 7, "appealed_then": 1, "endorsed": 5, **_RESERVE},
    {"unpacked": 6, "unpacked_leaving": 1, "packed": 2, "packed_leaving": 1, **_RESERVE},
    {"applied": 6, "verified_whole": 6, **_RESERVE},
    {"sent": 5, "review": 6, "returned": 1, **_RESERVE},
    {"applied": 5, "undecided_late": 3, "village_no": 1, **_RESERVE},
    {"draft_lapsed": 2, "withdrawn": 1, "review": 5, **_RESERVE},
    {"applied": 4, "review": 4, "appealed": 1, "entered": 2, **_RESERVE},
)

# Which kinds a fate can have; the rest follow what is drawn.
_ONLY_HOUSES = frozenset(
    [
        "late_conflict",
        "satisfied",
        "conflict",
        "verified",
        "returned",
        "refused",
        "review",
        "packed",
        "finalised",
        "endorsed",
        "verified_whole",
        "returned_resumed",
    ]
)
_NO_HOUSES = frozenset(["ready", "carried", "appealed", "village_no", "undecided", "entered", "cancellation"])
_OF_KIND = {
    "reported": "death",
    "told_at_home": "correction",
    "referred": "correction",
    "moving": "moved",
    "succeeding": "change_of_pengurus",
}
"""Fates that belong to one kind; they are drawn apart, so that what the others draw stays as it is."""
_LEAVING = frozenset({"packed_leaving", "unpacked_leaving"})
_FLAVOURS = {"satisfied": "already_true", "conflict": "conflict", "late_conflict": "conflict"}
_EARLY = frozenset(
    [
        "applied",
        "wrong_death",
        "told_no",
        "late_conflict",
        "refused_then",
        "returned_lapsed",
        "returned_resumed",
        "appealed_then",
        "satisfied",
        "withdrawn_then",
        "draft_lapsed",
        "village_no_then",
        "undecided_late",
        "sent",
        "carried",
        "unpacked",
        "unpacked_leaving",
    ]
)
_DRAFTS = frozenset({"draft", "draft_lapsed"})
_UNDECIDED = frozenset(
    ["undecided", "undecided_late", "entered", "incomplete", "withdrawn", "withdrawn_then"]
)
_SECOND_BATCH = frozenset({"packed", "packed_leaving"})


@dataclass(slots=True)
class Story:
    """Tells what happened, deed by deed in the order of the days, inside the transaction that is open.

    `shown` are the families of each village that has work, `staff` its operator and its head.
    """

    shown: Mapping[str, Sequence[Known]]
    staff: Mapping[str, tuple[Person, Person]]
    now: datetime
    progress: Callable[[int, int], None]
    tickets: list[dict[str, str]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    deeds: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    windows: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    meetings: dict[tuple[str, datetime], int] = field(default_factory=dict)
    annulments: list[int] = field(default_factory=list)
    blobs: dict[bytes, str] = field(default_factory=dict)
    days: Days = field(init=False)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.days = Days.before(today_in("", self.now))
        self.dice = random.Random("story")  # noqa: S311

    def tell(self) -> None:
        """Plan everything, then do it in the order of the days. A deed that is refused is a mistake of the plan."""
        self._cast_fates()
        self._plan_windows()
        for ask in self.asks:
            self._plan_request(ask)
        for village in self.shown:
            self._plan_meetings(village)
        self._plan_past_window()
        self._plan_open_window()
        self.deeds.sort(key=lambda one: one[:2])
        assert self.deeds[-1][0] <= self.now, "nothing of the story may lie ahead"
        for place, (instant, _, deed) in enumerate(self.deeds):
            deed(instant)
            if place % 50 == 0:
                self.progress(place, len(self.deeds))
        self.progress(len(self.deeds), len(self.deeds))

    # --- who asks for what ---

    def _cast_fates(self) -> None:
        from mutakhir.node.demo import REVIEWED, STAFFED, VILLAGE

        fates = {VILLAGE: _BURNO, REVIEWED: _REVIEWED, **dict(zip(STAFFED, _PROFILES, strict=True))}
        for village, wanted in fates.items():
            drawn = self._drawn(village)
            for fate, count in wanted.items():
                for _ in range(count):
                    found = drawn.send(fate)
                    if found is not None:
                        self.asks.append(Ask(village, found, self.shown[village][found.family], fate))

    def _drawn(self, village: str) -> Generator[Drawn | None, str, None]:
        """Give one drawn request for each fate that is sent in; None when the village has no more families."""
        generator = self._match(village)
        next(generator)
        return generator

    def _match(self, village: str) -> Generator[Drawn | None, str, None]:
        known = self.shown[village]
        families = [one.family for one in known]
        shares = Shares(
            already_true=0.06,
            conflict=0.06,
            incomplete=0.0,
            kinds={
                "living_conditions": 56,
                "new_person": 14,
                "new_family": 12,
                "not_eligible": 12,
                "leaving": 6,
            },
        )
        stream = draw_requests(
            seed=int(village), families=families, count=len(families), today=self.days.first, shares=shares
        ) if families else iter(())  # fmt: skip
        apart = list(draw_requests(
            seed=int(village) + 1,
            families=families,
            count=2 * len(families),
            today=self.days.first,
            shares=Shares(0.0, 0.0, 0.0, dict.fromkeys(_OF_KIND.values(), 1.0)),
        )) if families else []  # fmt: skip
        left: list[Drawn] = []
        answer: Drawn | None = None
        while True:
            fate = yield answer
            if fate in _OF_KIND:
                taken = {ask.drawn.family for ask in self.asks if ask.village == village}
                answer = next(
                    (one for one in apart if one.family not in taken and self._is_told(fate, one, known)),
                    None,
                )
                continue
            answer = next((one for one in left if fits(fate, one)), None)
            if answer is not None:
                left.remove(answer)
                continue
            for one in stream:
                if fits(fate, one):
                    answer = one
                    break
                left.append(one)

    def _is_told(self, fate: str, drawn: Drawn, known: Sequence[Known]) -> bool:
        """Whether a drawn request tells what its fate is about: a death leaves others, a card is right or is not."""
        if drawn.kind != _OF_KIND[fate]:
            return False
        if fate in ("reported", "succeeding"):
            return len(known[drawn.family].persons) > 1
        return fate == "moving" or drawn.reason == ("card_right" if fate == "told_at_home" else "card_wrong")

    # --- recording ---

    def _plan_request(self, ask: Ask) -> None:
        early = ask.fate in _EARLY
        days = self.days
        if ask.fate == "undecided_late":
            first, last = days.today - timedelta(days=112), days.today - timedelta(days=96)
        elif ask.fate == "draft_lapsed":
            first, last = days.opened - timedelta(days=40), days.opened - timedelta(days=20)
        elif early:
            first, last = days.opened - timedelta(days=48), days.opened - timedelta(days=16)
        elif ask.fate == "draft":
            first, last = days.today - timedelta(days=19), days.today - timedelta(days=1)
        elif ask.fate == "packed_leaving":
            first, last = days.today - timedelta(days=5), days.today - timedelta(days=4)
        elif ask.fate in ("undecided", "incomplete", "entered"):
            first, last = days.today - timedelta(days=10), days.today - timedelta(days=6)
        else:
            first, last = days.now_opened - timedelta(days=20), days.now_opened - timedelta(days=8)
        day = self._working_day(first, last)
        instant = at(day, self.dice.randrange(8, 14), self.dice.randrange(60))
        self._do(instant, lambda when: self._record(ask, when))
        if ask.fate in _DRAFTS:
            return
        self._do(instant + timedelta(minutes=9), lambda when: self._reserve(ask, when))
        if ask.fate in ("withdrawn", "withdrawn_then"):
            later = at(day + timedelta(days=3), 10, 20)
            self._do(
                later,
                lambda when: self._step(
                    ask, "withdraw", when, {"statement": "Pemohon menarik permintaannya."}
                ),
            )
        if ask.fate == "referred":
            told = {"statement": "Dibawa anaknya ke loket kecamatan, sudah ada tanda terima."}
            self._do(
                at(days.today - timedelta(days=2), 11, 5), lambda when: self._step(ask, "refer", when, told)
            )
        if ask.fate == "cancellation":
            self._do(
                at(days.today - timedelta(days=2), 19, 12),
                lambda when: self._act(
                    change_request.ask_cancellation, ask.number, region=ask.village, now=when
                ),
            )
        if ask.drawn.meanwhile and ask.drawn.flavour != "valid":
            self._plan_news(ask)

    def _plan_news(self, ask: Ask) -> None:
        """Somebody else brings the register up to date while the request waits."""
        when = {
            "satisfied": at(self.days.opened - timedelta(days=4), 13),
            "late_conflict": at(self.days.closed + timedelta(days=2), 13),
            "conflict": at(self.days.now_opened - timedelta(days=2), 13),
        }[ask.fate]
        self._do(when, lambda instant: self._bring_news(ask, instant))

    def _bring_news(self, ask: Ask, now: datetime) -> None:
        attributes = wiring.terms().attributes
        stated: dict[tuple[int, str], dict[str, Value]] = {}
        for name, value in ask.drawn.meanwhile.items():
            of = attributes[name].of
            stated.setdefault((ask.known.dwelling if of == "dwelling" else ask.known.number, of), {})[
                name
            ] = value
        self._act(
            state_facts,
            [Stated(subject, kind, values) for (subject, kind), values in stated.items()],
            region=ask.village,
            holds_from=today_in(ask.village, now),
            authority="social",
            source="source:pemutakhiran lapangan",
            actor=self._of("pengisi"),
            now=now,
        )

    def _record(self, ask: Ask, now: datetime) -> None:
        drawn, known = ask.drawn, ask.known
        applicant = known.family.persons[drawn.applicant].attributes
        content = self._content(ask, today_in(ask.village, now))
        family = None if drawn.kind == "new_family" else known.number
        named = {"name": str(applicant["name"]), "standing": "member"}
        command = change_request.Record(drawn.kind, ask.village, named, family, content)
        operator = self.staff[ask.village][0].actor
        ask.number = self._act(change_request.record, command, actor=operator, now=now).id
        papers = list(self._papers(ask, content))
        if ask.fate == "incomplete" or (ask.fate == "draft" and self.dice.random() < 0.6):
            papers = papers[:-1]
        for place, (kind, picture, name) in enumerate(papers):
            taken = now + timedelta(minutes=2 + 2 * place)
            proof = {
                "kind": kind.value,
                "digest": self._blob(picture),
                "media_type": "image/png",
                "name": name,
                "added_at": taken.isoformat(),
                "added_by": operator.login,
                "taken_at": (taken - timedelta(minutes=1)).isoformat(),
            }
            self._step(ask, "prove", taken, {"evidence": proof})

    def _content(self, ask: Ask, today: date) -> change_request.Content:
        drawn, known = ask.drawn, ask.known
        born = str(known.family.persons[drawn.applicant].attributes["birth_date"])
        told: dict[str, Any] = {"birth_date": born, "reason": drawn.reason or None}
        told["holds_from"] = today - timedelta(days=self.dice.randrange(3, 15))
        terms = wiring.terms()
        if drawn.kind == HOUSE:
            return change_request.Content(wanted=dict(drawn.changes), **told)
        if drawn.kind == "new_person":
            return change_request.Content(newcomers=(dict(drawn.changes),), **told)
        if drawn.kind == "new_family":
            people = set(drawn.persons[0])
            wanted = {
                name: value
                for name, value in drawn.changes.items()
                if name not in people and terms.attributes[name].of != "person"
            }
            return change_request.Content(
                wanted=wanted, newcomers=tuple(dict(person) for person in drawn.persons), **told
            )
        if drawn.kind == "not_eligible":
            assert drawn.person is not None
            if died := drawn.changes.get("died_on"):
                told["holds_from"] = min(date.fromisoformat(str(died)), today)
            return change_request.Content(people=(known.persons[drawn.person],), **told)
        if drawn.kind == "moved":
            return change_request.Content(wanted=dict(drawn.changes), **told)
        if drawn.kind == "change_of_pengurus":
            chosen = known.persons[int(str(drawn.changes["pengurus"]))]
            return change_request.Content(wanted={"pengurus": chosen}, **told)
        if drawn.kind in ("death", "correction"):
            assert drawn.person is not None
            wanted = {} if drawn.kind == "death" else dict(drawn.changes)
            return change_request.Content(people=(known.persons[drawn.person],), wanted=wanted, **told)
        return change_request.Content(people=known.persons, **told)

    def _papers(self, ask: Ask, content: change_request.Content) -> Iterator[tuple[Evidence, bytes, str]]:
        """The papers and photographs that prove a request, the form first."""
        variant = self.dice.randrange(pictures.VARIANTS)
        house = {**ask.known.family.dwelling.attributes, **ask.drawn.changes}
        yield Evidence.FORM, pictures.draw_paper("FORMULIR PERMINTAAN", variant), "formulir.png"
        needed = required_evidence(KINDS[ask.drawn.kind], reason=content.reason, attributes=[*content.wanted])
        for kind in needed:
            if kind is Evidence.HOUSE_FRONT:
                walls, roof = str(house.get("wall_material", "1")), str(house.get("roof_material", "2"))
                yield kind, pictures.draw_house(walls, roof, variant), "rumah-depan.png"
            elif kind is Evidence.HOUSE_FLOOR:
                yield kind, pictures.draw_floor(str(house.get("floor_material", "6")), variant), "lantai.png"
            else:
                title, name = _TITLES[kind]
                yield kind, pictures.draw_paper(title, variant), name

    def _reserve(self, ask: Ask, now: datetime) -> None:
        chance = hashlib.sha256(f"ticket {ask.village} {self.asks.index(ask)}".encode()).digest()
        operator = self.staff[ask.village][0].actor
        request = self._act(change_request.reserve, ask.number, randomness=chance, actor=operator, now=now)
        told = ("applied", "review", "ready", "returned", "told_no", "wrong_death")
        if ask.fate in told and len(self.tickets) < 12:
            born = str(ask.known.family.persons[ask.drawn.applicant].attributes["birth_date"])
            if all(one["fate"] != ask.fate for one in self.tickets):
                self.tickets.append({"number": request.ticket, "birth_date": born, "fate": ask.fate})

    # --- village meetings ---

    def _plan_meetings(self, village: str) -> None:
        days = self.days
        first = self._working_day(days.opened - timedelta(days=11), days.opened - timedelta(days=8))
        second = self._working_day(days.now_opened - timedelta(days=4), days.now_opened - timedelta(days=1))
        self._plan_meeting(village, first, lambda ask: ask.fate in _EARLY, hour=9)
        self._plan_meeting(
            village, second, lambda ask: ask.fate not in _EARLY and ask.fate not in _SECOND_BATCH, hour=13
        )
        later = self._working_day(days.today - timedelta(days=5), days.today - timedelta(days=4))
        self._plan_meeting(village, later, lambda ask: ask.fate in _SECOND_BATCH, hour=10, form="sptjm")
        lately = self._working_day(days.today - timedelta(days=2), days.today - timedelta(days=1))
        self._plan_meeting(village, lately, lambda ask: ask.fate == "entered", hour=14, confirmed=False)

    def _plan_meeting(
        self,
        village: str,
        day: date,
        chosen: Callable[[Ask], bool],
        *,
        hour: int,
        form: str = "meeting",
        confirmed: bool = True,
    ) -> None:
        agenda = [
            ask
            for ask in self.asks
            if ask.village == village
            and chosen(ask)
            and KINDS[ask.drawn.kind].deliberated
            and ask.fate not in _DRAFTS
            and (ask.fate not in _UNDECIDED or (ask.fate == "entered" and not confirmed))
        ]
        if not agenda:
            return
        called = at(day, hour) if form == "sptjm" else at(day - timedelta(days=3), hour)
        key = (village, called)
        entered = at(day, hour + 3) if form == "meeting" else at(day, hour, 20)
        self._do(called, lambda when: self._call(key, day, agenda, form, when))
        self._do(entered, lambda when: self._enter(key, agenda, when))
        self._do(at(day, hour + 3, 40), lambda when: self._prove(key, form, when))
        if confirmed:
            self._do(at(day, hour + 4), lambda when: self._confirm(key, agenda, when))

    def _call(
        self, key: tuple[str, datetime], day: date, agenda: Sequence[Ask], form: str, now: datetime
    ) -> None:
        village = key[0]
        place = "Balai desa" if form == "meeting" else ""
        command = session.Call(village, day, place, form, tuple(ask.number for ask in agenda))
        called = self._act(session.call, command, actor=self.staff[village][0].actor, now=now)
        self.meetings[key] = called.id

    def _enter(self, key: tuple[str, datetime], agenda: Sequence[Ask], now: datetime) -> None:
        decisions = tuple(
            Decision(ask.number, "not_fit", "Keadaan rumah belum sesuai dengan yang diajukan.")
            if ask.fate in ("village_no", "village_no_then", "appealed", "appealed_then")
            else Decision(ask.number, "fit")
            for ask in agenda
        )
        command = session.Enter(self.meetings[key], decisions, attendance=self.dice.randrange(14, 38))
        self._act(session.enter, command, actor=self.staff[key[0]][0].actor, now=now)

    def _prove(self, key: tuple[str, datetime], form: str, now: datetime) -> None:
        proof, title, name = (
            ("minutes", "BERITA ACARA", "berita-acara.png")
            if form == "meeting"
            else ("sptjm", "SPTJM", "sptjm.png")
        )
        digest = self._blob(pictures.draw_paper(title, self.dice.randrange(pictures.VARIANTS)))
        command = session.Prove(self.meetings[key], digest, proof, "image/png", name)
        self._act(session.prove, command, actor=self.staff[key[0]][0].actor, now=now)

    def _confirm(self, key: tuple[str, datetime], agenda: Sequence[Ask], now: datetime) -> None:
        head = self.staff[key[0]][1]
        self._act(session.confirm, session.Confirm(self.meetings[key]), actor=head.actor, now=now)
        for ask in agenda:
            if ask.fate in ("appealed", "appealed_then"):
                statement = "Atap rumah bocor dan dinding belum diperbaiki; mohon dilihat lagi."
                self._step(ask, "appeal", now + timedelta(minutes=45), {"statement": statement})

    # --- windows ---

    def _plan_windows(self) -> None:
        days = self.days
        past = f"{MONTHS[days.opened.month - 1]} {days.opened.year}"
        following = f"{MONTHS[days.next_opens.month - 1]} {days.next_opens.year}"
        self._plan_window(
            "past", past, days.opened - timedelta(days=12), (days.opened, days.cut_off, days.closed), ()
        )
        self._plan_window(
            "open",
            f"Kondisi rumah, {MONTHS[days.now_opened.month - 1]} {days.now_opened.year}",
            days.now_opened - timedelta(days=6),
            (days.now_opened, days.now_cut_off, days.now_closes),
            (HOUSE, "leaving"),
        )
        self._plan_window(
            "next",
            following,
            days.today - timedelta(days=3),
            (days.next_opens, days.next_cut_off, days.next_closes),
            (),
        )

    def _plan_window(
        self, key: str, name: str, set_on: date, span: tuple[date, date, date], kinds: tuple[str, ...]
    ) -> None:
        opens, cut_off, closes = span

        def schedule(now: datetime) -> None:
            number = f"S-{opens.month + 110}/MS/{_ROMAN[set_on.month - 1]}/{set_on.year}"
            command = window.Schedule(
                region=self._of("nira").held[0].region,
                opens=at(opens, 0),
                cut_off=at(cut_off, 23, 59),
                closes=at(closes, 23, 59),
                act=Act(number, set_on.isoformat(), "Kepala Pusdatin Kesos"),
                kinds=kinds,
                name=name,
            )
            self.windows[key] = self._act(window.schedule, command, actor=self._of("nira"), now=now).id

        self._do(at(set_on, 11), schedule)

    def _keep_time(self, now: datetime) -> None:
        timekeeping.advance(now)

    def _plan_past_window(self) -> None:
        days = self.days
        self._do(at(days.opened, 0, 1), self._keep_time)
        self._plan_handing_over("past", days.opened + timedelta(days=2))
        self._do(at(days.cut_off + timedelta(days=1), 0, 5), self._keep_time)
        done = frozenset(
            [
                "applied",
                "wrong_death",
                "told_no",
                "late_conflict",
                "appealed_then",
                "sent",
                "carried",
                "refused_then",
                "returned_lapsed",
                "returned_resumed",
            ]
        )
        self._plan_verification(
            "past", done, (days.opened + timedelta(days=5), days.opened + timedelta(days=11))
        )
        resumed = self._working_day(days.opened + timedelta(days=14), days.opened + timedelta(days=17))
        for ask in self.asks:
            if ask.fate == "returned_resumed":
                self._do(at(resumed, 10, 15), self._resume(ask))
        for name, fate in (("answered", "applied"), ("waiting", "sent")):
            frozen = self._working_day(days.opened + timedelta(days=16), days.opened + timedelta(days=18))
            signed = self._working_day(frozen + timedelta(days=2), frozen + timedelta(days=4))
            sent = self._working_day(signed + timedelta(days=1), signed + timedelta(days=5))
            self._plan_list(name, "past", fate, frozen, signed=signed, sent=sent)
        frozen = self._working_day(days.closed - timedelta(days=3), days.closed - timedelta(days=1))
        signed = self._working_day(days.closed + timedelta(days=2), days.closed + timedelta(days=4))
        self._plan_list("carried", "past", "carried", frozen, signed=signed)
        answered = days.today - timedelta(days=10)
        self._do(at(answered, 15), lambda when: self._answer("answered", when))
        self._do(at(days.today - timedelta(days=8), 10), lambda when: self._ask_to_annul(0, when))
        self._do(at(days.today - timedelta(days=8), 14), self._annul)
        self._do(at(days.today - timedelta(days=1), 10), lambda when: self._ask_to_annul(1, when))
        for back in (9, 6, 3):
            self._do(at(days.today - timedelta(days=back), 0, 10), self._keep_time)

    def _resume(self, ask: Ask) -> Callable[[datetime], None]:
        def deed(now: datetime) -> None:
            operator = self.staff[ask.village][0].actor
            self._act(change_request.resume, change_request.Resume(ask.number), actor=operator, now=now)

        return deed

    def _plan_open_window(self) -> None:
        days = self.days
        self._do(at(days.now_opened, 0, 1), self._keep_time)
        self._plan_handing_over("open", days.now_opened)
        done = frozenset(["verified", "returned", "refused", "finalised", "endorsed", "verified_whole"])
        self._plan_verification("open", done, (days.now_opened, days.now_opened + timedelta(days=1)))
        for name in ("finalised", "endorsed"):
            frozen = self._working_day(
                days.now_opened + timedelta(days=2), days.now_opened + timedelta(days=4)
            )
            signed = self._working_day(frozen + timedelta(days=1), days.today - timedelta(days=1))
            self._plan_list(name, "open", name, frozen, signed=signed if name == "endorsed" else None)
        self._do(at(days.today - timedelta(days=1), 0, 10), self._keep_time)
        self._plan_visits()
        self._plan_offers()
        self._do(at(days.today, 0), self._keep_time)

    def _plan_visits(self) -> None:
        """The camat forwards one batch; of the houses in it, one was visited, one will be, and one waits for somebody."""
        from mutakhir.node.demo import REVIEWED

        began = at(self.days.now_opened + timedelta(days=1), 10)
        asked = [ask for ask in self.asks if ask.village == REVIEWED and ask.fate == "review"][-4:]

        def forward(now: datetime) -> None:
            (batch,) = {
                one.batch for one in wiring.open_register().requests([ask.number for ask in asked]).values()
            }
            command = review.Forward(batch or 0, "forward:forwarded")
            self._act(review.forward, command, actor=self._of("camat"), now=now)

        def ask_all(now: datetime) -> None:
            for place, ask in enumerate(asked):
                latitude, longitude = -8.0901 - place * 0.0043, 113.0912 + place * 0.0037
                told = [Stated(ask.known.number, "family", {"point": f"{latitude:.5f},{longitude:.5f}"})]
                self._act(
                    state_facts, told, region=ask.village, holds_from=today_in(ask.village, now), authority="social",
                    source="source:pemutakhiran lapangan", actor=self._of("pengisi"), now=now,
                )  # fmt: skip
                command = visit.Ask(ask.number, _VISITED_BECAUSE[place % len(_VISITED_BECAUSE)])
                visited.append(self._act(visit.ask, command, actor=self._of("rudi"), now=now).id)

        def assign(now: datetime) -> None:
            for number in visited[1:]:
                self._act(
                    visit.assign, visit.Assign(number, self._of("lapangan")), actor=self._of("nira"), now=now
                )

        def report(now: datetime) -> None:
            picture = self._blob(pictures.draw_house("4", "2", 1))
            command = visit.Report(
                visited[1], "as_stated", "-8.09440,113.09490", now, Photograph(picture, "image/png", "rumah.png"),
                "Sesuai dengan foto di permintaan.",
            )  # fmt: skip
            self._act(visit.report, command, actor=self._of("lapangan"), now=now)

        visited: list[int] = []
        self._do(began, forward)
        self._do(began + timedelta(hours=1), ask_all)
        self._do(began + timedelta(hours=3), assign)
        self._do(began + timedelta(days=2), report)

    def _plan_offers(self) -> None:
        """Two families have moved between two villages: each is offered the other's request."""
        from mutakhir.node.demo import REVIEWED, VILLAGE

        for village, to in ((VILLAGE, REVIEWED), (REVIEWED, VILLAGE)):
            ready = [ask for ask in self.asks if ask.village == village and ask.fate == "ready"]
            if ready:
                self._do(at(self.days.today - timedelta(days=1), 11), self._offer(ready[-1], to))

    def _offer(self, ask: Ask, to: str) -> Callable[[datetime], None]:
        def deed(now: datetime) -> None:
            command = transfer.Offer(ask.number, to, "Keluarga ini pindah rumah bulan lalu.")
            self._act(transfer.offer, command, actor=self.staff[ask.village][0].actor, now=now)

        return deed

    def _plan_handing_over(self, key: str, day: date) -> None:
        """Heads hand over what the system could not, except where the story says that they were late."""

        def deed(now: datetime) -> None:
            for batch in self._batches(key):
                fates = {ask.fate for ask in self.asks if ask.village == batch.village}
                late = {"unpacked_leaving"} if key == "past" else {"packed_leaving"}
                if batch.handed_over_at is None and not fates & late:
                    head = self.staff[batch.village][1].actor
                    if self._rows(batch.id):
                        self._act(submission.hand_over, batch.id, actor=head, now=now)

        self._do(at(day, 8, 10), deed)

    def _batches(self, key: str) -> Sequence[Any]:
        return wiring.open_register().batches(self.windows[key], "")

    def _rows(self, batch: int) -> list[Request]:
        return submission.all_requests(wiring.open_register(), states=(State.PACKED,), scope="", batch=batch)

    # --- verification and lists ---

    def _plan_verification(self, key: str, fates: frozenset[str], span: tuple[date, date]) -> None:
        """The verifiers look at each row of these fates; half of the villages are Lina's."""
        for place, village in enumerate(self.shown):
            verifier = "rudi" if place % 2 == 0 else "lina"
            day = self._working_day(*span)
            minute = 0
            for ask in self.asks:
                if ask.village == village and ask.fate in fates:
                    minute += self.dice.randrange(2, 6)
                    self._do(at(day, 9) + timedelta(minutes=minute), self._verify(ask, verifier))

    def _verify(self, ask: Ask, verifier: str) -> Callable[[datetime], None]:
        def deed(now: datetime) -> None:
            if self._state(ask) is not State.HANDED_OVER:
                return
            outcome = {
                "returned": "returned",
                "returned_lapsed": "returned",
                "returned_resumed": "returned",
            }.get(ask.fate, "refused" if ask.fate in ("refused", "refused_then") else "verified")
            told = {
                "returned": {"reason": "photo_unclear", "note": "Foto dinding belum tampak jelas."},
                "refused": {"reason": "not_as_found", "note": "Sudah dicek bersama perangkat desa."},
                "verified": {},
            }[outcome]
            self._step(ask, f"verify:{outcome}", now, told, actor=self._of(verifier))

        return deed

    def _plan_list(
        self,
        name: str,
        key: str,
        fate: str,
        frozen: date,
        *,
        signed: date | None = None,
        sent: date | None = None,
    ) -> None:
        """One list of a kabupaten: the batches of the villages with this fate, finalised, endorsed, sent."""
        villages = {ask.village for ask in self.asks if ask.fate == fate}
        if not villages:
            return

        def finalise(now: datetime) -> None:
            batches = tuple(
                one.id
                for one in self._batches(key)
                if one.village in villages and one.handed_over_at is not None and self._all_decided(one.id)
            )
            if not batches:
                return
            command = submission.Finalise(self.windows[key], self._of("nira").held[0].region, batches)
            self.lists[name] = self._act(submission.finalise, command, actor=self._of("nira"), now=now).number

        def sign(now: datetime) -> None:
            if name not in self.lists:
                return
            number = self.lists[name]
            found = wiring.open_register().submission(number)
            assert found is not None
            scan = self._blob(pictures.draw_paper("SURAT PENGESAHAN", len(self.lists) % pictures.VARIANTS))
            today = today_in("", now)
            letter = Letter(
                f"460/{100 + 17 * len(self.lists)}/427.44/{today.year}", today.isoformat(), "Bupati Lumajang",
                found.digest[:16], scan,
            )  # fmt: skip
            self._act(
                submission.endorse, submission.Endorse(number, letter), actor=self._of("bupati"), now=now
            )

        def go(now: datetime) -> None:
            if name in self.lists:
                send_list(self.lists[name], actor=self._of("nira"), now=now)

        self._do(at(frozen, 14, 10), finalise)
        if signed is not None:
            self._do(at(signed, 11, 30), sign)
        if sent is not None:
            self._do(at(sent, 13, 5), go)

    def _all_decided(self, batch: int) -> bool:
        register = wiring.open_register()
        return not submission.all_requests(register, states=(State.HANDED_OVER,), scope="", batch=batch)

    def _answer(self, name: str, now: datetime) -> None:
        """The centre's file for a list: most are accepted, some are not, each with the ministry's own words."""
        if name not in self.lists:
            return
        sent = wiring.open_register().submission(self.lists[name])
        assert sent is not None
        assert sent.file is not None
        refused = {ask.number for ask in self.asks if ask.fate == "told_no"}
        tickets = {one.ticket for one in wiring.open_register().requests(refused).values()}
        with wiring.blobs().open(sent.file) as stream:
            book = load_workbook(BytesIO(stream.read()))
        sheet = book.worksheets[0]
        width = sheet.max_column
        column = 1 + [cell.value for cell in sheet[1]].index("Nomor Permintaan")
        for row in range(1, sheet.max_row + 1):
            ticket = str(sheet.cell(row=row, column=column).value or "").replace("-", "")
            answered = (
                ("hasil", "alasan")
                if row == 1
                else ("tidak disetujui", "kuota penuh")
                if ticket in tickets
                else ("disetujui", "")
            )
            for place, value in enumerate(answered, start=1):
                sheet.cell(row=row, column=width + place, value=value)
        file = BytesIO()
        book.save(file)
        file.seek(0)
        taken = take_answer_file(
            file, name="jawaban.xlsx", submission=self.lists[name], actor=self._of("pusat"), now=now
        )
        assert not taken.refused, taken.refused[:3]

    def _ask_to_annul(self, place: int, now: datetime) -> None:
        """A death turns out to have been written down of somebody else of that name; where nobody died, another change."""
        told = {one["number"] for one in self.tickets}
        applied = [
            request
            for fate in ("wrong_death", "applied")
            for ask in self.asks
            if ask.fate == fate and (request := self._request(ask)).state is State.APPLIED
        ]
        wrong = [one for one in applied if one.reason == "3" or one.ticket not in told][place]
        command = annulment.Ask(
            wrong.id,
            "Yang meninggal tetangganya yang namanya sama; orang ini masih hidup."
            if wrong.reason == "3"
            else "Tertukar dengan tetangga yang namanya sama.",
            self._blob(pictures.draw_paper("SURAT PERNYATAAN", place)),
            "image/png",
        )
        self.annulments.append(self._act(annulment.ask, command, actor=self._of("nira"), now=now).id)

    def _annul(self, now: datetime) -> None:
        for number in self.annulments:
            command = annulment.Decide(number, "approve", "Sudah ditanyakan ke desa.")
            self._act(annulments.decide, command, actor=self._of("kadinsos"), now=now)

    # --- around them ---

    def _do(self, instant: datetime, deed: Callable[[datetime], None]) -> None:
        self.deeds.append((instant, len(self.deeds), deed))

    def _act(
        self,
        action: Callable[..., Any],
        *arguments: Any,
        now: datetime,
        actor: Actor | None = None,
        **told: Any,
    ) -> Any:
        """Carry out an action in the one transaction of the whole story."""
        wanted = inspect.signature(action).parameters
        offered = {"register": wiring.open_register(), "terms": wiring.terms(), "now": now, "actor": actor}
        return action(*arguments, **{name: offered[name] for name in offered if name in wanted}, **told)

    def _step(
        self, ask: Ask, step: str, now: datetime, told: Mapping[str, Any], *, actor: Actor | None = None
    ) -> None:
        command = change_request.Take(ask.number, step, told)
        self._act(change_request.take_step, command, actor=actor or self.staff[ask.village][0].actor, now=now)

    def _state(self, ask: Ask) -> State:
        return self._request(ask).state

    def _request(self, ask: Ask) -> Request:
        return wiring.open_register().requests([ask.number])[ask.number]

    def _of(self, login: str) -> Actor:
        from mutakhir.node.demo import CAST

        return next(person.actor for person in CAST if person.login == login)

    def _blob(self, picture: bytes) -> str:
        if picture not in self.blobs:
            self.blobs[picture] = wiring.blobs().put(BytesIO(picture), limit_bytes=PHOTO_BYTES).digest
        return self.blobs[picture]

    def _working_day(self, first: date, last: date) -> date:
        """A day of the span on which offices work; its last day where it has none."""
        working = wiring.terms().deadlines.working_days  # type: ignore[attr-defined]
        span = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        found = [day for day in span if working.is_working(day)] or span[-1:]
        return found[self.dice.randrange(len(found))]


_VISITED_BECAUSE = (
    "Foto depan rumah kurang jelas.",
    "Lantai di foto berbeda dengan isian.",
    "Alamat di permintaan tidak lengkap.",
    "Contoh acak dari kumpulan ini.",
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_TITLES: Mapping[Evidence, tuple[str, str]] = {
    Evidence.FORM: ("FORMULIR PERMINTAAN", "formulir.png"),
    Evidence.IDENTITY_CARD: ("KARTU TANDA PENDUDUK", "ktp.png"),
    Evidence.FAMILY_CARD: ("KARTU KELUARGA", "kartu-keluarga.png"),
    Evidence.STATEMENT: ("SURAT PERNYATAAN", "surat-pernyataan.png"),
    Evidence.DEATH_LETTER: ("SURAT KEMATIAN", "surat-kematian.png"),
    Evidence.MOVE_LETTER: ("SURAT PINDAH", "surat-pindah.png"),
    Evidence.OTHER: ("SURAT KETERANGAN", "surat-keterangan.png"),
}


def fits(fate: str, drawn: Drawn) -> bool:
    """Whether a drawn request can have this fate."""
    if drawn.flavour != _FLAVOURS.get(fate, "valid"):
        return False
    if fate in _LEAVING:
        return drawn.kind == "leaving"
    if fate == "wrong_death":
        # Where the head died, the family's change of pengurus would come first.
        return drawn.reason == "3" and drawn.person != 0
    if fate in _ONLY_HOUSES:
        return drawn.kind == HOUSE
    if fate in _NO_HOUSES:
        return drawn.kind not in (HOUSE, "leaving")
    return drawn.kind != "leaving"
