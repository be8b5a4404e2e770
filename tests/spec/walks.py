"""Carries out the tables of the rulebook that tell a walk, row by row, and shows what is so afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from mutakhir import wiring
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.facts import Value
from mutakhir.core.flows.change_request import open_steps, waits_for, why_not
from mutakhir.core.flows.window import State as WindowState
from tests.builders import CAST, ELSEWHERE, NEARBY, NEW, VILLAGE, Walker, instant, windows_of
from tests.spec import tables

SHOWN: Mapping[str, Callable[[Walker], str]] = {
    "state": lambda walk: walk.state,
    "floor": lambda walk: str(walk.value("floor_material") or ""),
    "registration": lambda walk: str(walk.value("registration") or ""),
    "eligibility": lambda walk: str(walk.value("eligibility") or ""),
    "village says": lambda walk: {None: "", True: "fit", False: "not fit"}[walk.request.fit],
    "waits for": lambda walk: waiting(walk)[0],
    "whose turn": lambda walk: waiting(walk)[1],
    "since": lambda walk: waiting(walk)[2],
    "until": lambda walk: waiting(walk)[3],
    "returned because": lambda walk: walk.request.returned_because or "",
    "reason": lambda walk: walk.request.answer_reason or "",
    "because": lambda walk: walk.request.decision_reason or "",
    "stands under": lambda walk: walk.request.subject_name,
    "place": lambda walk: NAMED_PLACES.get(walk.request.region, "") if walk.number else "",
    "lives there": lambda walk: wanted_home(walk),
    "offered to": lambda walk: (
        NAMED_PLACES.get(walk.request.offer.to, "") if walk.number and walk.request.offer else ""
    ),
    "answer by": lambda walk: offered_until(walk),
    "declined because": lambda walk: walk.request.declined_because,
    "family in": lambda walk: home_of(walk)[0],
    "lives in": lambda walk: home_of(walk)[1],
    "left over": lambda walk: open_of(walk, "left"),
    "under the old code": lambda walk: open_of(walk, "underway"),
    "camat": lambda walk: walk.request.forwarded or "",
    "visit": lambda walk: visit_of(walk)[0],
    "who goes": lambda walk: visit_of(walk)[1],
    "visit by": lambda walk: visit_of(walk)[2],
    "finding": lambda walk: walk.request.finding or "",
    "is about": lambda walk: "a person" if walk.request.person else "a family",
    "left the list": lambda walk: ", ".join(f"{name} {count}" for name, count in sorted(walk.counts.items())),
    "work for": lambda walk: ", ".join(f"{one.rule} {one.owner.value}" for one in walk.tasks),
    "erasure": lambda walk: erasure_state(walk),
    "window": lambda walk: window_state(walk),
    "sent in": lambda walk: sent_in(walk),
    "members": lambda walk: str(len(members(walk))),
    "registered": lambda walk: str(sum(one.get("registration") == "registered" for one in members(walk))),
    "new families": lambda walk: str(int(bool(current(walk, walk.request.family or 0)))),
    "people in": lambda walk: people_in(walk),
    "floor there": lambda walk: floor_there(walk),
    "of the dead": lambda walk: str(current(walk, walk.house.head).get("registration") or ""),
    "programme": lambda walk: str(walk.value("programme_sembako") or ""),
    "pengurus": lambda walk: {walk.house.head: "head", walk.house.wife: "wife"}.get(
        walk.value("pengurus"), ""
    ),
    "successor": lambda walk: ", ".join(one.state.value for one in successions(walk)),
    "floor on 2026-11-19": lambda walk: floor_on(walk, date(2026, 11, 19)),
    "floor on 2026-11-20": lambda walk: floor_on(walk, date(2026, 11, 20)),
}
"""What a column shows after the deed of its row."""


def current(walk: Walker, subject: int) -> Mapping[str, Value]:
    return walk.ground.ask(lambda register: register.current([subject]).get(subject, {}))


def members(walk: Walker) -> list[Mapping[str, Value]]:
    found = walk.ground.ask(lambda register: register.current(register.members(walk.house.family)))
    return [one for one in found.values() if one.get("family") == walk.house.family]


def people_in(walk: Walker) -> str:
    """The places in which the people of the house are."""
    numbers = [walk.house.head, walk.house.wife]
    found = walk.ground.ask(lambda register: register.histories(numbers))
    return ", ".join(sorted({NAMED_PLACES.get(one.events[-1].region, "") for one in found.values()}))


def floor_there(walk: Walker) -> str:
    """The floor of the house in which the family lives now."""
    dwelling = current(walk, walk.house.family).get("dwelling")
    return str(current(walk, int(dwelling)).get("floor_material") or "") if dwelling is not None else ""


def successions(walk: Walker) -> list[Request]:
    """Changes of pengurus of the house that are not ended."""
    return walk.ground.ask(
        lambda register: register.open_requests([walk.house.family], kinds=("change_of_pengurus",))
    )


def floor_on(walk: Walker, day: date) -> str:
    dwelling = walk.house.dwelling
    found = walk.ground.ask(lambda register: register.as_of([dwelling], on=day, position=None)[dwelling])
    return str(found["floor_material"].value)


def waiting(walk: Walker) -> tuple[str, str, str, str]:
    found = waits_for(walk.request, wiring.terms().deadlines) if not walk.request.is_ended else None
    if found is None:
        return "", "", "", ""
    until = found.until.isoformat() if found.until else ""
    since = (found.since + timedelta(hours=7)).date().isoformat()
    return found.step, ", ".join(role.value for role in found.roles), since, until


NAMED_PLACES = {VILLAGE: "own village", NEARBY: "nearby", NEW: "new village", ELSEWHERE: "elsewhere"}


def offered_until(walk: Walker) -> str:
    offer = walk.request.offer
    until = (
        wiring.terms().deadlines.due("transfer", today_in(offer.to, offer.since))
        if offer is not None
        else None
    )
    return until.isoformat() if until is not None else ""


def wanted_home(walk: Walker) -> str:
    """Where a request says that the family lives."""
    wanted = [one.wanted for one in walk.request.changes if one.attribute == "region_lived"]
    return NAMED_PLACES.get(str(wanted[0]), "") if wanted else ""


def home_of(walk: Walker) -> tuple[str, str]:
    """The scope in which the family stands, and where it lives by what is known of it."""
    family = (walk.request.family if walk.number else None) or walk.house.family
    events = walk.ground.ask(lambda register: register.histories([family])[family].events)
    found = events[-1].region if events else ""
    lives = str(current(walk, family).get("region_lived", ""))
    return NAMED_PLACES.get(found, found), NAMED_PLACES.get(lives, lives)


def open_of(walk: Walker, name: str) -> str:
    """What a decree left over, or what ends under the old code: how many of each kind."""
    found = walk.ground.ask(lambda register: register.region_change(walk.decree)) if walk.decree else None
    kinds = [one.kind for one in getattr(found, name)] if found is not None else []
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def visit_of(walk: Walker) -> tuple[str, str, str]:
    """The state of the visit at hand, who goes there, and until when the next step is in time."""
    found = walk.ground.ask(lambda register: register.visit(walk.visit)) if walk.visit else None
    if found is None:
        return "", "", ""
    until = found.due(wiring.terms().deadlines)
    who = next((name for name, one in CAST.items() if one.login == found.checker), "")
    return found.state.value, who, until.isoformat() if until is not None else ""


def sent_in(walk: Walker) -> str:
    """Which of the windows, in their order, a list was sent in."""
    found = (
        walk.ground.ask(lambda register: register.submission(walk.submission)) if walk.submission else None
    )
    if found is None or found.sent_in is None:
        return ""
    numbers = [one.id for one in windows_of(walk.ground)]
    return str(numbers.index(found.sent_in) + 1)


def erasure_state(walk: Walker) -> str:
    found = walk.ground.ask(lambda register: register.erasure(walk.erasure)) if walk.erasure else None
    return found.state.value if found else ""


def window_state(walk: Walker) -> str:
    found = walk.ground.ask(lambda register: register.window(walk.window))
    return found.state(walk.now).value if found else WindowState.SCHEDULED.value


@dataclass(slots=True)
class Walking:
    """Carries out a table of deeds: the day, who does what, what refuses it, and what is so afterwards.

    A row without a day follows a minute later; a row without a request is about the same one as the row before.
    """

    walk: Walker

    def __call__(self, table: str) -> Walker:
        wanted = tables.read(table)
        names = list(wanted[0])
        found = [self._row(row, names) for row in wanted]
        if found != wanted:
            pytest.fail(f"it went otherwise:\n{tables.write(found, names)}", pytrace=False)
        return self.walk

    def _row(self, row: tables.Row, names: list[str]) -> tables.Row:
        walk = self.walk
        walk.now = instant(row["day"]) if row.get("day") else walk.now + timedelta(minutes=1)
        walk.name = row.get("request") or walk.name
        walk.counts, walk.tasks = {}, ()
        refused = walk.do(row["deed"], row["who"]) if row["deed"] else ()
        shown = {"refused": ", ".join(refused)}
        shown |= {name: show(walk) for name, show in SHOWN.items() if name in names}
        if "may do" in names:
            shown["may do"] = ", ".join(step.name for step in open_steps(walk.case, CAST[row["who"]]))
        if row.get("asked"):
            reasons = why_not(walk.case, row["asked"], CAST[row["who"]])
            shown["in the way"] = ", ".join(dict.fromkeys(one.rule for one in reasons))
        return {name: shown.get(name, row[name]) for name in names}
