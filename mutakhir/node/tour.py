"""The case of the news item, step by step: written down while every menu is closed, in force at the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction

from mutakhir import wiring
from mutakhir.actions import change_request, session, submission, window
from mutakhir.actions.facts import State, state_facts
from mutakhir.core.actors import SYSTEM, Actor, Held, Role
from mutakhir.core.calendar import Opening, today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.change_request import why_not
from mutakhir.core.flows.session import Decision
from mutakhir.core.flows.submission import Letter
from mutakhir.core.flows.window import Act, instants_of
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.store import feed
from mutakhir.wiring.lists import send_list, take_answer_file, write_answer

VILLAGE = "3508152001"
KABUPATEN = "3508"
SINCE = date(2024, 3, 14)
WOMEN = ("Siti Aminah", "Ponirah", "Tumini", "Sulastri", "Misnati", "Lasmini", "Sumiyem", "Ngatemi")
MEN = ("Slamet Riyadi", "Wagiman", "Suparman", "Jumadi", "Hariyanto", "Paiman", "Karto", "Sugiono")

STORY: Mapping[str, tuple[str, str]] = {
    "record": (
        "{asker} datang ke balai desa: lantainya kini tanah. Semua menu tertutup; desa tetap mencatat.",
        "{asker} comes to the village: the floor is earth now. Every menu is closed; it is written down all the same.",
    ),
    "reserve": (
        "Permintaan itu masuk cadangan desa, dan {asker} membawa pulang nomornya.",
        "The request goes into the village's reserve, and {asker} takes its number home.",
    ),
    "verify_too_early": (
        "Dinsos mencoba memeriksanya sekarang juga.",
        "Dinsos tries to verify it right away.",
    ),
    "prove": (
        "Operator menambahkan foto rumah dan lantai.",
        "The operator adds photographs of house and floor.",
    ),
    "deliberate": (
        "Musyawarah desa memutuskan layak; kepala desa mengesahkan yang dicatat operator.",
        "The village meeting decides that it is fit; the village head confirms what the operator entered.",
    ),
    "leave_record": (
        "{leaver} merasa cukup dan ingin keluar dari register. Surat pernyataannya bertanda tangan.",
        "{leaver} has enough now and wants to leave the registry, with a signed statement.",
    ),
    "leave_reserve": (
        "Keluar lewat jalan yang sama, tanpa musyawarah: suratnya sudah membuktikan.",
        "Leaving goes the same way, without a meeting: the statement proves it.",
    ),
    "pack_without_window": (
        "Apakah sudah bisa ikut? Belum: pusat belum membuka masa pemutakhiran.",
        "Can they join yet? No: the centre has opened no update period.",
    ),
    "schedule_window": (
        "Surat pusat datang. Supervisor mencatat masa pemutakhiran 4 sampai 31 Januari.",
        "The centre's letter arrives. The supervisor records the update period, 4 to 31 January.",
    ),
    "pack": (
        "Masa terbuka, dan keduanya ikut dengan sendirinya.",
        "The period opens, and both join by themselves.",
    ),
    "hand_over": (
        "Kepala desa menyerahkan kumpulan ke Dinsos.",
        "The village head hands the batch to Dinsos.",
    ),
    "verify_by_operator": (
        "Operator yang mencatat mencoba memeriksa sendiri.",
        "The operator who recorded it tries to verify it.",
    ),
    "verify": ("Pemeriksa Dinsos memeriksa keduanya.", "The verifier at Dinsos verifies both."),
    "finalise": (
        "Supervisor membekukan daftar dengan sidiknya.",
        "The supervisor freezes the list with its digest.",
    ),
    "send_before_endorsement": (
        "Dikirim sekarang? Surat pengesahan belum ada.",
        "Send it now? The letter of endorsement is not there.",
    ),
    "endorse": (
        "Bupati menandatangani surat yang menyebut sidik daftar itu.",
        "The bupati signs the letter that names the list's digest.",
    ),
    "send": (
        "Daftar dikirim ke pusat sebagai berkas dalam format kementerian.",
        "The list goes to the centre as a file in the ministry's template.",
    ),
    "determine": (
        "Jawaban pusat masuk: diterima. Register berubah saat itu juga.",
        "The centre's answer comes in: accepted. The register changes at once.",
    ),
    "leave_determine": (
        "{leaver} sudah keluar dari register; datanya tetap tersimpan.",
        "{leaver} has left the register; what was known stays known.",
    ),
    "ask_again": (
        "Apa jawaban register sebelum itu? Tetap bisa ditanyakan, dan tetap sama.",
        "What did the register answer before? It can still be asked, and still says the same.",
    ),
}
"""What happens at each step, in Indonesian and English."""


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step: what was done, the state of the request, and what the register answered before and after."""

    step: str
    day: date
    state: str
    outcome: str
    refused: tuple[Refusal, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    told: tuple[str, str]

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        told["refused"] = [one.rule for one in self.refused]
        return {name: told[name] for name in ("step", "state", "outcome", "refused", "before", "after")}


def actor(login: str, name: str, role: Role, region: str) -> Actor:
    return Actor(login, name, (Held(role, region),))


OPERATOR = actor("tutik", "Tutik Handayani", Role.VILLAGE_OPERATOR, VILLAGE)
HEAD = actor("kades", "Sutrisno", Role.VILLAGE_HEAD, VILLAGE)
VERIFIER = actor("rudi", "Rudi Prasetyo", Role.VERIFIER, KABUPATEN)
SUPERVISOR = actor("nira", "Nira Wulandari", Role.SUPERVISOR, KABUPATEN)
BUPATI = actor("bagian-umum", "Bagian Umum", Role.BUPATI_OFFICE, KABUPATEN)


@dataclass(slots=True)
class Tour:
    """Walks the route on an empty database. The clock is a value here: the walk takes months, the program seconds."""

    seed: int
    now: datetime = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    names: dict[str, str] = field(default_factory=dict)
    dwelling: int = 0
    family: int = 0
    leaver: int = 0
    leaving_family: int = 0
    request: int = 0
    leave: int = 0
    window: int = 0
    digest: str = ""
    earlier: datetime | None = None

    def walk(self) -> Iterator[TourStep]:
        """Take every step in order, some out of order, and yield each as it is done."""
        self._begin()
        deeds: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("record", self._record),
            ("reserve", lambda: self._reserve(self.request)),
            ("verify_too_early", lambda: self._step("verify:verified", VERIFIER)),
            ("prove", lambda: self._prove(self.request, "house_front", "house_floor")),
            ("deliberate", self._deliberate),
            ("leave_record", self._record_leaving),
            ("leave_reserve", lambda: self._reserve(self.leave)),
            ("pack_without_window", self._pack_without_window),
            ("schedule_window", self._schedule),
            ("pack", self._open_and_pack),
            ("hand_over", self._hand_over),
            ("verify_by_operator", lambda: self._step("verify:verified", OPERATOR)),
            ("verify", self._verify),
            ("finalise", self._finalise),
            ("send_before_endorsement", self._send),
            ("endorse", self._endorse),
            ("send", self._send),
            ("determine", self._answer),
            ("leave_determine", lambda: None),
        )
        for step, deed in deeds:
            yield self._take(step, deed)
        yield self._ask_again()

    # --- the people ---

    def _begin(self) -> None:
        dice = random.Random(self.seed)  # noqa: S311  (people of an example)
        wife, leaver = dice.sample(WOMEN, 2)
        self.names = {"asker": wife, "leaver": leaver}
        with transaction.atomic():
            register = wiring.open_register()
            self.family, self.dwelling, self.leaving_family, self.leaver = (
                register.new_id() for _ in range(4)
            )
            house = {"floor_material": "6", "wall_material": "4", "roof_material": "2", "water_source": "5"}
            place = {"rt": "03", "rw": "01", "region_lived": VILLAGE}
            husband = _person(dice.choice(MEN), "9908011507800002", "1980-07-15", "1", self.family, "1")
            asker = _person(wife, "9908014507880003", "1988-07-05", "2", self.family, "2")
            alone = _person(leaver, "9908014201710004", "1971-01-02", "2", self.leaving_family, "1")
            card = {
                "no_kk": "9908011203150007",
                "dwelling": self.dwelling,
                "address": "Dsn. Krajan RT 03 RW 01",
            }
            stated = [
                State(self.family, "family", {**card, **place}),
                State(self.dwelling, "dwelling", house),
                State(register.new_id(), "person", husband),
                State(register.new_id(), "person", asker),
                State(self.leaving_family, "family", {"no_kk": "9908010201710009", **place}),
                State(self.leaver, "person", alone),
            ]
            state_facts(
                stated,
                region=VILLAGE,
                holds_from=SINCE,
                authority="social",
                source="tour",
                actor=SYSTEM,
                now=self.now,
                register=register,
            )

    # --- the deeds ---

    def _record(self) -> None:
        content = change_request.Content(
            wanted={"floor_material": "8"}, birth_date="1988-07-05", holds_from=today_in(VILLAGE, self.now)
        )
        self.request = self._recorded("living_conditions", "asker", self.family, content)

    def _record_leaving(self) -> None:
        content = change_request.Content(people=(self.leaver,), reason="own_wish", birth_date="1971-01-02")
        self.leave = self._recorded("leaving", "leaver", self.leaving_family, content)
        self._prove(self.leave, "statement")

    def _recorded(self, kind: str, who: str, family: int, content: change_request.Content) -> int:
        applicant = {"name": self.names[who], "standing": "member"}
        command = change_request.Record(kind, VILLAGE, applicant, family, content)
        return int(self._perform(change_request.record, command, actor=OPERATOR).id)

    def _reserve(self, number: int) -> None:
        signs = random.Random(f"{self.seed}:{number}").randbytes(16)  # noqa: S311  (a number of an example)
        self._perform(change_request.reserve, number, randomness=signs, actor=OPERATOR)

    def _prove(self, number: int, *kinds: str) -> None:
        for kind in kinds:
            stored = wiring.blobs().put(BytesIO(f"{self.seed} {kind}".encode()), limit_bytes=1000)
            evidence = {
                "kind": kind,
                "digest": stored.digest,
                "media_type": "image/jpeg",
                "name": f"{kind}.jpg",
                "added_at": self.now.isoformat(),
                "added_by": OPERATOR.login,
            }
            command = change_request.Take(number, "prove", {"evidence": evidence})
            self._perform(change_request.take_step, command, actor=OPERATOR)

    def _deliberate(self) -> None:
        self._pass(timedelta(days=2))
        day = today_in(VILLAGE, self.now)
        number = self._perform(
            session.call, session.Call(VILLAGE, day, "Balai Desa Burno"), actor=OPERATOR
        ).id
        decision = Decision(self.request, "fit")
        self._perform(session.enter, session.Enter(number, (decision,), attendance=17), actor=OPERATOR)
        minutes = session.Prove(number, "1" * 64, "minutes", "application/pdf", "berita-acara.pdf")
        self._perform(session.prove, minutes, actor=OPERATOR)
        self._perform(session.confirm, session.Confirm(number), actor=HEAD)

    def _pack_without_window(self) -> None:
        with transaction.atomic():
            register = wiring.open_register()
            request = register.requests([self.request])[self.request]
            case = change_request.case_of(request, now=self.now, register=register, terms=wiring.terms())
        if reasons := why_not(case, "pack", SYSTEM):
            raise Refused(*reasons)

    def _schedule(self) -> None:
        self._pass(timedelta(days=26))
        days = Opening(date(2027, 1, 4), date(2027, 1, 15), date(2027, 1, 31))
        act = Act("S-12/MS/XII/2026", "2026-12-21", "Kepala Pusdatin Kesos")
        command = window.Schedule(KABUPATEN, *instants_of(days, "WIB"), act, name="Januari 2027")
        self.window = self._perform(window.schedule, command, actor=SUPERVISOR).id

    def _open_and_pack(self) -> None:
        self.now = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
        self._perform(window.keep_time, actor=SYSTEM)
        self._perform(window.pack, self.window, actor=SYSTEM)

    def _hand_over(self) -> None:
        self._pass(timedelta(days=1))
        self._perform(submission.hand_over, self._current().batch, actor=HEAD)

    def _verify(self) -> None:
        for number in (self.request, self.leave):
            self._perform(
                change_request.take_step, change_request.Take(number, "verify:verified"), actor=VERIFIER
            )

    def _finalise(self) -> None:
        self._pass(timedelta(days=2))
        command = submission.Finalise(self.window, KABUPATEN)
        self.digest = self._perform(submission.finalise, command, actor=SUPERVISOR).digest

    def _endorse(self) -> None:
        self._pass(timedelta(days=3))
        day = today_in(KABUPATEN, self.now).isoformat()
        letter = Letter("460/117/427.44/2027", day, "Bupati Lumajang", self.digest[:16], "2" * 64)
        self._perform(submission.endorse, submission.Endorse(self._list(), letter), actor=BUPATI)

    def _send(self) -> None:
        send_list(self._list(), actor=SUPERVISOR, now=self.now)

    def _answer(self) -> None:
        feed.number_events()
        self.earlier = wiring.clock()
        self._pass(timedelta(days=12))
        file = BytesIO(write_answer(self._list(), outcome="yes"))
        take_answer_file(file, name="jawaban.xlsx", submission=self._list(), actor=SUPERVISOR, now=self.now)

    def _step(self, step: str, who: Actor) -> None:
        self._perform(change_request.take_step, change_request.Take(self.request, step), actor=who)

    # --- around them ---

    def _take(self, step: str, deed: Callable[[], Any]) -> TourStep:
        before = self._register_says()
        refused: tuple[Refusal, ...] = ()
        try:
            deed()
        except (Refused, Conflict) as refusal:
            refused = refusal.refusals
        number = self.leave if step.startswith("leave_") else self.request
        return self._told(step, number, refused, before, self._register_says())

    def _ask_again(self) -> TourStep:
        """The answer from before the determination, asked for afterwards, beside the answer of now."""
        assert self.earlier is not None
        position = feed.fix_position(self.earlier, now=wiring.clock())
        return self._told("ask_again", self.request, (), self._register_says(position), self._register_says())

    def _told(
        self,
        step: str,
        number: int,
        refused: tuple[Refusal, ...],
        before: dict[str, Any],
        after: dict[str, Any],
    ) -> TourStep:
        indonesian, english = (words.format(**self.names) for words in STORY[step])
        state = self._current(number).state.value
        outcome = "refused" if refused else "done"
        day = today_in(VILLAGE, self.now)
        return TourStep(step, day, state, outcome, refused, before, after, (indonesian, english))

    def _register_says(self, position: int | None = None) -> dict[str, Any]:
        on = today_in(VILLAGE, self.now)
        with transaction.atomic():
            answers = wiring.open_register().as_of([self.dwelling, self.leaver], on=on, position=position)
        floor = answers[self.dwelling].get("floor_material")
        registration = answers[self.leaver].get("registration")
        return {
            "floor_material": floor.value if floor else None,
            "registration": registration.value if registration else None,
        }

    def _perform(
        self, action: Callable[..., Any], *arguments: Any, actor: Actor | None = None, **told: Any
    ) -> Any:
        return wiring.perform(action, *arguments, actor=actor, now=self.now, **told)

    def _pass(self, time: timedelta) -> None:
        self.now += time

    def _current(self, number: int | None = None) -> Request:
        wanted = number or self.request
        with transaction.atomic():
            return wiring.open_register().requests([wanted])[wanted]

    def _list(self) -> int:
        return self._current().submission or 0


def _person(name: str, nik: str, birth_date: str, sex: str, family: int, relation: str) -> dict[str, Any]:
    return {
        "name": name,
        "nik": nik,
        "birth_date": birth_date,
        "sex": sex,
        "family": family,
        "relation": relation,
        "registration": "registered",
        "registration_reason": "import",
    }
