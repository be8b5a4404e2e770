"""The case of the news item, step by step: written down while every menu is closed, in force at the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from mutakhir import wiring
from mutakhir.actions import change_request, session, submission, window
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM, Actor, Held, Role
from mutakhir.core.calendar import Opening
from mutakhir.core.flows.session import Decision
from mutakhir.core.flows.submission import Letter
from mutakhir.core.flows.window import Act, instants_of
from mutakhir.core.refusals import Conflict, Refusal, Refused

VILLAGE = "3508152001"
KABUPATEN = "3508"
NAMES = ("Siti Aminah", "Ponirah", "Tumini", "Sulastri", "Misnati", "Lasmini", "Sumiyem", "Ngatemi")
HUSBANDS = ("Slamet Riyadi", "Wagiman", "Suparman", "Jumadi", "Hariyanto", "Paiman", "Karto", "Sugiono")


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step: what was done, the state of the request, and what the register answered before and after."""

    step: str
    state: str
    outcome: str
    refused: list[str]
    before: dict[str, Any]
    after: dict[str, Any]
    reasons: tuple[Refusal, ...] = ()


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
    family: int = 0
    dwelling: int = 0
    request: int = 0
    window: int = 0
    steps: list[TourStep] = field(default_factory=list)

    def walk(self) -> Iterator[TourStep]:
        """Take every step in order, some out of order first, and yield each as it is done."""
        self._begin()
        for step, deed in self._deeds():
            yield self._take(step, deed)

    def _deeds(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "record", self._record
        yield "reserve", self._reserve
        yield "hand_over_without_window", lambda: self._single("verify:verified", VERIFIER)
        yield "prove", self._prove
        yield "pack_without_window", self._pack_now
        yield "deliberate", self._deliberate
        yield "schedule_window", self._schedule
        yield "pack", self._open_and_pack
        yield "hand_over", self._hand_over
        yield "verify_by_operator", lambda: self._single("verify:verified", OPERATOR)
        yield "verify", lambda: self._single("verify:verified", VERIFIER)
        yield "finalise", self._finalise
        yield "send_before_endorsement", self._send
        yield "endorse", self._endorse
        yield "send", self._send
        yield "determine", self._answer
        yield "apply", lambda: None

    # --- the deeds ---

    def _begin(self) -> None:
        dice = random.Random(self.seed)  # noqa: S311  (people of an example)
        wife, husband = dice.choice(NAMES), dice.choice(HUSBANDS)
        with_register = wiring.open_register
        from django.db import transaction

        with transaction.atomic():
            register = with_register()
            self.family, self.dwelling = register.new_id(), register.new_id()
            people = (register.new_id(), register.new_id())
            day = date(2024, 3, 14)
            stated = [
                Stated(
                    self.family,
                    "family",
                    {
                        "no_kk": "9908011203150007",
                        "dwelling": self.dwelling,
                        "address": "Dsn. Krajan RT 03 RW 01",
                        "rt": "03",
                        "rw": "01",
                        "region_lived": VILLAGE,
                    },
                ),
                Stated(
                    self.dwelling,
                    "dwelling",
                    {"floor_material": "6", "wall_material": "4", "roof_material": "2", "water_source": "5"},
                ),
                Stated(
                    people[0],
                    "person",
                    {
                        "name": husband,
                        "nik": "9908011507800002",
                        "birth_date": "1980-07-15",
                        "sex": "1",
                        "family": self.family,
                        "relation": "1",
                        "registration": "registered",
                        "registration_reason": "import",
                    },
                ),
                Stated(
                    people[1],
                    "person",
                    {
                        "name": wife,
                        "nik": "9908014507880003",
                        "birth_date": "1988-07-05",
                        "sex": "2",
                        "family": self.family,
                        "relation": "2",
                        "registration": "registered",
                        "registration_reason": "import",
                    },
                ),
            ]
            state_facts(
                stated,
                region=VILLAGE,
                holds_from=day,
                authority="social",
                source="tour",
                actor=SYSTEM,
                now=self.now,
                register=register,
            )
        self.wife = wife

    wife: str = ""

    def _record(self) -> None:
        content = change_request.Content(
            wanted={"floor_material": "8"}, birth_date="1988-07-05", holds_from=date(2026, 11, 20)
        )
        command = change_request.Record(
            "living_conditions", VILLAGE, {"name": self.wife, "standing": "member"}, self.family, content
        )
        self.request = self._perform(change_request.record, command, actor=OPERATOR).id

    def _reserve(self) -> None:
        self._perform(
            change_request.reserve, self.request, randomness=bytes([self.seed % 256]) * 16, actor=OPERATOR
        )

    def _prove(self) -> None:
        for kind in ("house_front", "house_floor"):
            proof = {
                "kind": kind,
                "digest": "0" * 63 + str(len(kind) % 10),
                "media_type": "image/jpeg",
                "name": f"{kind}.jpg",
                "added_at": self.now.isoformat(),
                "added_by": OPERATOR.login,
            }
            self._perform(
                change_request.take_step,
                change_request.Take(self.request, "prove", {"evidence": proof}),
                actor=OPERATOR,
            )

    def _deliberate(self) -> None:
        self._pass(timedelta(days=2))
        day = (self.now + timedelta(hours=7)).date()
        number = self._perform(
            session.call, session.Call(VILLAGE, day, "Balai Desa Burno"), actor=OPERATOR
        ).id
        decision = Decision(self.request, "fit")
        self._perform(session.enter, session.Enter(number, (decision,), attendance=17), actor=OPERATOR)
        self._perform(
            session.prove,
            session.Prove(number, "1" * 64, "minutes", "application/pdf", "berita-acara.pdf"),
            actor=OPERATOR,
        )
        self._perform(session.confirm, session.Confirm(number), actor=HEAD)

    def _schedule(self) -> None:
        days = Opening(date(2027, 1, 4), date(2027, 1, 15), date(2027, 1, 31))
        act = Act("S-12/MS/I/2027", "2026-12-21", "Kepala Pusdatin Kesos")
        command = window.Schedule(KABUPATEN, *instants_of(days, "WIB"), act, name="Januari 2027")
        self.window = self._perform(window.schedule, command, actor=SUPERVISOR).id

    def _pack_now(self) -> None:
        self._single("pack", SYSTEM)

    def _open_and_pack(self) -> None:
        self._pass(datetime(2027, 1, 4, 1, 0, tzinfo=UTC) - self.now)
        self._perform(window.keep_time)
        self._perform(window.pack, self.window)

    def _hand_over(self) -> None:
        self._pass(timedelta(days=1))
        batch = self._current().batch
        self._perform(submission.hand_over, batch, actor=HEAD)

    def _finalise(self) -> None:
        self._pass(timedelta(days=2))
        done = self._perform(
            submission.finalise, submission.Finalise(self.window, KABUPATEN), actor=SUPERVISOR
        )
        self.digest = done.digest

    digest: str = ""

    def _endorse(self) -> None:
        self._pass(timedelta(days=3))
        letter = Letter("460/117/427.44/2027", "2027-01-11", "Bupati Lumajang", self.digest[:16], "2" * 64)
        self._perform(
            submission.endorse, submission.Endorse(self._current().submission or 0, letter), actor=BUPATI
        )

    def _send(self) -> None:
        from mutakhir.wiring.lists import send_list

        send_list(self._current().submission or 0, actor=SUPERVISOR, now=self.now)

    def _answer(self) -> None:
        from mutakhir.wiring.lists import take_answer_file, write_answer

        self._pass(timedelta(days=12))
        file = write_answer(self._current().submission or 0, outcome="yes")
        take_answer_file(
            BytesIO(file),
            name="jawaban.xlsx",
            submission=self._current().submission,
            actor=SUPERVISOR,
            now=self.now,
        )

    def _single(self, step: str, who: Actor) -> None:
        self._perform(change_request.take_step, change_request.Take(self.request, step), actor=who)

    # --- around them ---

    def _take(self, step: str, deed: Callable[[], Any]) -> TourStep:
        before = self._answer_of_register()
        reasons: tuple[Refusal, ...] = ()
        try:
            deed()
        except (Refused, Conflict) as refusal:
            reasons = refusal.refusals
        taken = TourStep(
            step,
            self._state(),
            "refused" if reasons else "done",
            [one.rule for one in reasons],
            before,
            self._answer_of_register(),
            reasons,
        )
        self.steps.append(taken)
        return taken

    def _perform(
        self, action: Callable[..., Any], *arguments: Any, actor: Actor | None = None, **told: Any
    ) -> Any:
        return wiring.perform(action, *arguments, actor=actor, now=self.now, **told)

    def _pass(self, time: timedelta) -> None:
        self.now += time

    def _current(self) -> Any:
        from django.db import transaction

        with transaction.atomic():
            return wiring.open_register().requests([self.request])[self.request]

    def _state(self) -> str:
        return str(self._current().state.value) if self.request else "none"

    def _answer_of_register(self) -> dict[str, Any]:
        current = wiring.ask(lambda: wiring.open_register().current([self.dwelling]))
        return {"floor_material": current.get(self.dwelling, {}).get("floor_material")}


def as_json(steps: list[TourStep]) -> dict[str, Any]:
    """The steps as one object; of a reason only its rule id is told."""
    return {
        "steps": [{name: told for name, told in asdict(step).items() if name != "reasons"} for step in steps]
    }
