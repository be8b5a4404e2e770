"""A pile of rows under review: the list, what the machine can check of each row, and the row on the table."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core import facts, nik
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.comparison import Line, Outcome, compare_all
from mutakhir.core.events import Event
from mutakhir.core.facts import Answer, Value
from mutakhir.core.flows.change_request import Case, Step, offered_steps
from mutakhir.core.flows.session import Session
from mutakhir.core.refusals import Refusal
from mutakhir.core.terms import Terms
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.batch import DECIDED, PAGE_ROWS, UNDECIDED
from mutakhir.queries.cases import cases_of, requests_by_number
from mutakhir.queries.lists import heads_of
from mutakhir.queries.places import Place, places
from mutakhir.store.register import read_attributed, read_current

FRESH = timedelta(seconds=60)
"""For so long the marks of a whole pile are shown again; the row on the table is always read anew."""

KEPT_PILES = 8
CROWD = 3
"""So many families of one RT that ask for the same on one day are worth a look."""


# --- a pile under review --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pile:
    """The rows under review: one village's batch, or all that came in from a region in a window."""

    window: int
    region: str
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class PileRow:
    """A row of the pile as the list needs it; `place` counts from 1."""

    place: int
    id: int
    region: str
    state: str
    kind: str
    name: str
    verified_by: str | None
    version: int
    decided_at: float
    """Seconds of the epoch at which the reader decided it; 0 for what they did not decide."""

    @property
    def undecided(self) -> bool:
        return self.state == UNDECIDED


def batches_of(pile: Pile) -> list[int]:
    if pile.batch is not None:
        return [pile.batch]
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT id FROM batch_now WHERE "window" = %s AND region >= %s AND region < %s AND handed_over_at IS NOT NULL',
            [pile.window, pile.region, pile.region + "~"],
        )
        return [row[0] for row in cursor]


def is_in(pile: Pile, number: int) -> bool:
    """Whether a request stands in the pile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM request_now WHERE id = %s AND batch = ANY(%s)", [number, batches_of(pile)]
        )
        return cursor.fetchone() is not None


def rows_of(pile: Pile, *, login: str = "") -> tuple[PileRow, ...]:
    """Every row of the pile in the order of villages and numbers; `login` is whose own decisions are dated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_number() OVER (ORDER BY region, id), id, region, state, kind, subject_name, verified_by, version,"
            " CASE WHEN verified_by = %s THEN extract(epoch FROM since)::float8 ELSE 0 END"
            " FROM request_now WHERE batch = ANY(%s) ORDER BY region, id",
            [login, batches_of(pile)],
        )
        return tuple(PileRow(*row) for row in cursor)


def due_of(pile: Pile) -> date | None:
    """The nearest day until which an undecided row should be decided."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(due) FROM request_now WHERE batch = ANY(%s) AND state = 'handed_over'",
            [batches_of(pile)],
        )
        found: date | None = cursor.fetchone()[0]
    return found


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked up by itself: what, whether it is as it should be, and its particulars."""

    what: str
    good: bool
    told: Mapping[str, str | int] = field(default_factory=dict)
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What the list shows of a row beside its name; `likeness` is the same for rows that ask for the same."""

    version: int
    conflict: bool
    warnings: int
    likeness: str
    changes: int
    conflicts: int
    rt: str = ""
    rw: str = ""
    crowd: int = 1

    @property
    def plain(self) -> bool:
        return not self.conflict and not self.warnings


@dataclass(frozen=True, slots=True)
class _Kept:
    at: datetime
    marks: Mapping[int, Mark]


_kept: OrderedDict[Pile, _Kept] = OrderedDict()


def marks_of(pile: Pile, rows: Sequence[PileRow], *, now: datetime) -> Mapping[int, Mark]:
    """The marks of a pile. They are kept for a minute; a row that moved on in the meantime is read again."""
    kept = _kept.get(pile)
    if kept is not None and timedelta(0) <= now - kept.at < FRESH:
        changed = [
            one.id for one in rows if one.id not in kept.marks or kept.marks[one.id].version != one.version
        ]
        if len(changed) <= PAGE_ROWS:
            return {**kept.marks, **_mark_again(changed, kept.marks)} if changed else kept.marks
    marks = _mark(list(requests_by_number(one.id for one in rows).values()))
    _kept[pile] = _Kept(now, marks)
    _kept.move_to_end(pile)
    while len(_kept) > KEPT_PILES:
        _kept.popitem(last=False)
    return marks


def _mark_again(numbers: Sequence[int], before: Mapping[int, Mark]) -> dict[int, Mark]:
    found = _mark(list(requests_by_number(numbers).values()))
    # How many ask for the same is known from the whole pile only.
    return {
        number: _crowded(mark, before[number].crowd if number in before else mark.crowd)
        for number, mark in found.items()
    }


def _crowded(mark: Mark, crowd: int) -> Mark:
    if (mark.crowd >= CROWD) == (crowd >= CROWD):
        return replace(mark, crowd=crowd)
    return replace(mark, crowd=crowd, warnings=mark.warnings + (1 if crowd >= CROWD else -1))


def _mark(requests: Sequence[Request]) -> dict[int, Mark]:
    around = look_around(requests)
    marks = {}
    for request in requests:
        lines = around.lines[request.id]
        conflicts = sum(line.outcome is Outcome.CONFLICT for line in lines)
        family = around.family_of(request)
        marks[request.id] = Mark(
            version=request.version,
            conflict=conflicts > 0,
            warnings=sum(not check.good for check in checks_of(request, around)),
            likeness=likeness_of(request),
            changes=len(shown_changes(request)),
            conflicts=conflicts,
            rt=str(family.get("rt") or ""),
            rw=str(family.get("rw") or ""),
            crowd=around.crowds.get(request.id, 1),
        )
    return marks


HIDDEN = frozenset(
    {
        "family",
        "dwelling",
        "region_lived",
        "registration_reason",
        "eligibility_reason",
        "came_from",
        "merged_into",
        "same_as",
    }
)
"""Attributes that follow from the kind of a request; nobody typed them, so no comparison shows them."""


def shown_changes(request: Request) -> list[Any]:
    return [
        one
        for one in request.changes
        if one.attribute not in HIDDEN or (request.kind, one.attribute) == ("moved", "region_lived")
    ]


def likeness_of(request: Request) -> str:
    """The same sign for requests that ask for the same of different families; names and numbers never agree."""
    wanted = sorted(f"{one.of}.{one.attribute}={one.wanted!r}" for one in shown_changes(request))
    # Whoever is split, joined or merged is looked at by themselves.
    alone = str(request.id) if request.choices else ""
    text = "\n".join([request.kind, request.reason or "", alone, *wanted])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Around:
    """Everything that the checks of some requests ask about, read set-based."""

    lines: Mapping[int, tuple[Line, ...]]
    values: Mapping[int, Mapping[str, Value]]
    heads: Mapping[int, int]
    carriers: Mapping[str, frozenset[int]]
    others: Mapping[int, tuple[tuple[int, str, str], ...]]
    crowds: Mapping[int, int]

    def family_of(self, request: Request) -> Mapping[str, Value]:
        wanted = {one.attribute: one.wanted for one in request.changes if one.subject == request.family}
        return {**self.values.get(request.family or 0, {}), **wanted}

    def persons_of(self, request: Request) -> tuple[int, ...]:
        """The persons that a request is about; the head where it is about the house."""
        people = tuple(dict.fromkeys(one.subject for one in request.changes if one.of == "person"))
        if people:
            return people
        person = request.person or self.heads.get(request.family or 0)
        return (person,) if person else ()

    def person(self, request: Request, number: int) -> dict[str, Value]:
        """A person as they are, and as a request wants them to be."""
        wanted = {one.attribute: one.wanted for one in request.changes if one.subject == number}
        return {**self.values.get(number, {}), **wanted}


def look_around(requests: Sequence[Request]) -> Around:
    families = {one.family for one in requests if one.family}
    heads = heads_of(families)
    subjects = {change.subject for one in requests for change in one.changes}
    values = read_current(
        subjects | families | set(heads.values()) | {one.person for one in requests if one.person}
    )
    lines = {one.id: compare_all(one.changes, values) for one in requests}
    around = Around(lines, values, heads, {}, _open_requests(families), {})
    numbers = {
        str(digits)
        for request in requests
        for person in around.persons_of(request)
        if (digits := around.person(request, person).get("nik"))
    }
    return replace(around, carriers=_carriers(numbers), crowds=_crowds(requests, around))


def _carriers(numbers: set[str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value, subject FROM identifier WHERE value = ANY(%s) AND kind = 'nik' AND until IS NULL",
            [list(numbers)],
        )
        for value, subject in cursor:
            found[value].add(subject)
    return {value: frozenset(subjects) for value, subjects in found.items()}


def _open_requests(families: set[int]) -> dict[int, tuple[tuple[int, str, str], ...]]:
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family, id, kind, state FROM request_now WHERE family = ANY(%s) AND NOT ended ORDER BY id",
            [list(families)],
        )
        for family, number, kind, state in cursor:
            found[family].append((number, kind, state))
    return {family: tuple(own) for family, own in found.items()}


def _crowds(requests: Sequence[Request], around: Around) -> dict[int, int]:
    """How many families of the same RT asked for the same on the same day, by request."""
    families: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    keys = {}
    for request in requests:
        family = around.family_of(request)
        if not family.get("rt"):
            continue
        day = today_in(request.region, request.recorded_at)
        key = (request.region, family.get("rt"), family.get("rw"), day, likeness_of(request))
        keys[request.id] = key
        families[key].add(request.family or request.id)
    return {number: len(families[key]) for number, key in keys.items()}


def checks_of(request: Request, around: Around, *, session: Session | None = None) -> tuple[Check, ...]:
    """What the machine can look up about a request, in the order in which a verifier asks."""
    found: list[Check] = []
    for person in around.persons_of(request):
        found += _check_number(around.person(request, person), person, around)
    if request.rule.deliberated:
        found.append(_check_minutes(request, session))
    own = [one for one in around.others.get(request.family or 0, ()) if one[0] != request.id]
    same = [one for one in own if one[1] == request.kind]
    if same:
        found.append(Check("same-kind-open", False, {"count": len(same), "request": same[0][0]}))
    elif own:
        found.append(Check("others-open", True, {"count": len(own), "request": own[0][0]}))
    if (crowd := around.crowds.get(request.id, 1)) >= CROWD:
        found.append(Check("crowd", False, {"count": crowd}))
    return tuple(found)


def _check_number(person: Mapping[str, Value], number: int, around: Around) -> list[Check]:
    name, digits = str(person.get("name") or ""), person.get("nik")
    if not digits:
        return [Check("nik-unknown", False, {"name": name})]
    parsed = nik.parse(str(digits))
    if isinstance(parsed, tuple):
        return [Check("nik", False, {"name": name}, one) for one in parsed]
    birth = str(person.get("birth_date") or "")
    sex = person.get("sex")
    warnings = nik.warnings(
        parsed, birth_date=birth if len(birth) == 10 else None, sex=str(sex) if sex is not None else None
    )
    found = [Check("nik", False, {"name": name}, one) for one in warnings]
    others = around.carriers.get(parsed.digits, frozenset()) - {number}
    if others:
        found.append(Check("doubled", False, {"name": name, "count": len(others), "person": min(others)}))
    return found or [Check("nik", True, {"name": name})]


def _check_minutes(request: Request, session: Session | None) -> Check:
    if not request.in_minutes:
        return Check("minutes", False)
    if session is None:
        return Check("minutes", True)
    place = session.agenda.index(request.id) + 1 if request.id in session.agenda else 0
    form = "sptjm" if session.form == "sptjm" else "minutes"
    return Check(form, True, {"day": session.day.isoformat(), "row": place, "session": session.id})


# --- one row --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison with the sources of its values."""

    line: Line
    person: str
    seen: Answer | None
    current: Answer | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the family; `incoming` if the request brings them in."""

    name: str
    relation: str
    incoming: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """One step in the life of a request."""

    type: str
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One row on the table: the request, what may be done with it, and everything that helps to decide."""

    request: Request
    case: Case
    steps: tuple[tuple[Step, tuple[Refusal, ...]], ...]
    place: Place
    person: Mapping[str, Value]
    family: Mapping[str, Value]
    compared: tuple[Compared, ...]
    untouched: int
    checks: tuple[Check, ...]
    members: tuple[Member, ...]
    history: tuple[Happened, ...]
    names: Mapping[str, str]
    """Names of people by their login."""


ORDER = {Outcome.CONFLICT: 0, Outcome.VALID: 1, Outcome.SATISFIED: 2}


def sheet_of(
    number: int, *, actor: Actor, now: datetime, terms: Terms, mark: Mark | None = None
) -> Sheet | None:
    """A request for who decides on it; None for what the actor may not see."""
    request = requests_by_number([number]).get(number)
    if request is None or not actor.sees(request.region):
        return None
    case = cases_of([request], now=now, terms=terms)[number]
    around = look_around([request])
    if mark is not None:
        around = replace(around, crowds={number: mark.crowd})
    authorities = terms.attributes.authorities
    events = read_attributed({one.subject for one in request.changes} | {number})
    own = events.get(number, ())
    people = around.persons_of(request)
    actors = {event.actor for event in own} | {
        event.actor for others in events.values() for event in others if event.kind != "request"
    }
    return Sheet(
        request=request,
        case=case,
        steps=offered_steps(case, actor),
        place=places([request.region])[request.region],
        person=around.person(request, people[0]) if people else {},
        family=around.family_of(request),
        compared=_compared(request, case, around, events, authorities),
        untouched=_untouched(request, around),
        checks=checks_of(request, around, session=_session(request.session)),
        members=_members(request, around),
        history=tuple(Happened(one.type, one.recorded_at, one.actor, one.reason or "") for one in own),
        names=names_or_logins(actors),
    )


def _compared(
    request: Request,
    case: Case,
    around: Around,
    events: Mapping[int, Sequence[Event]],
    authorities: Mapping[str, str],
) -> tuple[Compared, ...]:
    several = len(around.persons_of(request)) > 1
    found = []
    for line in case.lines or ():
        change = line.change
        if change.attribute in HIDDEN and line.outcome is not Outcome.CONFLICT:
            continue
        own = events.get(change.subject, ())
        then = [one for one in own if one.recorded_at <= request.recorded_at]
        seen = facts.fold(then, on=today_in(request.region, request.recorded_at), authorities=authorities)
        now = facts.fold(own, on=case.today, authorities=authorities)
        name = str(around.person(request, change.subject).get("name") or "") if change.of == "person" else ""
        found.append(
            Compared(line, name if several else "", seen.get(change.attribute), now.get(change.attribute))
        )
    return tuple(sorted(found, key=lambda one: ORDER[one.line.outcome]))


def _untouched(request: Request, around: Around) -> int:
    touched = {(one.subject, one.attribute) for one in request.changes}
    subjects = {one.subject for one in request.changes} | {request.family or 0}
    return sum(
        (subject, name) not in touched for subject in subjects for name in around.values.get(subject, {})
    )


def _session(number: int | None) -> Session | None:
    if number is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM session_now WHERE id = %s", [number])
        row = cursor.fetchone()
    return msgspec.json.decode(row[0], type=Session) if row else None


def _members(request: Request, around: Around) -> tuple[Member, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.name, coalesce(m.relation, '') FROM membership_open m JOIN person_now p ON p.id = m.person "
            "WHERE m.family = %s ORDER BY m.relation NULLS LAST, p.birth_date, p.id",
            [request.family],
        )
        rows = cursor.fetchall()
    known = {row[0] for row in rows}
    found = [Member(name, relation) for _, name, relation in rows]
    for number in around.persons_of(request):
        if number not in known:
            person = around.person(request, number)
            found.append(
                Member(str(person.get("name") or ""), str(person.get("relation") or ""), incoming=True)
            )
    return tuple(found)


# --- rows that ask for the same -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alike:
    """Undecided rows of a pile that ask for the same, without conflict and without warning."""

    likeness: str
    kind: str
    rows: tuple[int, ...]
    example: Request


ALIKE_AT_LEAST = 3


def alike_in(rows: Sequence[PileRow], marks: Mapping[int, Mark]) -> tuple[Alike, ...]:
    """Groups of at least three, the largest first."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        mark = marks.get(row.id)
        if row.undecided and mark is not None and mark.plain:
            groups[mark.likeness].append(row.id)
    large = sorted(
        ((sign, own) for sign, own in groups.items() if len(own) >= ALIKE_AT_LEAST),
        key=lambda one: (-len(one[1]), one[0]),
    )
    examples = requests_by_number(own[0] for _, own in large)
    return tuple(Alike(sign, examples[own[0]].kind, tuple(own), examples[own[0]]) for sign, own in large)


def kecamatan_of(pile_rows: Sequence[PileRow]) -> tuple[tuple[str, str, int, int], ...]:
    """The kecamatan of a pile: code, name, rows, undecided."""
    rows = Counter(one.region[:6] for one in pile_rows)
    undecided = Counter(one.region[:6] for one in pile_rows if one.undecided)
    named = places(rows)
    return tuple((code, named[code].kecamatan or code, rows[code], undecided[code]) for code in sorted(rows))


# --- the whole table ------------------------------------------------------------------------------------------------

ALIKE = "alike:"
"""Before the sign of a group: only its undecided rows without conflict and warning are shown."""

LISTED_ROWS = 24
"""So many rows stand in the list pane: more than a screen of them; the pane moves with the current row."""

ABOVE_ROWS = 4
"""So many rows stand above the current one, so that it keeps its place on the screen while the rows move."""


@dataclass(frozen=True, slots=True)
class Review:
    """A pile with the row on the table. `listed` are the rows of the list pane around it."""

    pile: Pile
    rows: tuple[PileRow, ...]
    marks: Mapping[int, Mark]
    show: str
    matching: tuple[PileRow, ...]
    listed: tuple[PileRow, ...]
    current: PileRow | None
    sheet: Sheet | None
    following: PileRow | None
    """The next undecided row in the order of the list, from the top again at its end."""
    before: PileRow | None
    after: PileRow | None
    last_own: PileRow | None
    """What the reader decided last, and can take back."""
    due: date | None
    counts: Mapping[str, int]
    """How many rows are undecided, in conflict, carry a warning, or have at least two others like them."""

    @property
    def undecided(self) -> int:
        return self.counts["undecided"]

    @property
    def decided(self) -> int:
        return len(self.rows) - self.undecided


def _count(rows: Sequence[PileRow], marks: Mapping[int, Mark]) -> dict[str, int]:
    undecided = [marks.get(row.id) for row in rows if row.state == UNDECIDED]
    known = [mark for mark in undecided if mark is not None]
    likenesses = Counter(mark.likeness for mark in known if mark.plain)
    return {
        "undecided": len(undecided),
        "conflict": sum(mark.conflict for mark in known),
        "warning": sum(mark.warnings > 0 for mark in known),
        "alike": sum(count for count in likenesses.values() if count >= ALIKE_AT_LEAST),
    }


def _matches(row: PileRow, mark: Mark | None, show: str) -> bool:
    if show.startswith(ALIKE):
        return row.undecided and mark is not None and mark.plain and mark.likeness == show.removeprefix(ALIKE)
    match show:
        case "undecided":
            return row.undecided
        case "conflict":
            return row.undecided and mark is not None and mark.conflict
        case "warning":
            return row.undecided and mark is not None and mark.warnings > 0
        case _:
            return True


def review(
    pile: Pile,
    *,
    actor: Actor,
    now: datetime,
    terms: Terms,
    show: str = "all",
    row: int | None = None,
    after: int | None = None,
    jump: str = "",
) -> Review:
    """The table as an actor sees it.

    `show` is all, undecided, conflict, warning, or ALIKE with the sign of a group; `jump` a place in the pile, or a
    part of a name; `after` a row that was just decided, for the next undecided one, or that row itself at the end.
    """
    rows = rows_of(pile, login=actor.login)
    marks = marks_of(pile, rows, now=now)
    matching = matching_of(rows, marks, show)
    current = next((one for one in rows if one.id == row), None)
    if after is not None:
        decided = next((one for one in rows if one.id == after), None)
        current = following_of(matching, decided) or decided
    if jump:
        current = _jump(rows, jump) or current
    if current is None:
        current = next((one for one in matching if one.undecided), next(iter(matching), None))
    # The row on the table stays in sight even where the filter leaves it out.
    seen = [one for one in matching if current is None or one.place < current.place]
    at = len(seen)
    around = [
        *seen,
        *([current] if current else []),
        *(one for one in matching if current and one.place > current.place),
    ]
    start = max(0, min(at - ABOVE_ROWS, len(around) - LISTED_ROWS))
    own = [one for one in rows if one.verified_by == actor.login and one.state in DECIDED]
    return Review(
        pile=pile,
        rows=rows,
        marks=marks,
        show=show,
        matching=matching,
        listed=tuple(around[start : start + LISTED_ROWS]),
        current=current,
        sheet=sheet_of(current.id, actor=actor, now=now, terms=terms, mark=marks.get(current.id))
        if current
        else None,
        following=following_of(matching, current),
        before=around[at - 1] if at else None,
        after=around[at + 1] if at + 1 < len(around) else None,
        last_own=max(own, key=lambda one: (one.decided_at, one.id), default=None),
        due=due_of(pile),
        counts=_count(rows, marks),
    )


def matching_of(rows: Sequence[PileRow], marks: Mapping[int, Mark], show: str) -> tuple[PileRow, ...]:
    if show == "all":
        return tuple(rows)
    return tuple(one for one in rows if _matches(one, marks.get(one.id), show))


def next_undecided(pile: Pile, number: int, *, show: str, now: datetime) -> int | None:
    """The row to go on with after one that was decided."""
    rows = rows_of(pile)
    row = next((one for one in rows if one.id == number), None)
    found = following_of(matching_of(rows, marks_of(pile, rows, now=now), show), row)
    return found.id if found else None


def following_of(matching: Sequence[PileRow], current: PileRow | None) -> PileRow | None:
    """The next undecided row after one, from the top again at the end; never the row itself."""
    open_rows = [one for one in matching if one.undecided and (current is None or one.id != current.id)]
    later = [one for one in open_rows if current is None or one.place > current.place]
    return next(iter(later or open_rows), None)


def _jump(rows: Sequence[PileRow], words: str) -> PileRow | None:
    plain = words.strip().replace(".", "").replace(",", "")
    if plain.isdecimal() and len(plain) < 10:
        return rows[int(plain) - 1] if 0 < int(plain) <= len(rows) else None
    return next((one for one in rows if plain.casefold() in one.name.casefold()), None)


def pace(rows: Sequence[PileRow], login: str) -> timedelta | None:
    """How long one row takes this person, by the middle of their latest steps; None while there are too few."""
    own = sorted(row.decided_at for row in rows if row.verified_by == login and row.state in DECIDED)[-40:]
    gaps = (later - earlier for earlier, later in pairwise(own))
    steps = sorted(gap for gap in gaps if SHORTEST_STEP_SECONDS <= gap < LONGEST_STEP_SECONDS)
    return timedelta(seconds=steps[len(steps) // 2]) if len(steps) >= 5 else None


SHORTEST_STEP_SECONDS = 1
"""Rows that were decided together say nothing of how long one takes."""

LONGEST_STEP_SECONDS = 300
"""Whoever takes longer for one row did something else in between."""


def forget() -> None:
    """Drop the marks that are kept; the next page reads everything anew."""
    _kept.clear()
