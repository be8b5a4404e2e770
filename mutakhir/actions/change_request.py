"""What people do with a single request: write it down, complete it, take it back, decide on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from mutakhir.actions import double_id, families
from mutakhir.actions.reach import is_within_reach
from mutakhir.core.actors import SYSTEM, Actor
from mutakhir.core.attributes import check_day
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import BEFORE_SENT, Request, State, write_changes
from mutakhir.core.comparison import Change, Line, compare_all
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.facts import Value
from mutakhir.core.flows import change_request as flow
from mutakhir.core.flows.change_request import OPERATORS, Case, take
from mutakhir.core.kinds import KINDS, Kind
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.rules.claims import DEAD, compare_claims, own_words, receives, reported_dead
from mutakhir.core.terms import Terms
from mutakhir.core.tickets import from_random
from mutakhir.ports import Register


@dataclass(frozen=True, slots=True)
class Content:
    """What a request asks for, as a form says it.

    `wanted` are values of the family and its dwelling by attribute, of a correction also the person's; `newcomers` the
    persons who are new, each with their values; `people` the known persons whom a request is about; `choices` what was
    chosen for a split, a join or a double ID, by the name of the question.
    """

    wanted: Mapping[str, Value] = field(default_factory=dict)
    newcomers: tuple[Mapping[str, Value], ...] = ()
    people: tuple[int, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    note: str = ""
    holds_from: date | None = None
    birth_date: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Write a request down. `applicant` has `name` and `standing`: member, guardian, helper or village."""

    kind: str
    region: str
    applicant: Mapping[str, str]
    family: int | None = None
    content: Content = field(default_factory=Content)


STANDINGS = ("member", "guardian", "helper", "village")


def record(command: Record, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """A village operator writes down what a resident asks, on any day. Returns the draft.

    Raises `Refused` with every reason: role, place, applicant, and each value that cannot be.
    """
    reasons: list[Refusal] = []
    if not actor.sees(command.region):
        raise Refused(Refusal.of("not-found"))
    if not actor.has(OPERATORS, command.region) or len(command.region) != 10:
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in OPERATORS)))
    kind = KINDS.get(command.kind)
    if kind is None:
        raise Refused(*reasons, Refusal.of("kind-unknown", kind=command.kind))
    if not command.applicant.get("name", "").strip():
        reasons.append(Refusal.of("applicant-unnamed"))
    if command.applicant.get("standing") not in STANDINGS:
        reasons.append(Refusal.of("applicant-standing-unknown"))
    family = command.family
    if kind.name == "new_family":
        family = register.new_id()
    elif family is None or not is_within_reach(family, "family", actor=actor, register=register):
        raise Refused(*reasons, Refusal.of("family-unknown"))
    number = register.new_id()
    draft = Request(
        id=number,
        kind=kind.name,
        state=State.DRAFT,
        version=0,
        region=command.region,
        since=now,
        recorded_at=now,
        recorded_by=actor.login,
        subject_name="",
        family=family,
        person=_person_of(kind, command.content),
        applicant=command.applicant,
    )
    changes, findings = read_content(
        kind, command.content, draft, actor=actor, now=now, register=register, terms=terms
    )
    reasons += findings
    if reasons:
        raise Refused(*reasons)
    event = Event(
        subject=number,
        kind="request",
        version=1,
        type="recorded",
        body={
            "kind": kind.name,
            "family": family,
            "person": draft.person,
            "subject_name": subject_name(kind, command, changes, register),
            "applicant": dict(command.applicant),
            "changes": write_changes(changes),
            **_told(command.content),
        },
        actor=actor.login,
        recorded_at=now,
        region=command.region,
    )
    register.append([event])
    return register.requests([number])[number]


def _person_of(kind: Kind, content: Content) -> int | None:
    return content.people[0] if kind.about == "person" and content.people else None


def _told(content: Content) -> dict[str, Any]:
    told: dict[str, Any] = {"reason": content.reason, "note": content.note, "birth_date": content.birth_date}
    told["holds_from"] = content.holds_from.isoformat() if content.holds_from else None
    if content.choices:
        told["choices"] = dict(content.choices)
    return told


def subject_name(kind: Kind, command: Record, changes: Iterable[Change], register: Register) -> str:
    """The name under which a request stands on lists: the new person, the person concerned, or the head."""
    named = next((one.wanted for one in changes if one.attribute == "name" and one.wanted), None)
    if named:
        return str(named)
    if kind.about == "person" and command.content.people:
        people = register.current(command.content.people)
        return str(people.get(command.content.people[0], NOTHING).get("name", ""))
    if command.family is not None:
        members = register.current(register.members(command.family))
        own = [one for one in members.values() if one.get("family") == command.family]
        head = next((one for one in own if one.get("relation") == "1"), own[0] if own else NOTHING)
        return str(head.get("name") or command.applicant.get("name", ""))
    return command.applicant.get("name", "")


CHOSEN = {
    "family_split": families.read_split,
    "family_join": families.read_join,
    "double_id": double_id.read_double,
}
"""Kinds whose form is about whole persons and families: what follows from its choices is worked out here."""


def read_content(
    kind: Kind,
    content: Content,
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    register: Register,
    terms: Terms,
) -> tuple[tuple[Change, ...], tuple[Refusal, ...]]:
    """Turn what a form says into changes with the values that were seen, and find what cannot be."""
    findings: list[Refusal] = []
    today = today_in(request.region, now)
    if content.holds_from is not None and content.holds_from > today:
        findings.append(
            Refusal.of("date-in-future", attribute="holds_from", value=content.holds_from.isoformat())
        )
    if content.holds_from is not None and content.holds_from.year < 1900:
        findings.append(Refusal.of("date-too-early", attribute="holds_from", year=content.holds_from.year))
    if kind.reasons and content.reason and content.reason not in terms.reasons[kind.reasons]:
        findings.append(Refusal.of("reason-unknown", reason=content.reason))
    wanted: list[tuple[int, str, str, Value]] = []
    if kind.name in ("living_conditions", "new_family", "moved", "change_of_pengurus"):
        wanted += _of_the_house(content, request, register=register, terms=terms)
    if kind.name in ("new_person", "new_family"):
        wanted += _of_newcomers(content, request, register=register)
        findings += _second_heads(wanted, request, register)
    if kind.name in ("leaving", "not_eligible"):
        wanted += _of_registration(kind, content, terms)
    if kind.claim:
        wanted += _of_claims(kind, content, request, terms)
    if kind.name in ("leaving", "not_eligible") or kind.claim:
        family_members = set(register.members(request.family or 0))
        findings += [
            Refusal.of("person-not-of-family") for one in content.people if one not in family_members
        ]
    if kind.name in CHOSEN:
        chosen, found = CHOSEN[kind.name](
            content.choices, request, actor=actor, today=today, register=register, terms=terms
        )
        wanted += chosen
        findings += found
    for _, _, name, value in wanted:
        findings += _check(kind, name, value, today=today, terms=terms)
    current = register.current({subject for subject, _, _, _ in wanted})
    if kind.name == "change_of_pengurus":
        findings += _unfit(content.wanted.get("pengurus"), request, register)
    changes = tuple(
        Change(subject, of, name, current.get(subject, NOTHING).get(name), value)
        for subject, of, name, value in wanted
    )
    # A value that is already so is no change, unless the subject is new.
    return tuple(one for one in changes if one.seen != one.wanted), tuple(dict.fromkeys(findings))


def _of_the_house(
    content: Content, request: Request, *, register: Register, terms: Terms
) -> list[tuple[int, str, str, Value]]:
    if request.family is None:
        raise Refused(Refusal.of("family-unknown"))
    of = {name: terms.attributes[name].of for name in content.wanted if name in terms.attributes}
    unknown = [name for name in content.wanted if name not in of]
    if unknown:
        raise Refused(*(Refusal.of("attribute-unknown", attribute=name) for name in unknown))
    personal = [name for name in content.wanted if of[name] == "person"]
    if personal:
        raise Refused(
            *(Refusal.of("attribute-not-of-kind", attribute=name, kind=request.kind) for name in personal)
        )
    wanted: list[tuple[int, str, str, Value]] = [
        (request.family, "family", name, value)
        for name, value in content.wanted.items()
        if of[name] == "family"
    ]
    if request.kind == "moved":
        wanted += _of_the_move(wanted, request, register)
    housing = [(name, value) for name, value in content.wanted.items() if of[name] == "dwelling"]
    if housing:
        known = register.current([request.family]).get(request.family, NOTHING).get("dwelling")
        earlier = next((one.subject for one in request.changes if one.of == "dwelling"), None)
        dwelling = known or earlier or register.new_id()
        if known is None:
            wanted.append((request.family, "family", "dwelling", dwelling))
        wanted += [(dwelling, "dwelling", name, value) for name, value in housing]
    if request.kind == "new_family":
        wanted.append((request.family, "family", "region_lived", request.region))
    return wanted


def _of_the_move(
    wanted: list[tuple[int, str, str, Value]], request: Request, register: Register
) -> list[tuple[int, str, str, Value]]:
    """Whoever moves lives in another house, of which nothing is known yet; what is known of the old one stays with it."""
    family = request.family or 0
    known = register.current([family]).get(family, NOTHING)
    if all(known.get(name) == value for _, _, name, value in wanted):
        return []
    earlier = next((one.wanted for one in request.changes if one.attribute == "dwelling"), None)
    return [(family, "family", "dwelling", earlier or register.new_id())]


def _of_newcomers(
    content: Content, request: Request, *, register: Register
) -> list[tuple[int, str, str, Value]]:
    earlier = list(dict.fromkeys(one.subject for one in request.changes if one.of == "person"))
    wanted: list[tuple[int, str, str, Value]] = []
    for place, newcomer in enumerate(content.newcomers):
        person = earlier[place] if place < len(earlier) else register.new_id()
        relation = "1" if request.kind == "new_family" and place == 0 else newcomer.get("relation")
        values = {
            **newcomer,
            "relation": relation,
            "family": request.family,
            "registration": "registered",
            "registration_reason": request.kind,
        }
        wanted += [
            (person, "person", name, value) for name, value in values.items() if value not in (None, "")
        ]
    return wanted


def _second_heads(
    wanted: list[tuple[int, str, str, Value]], request: Request, register: Register
) -> list[Refusal]:
    """A family has one head: a newcomer who is said to be another is asked about at once."""
    heads = [subject for subject, _, name, value in wanted if name == "relation" and value == "1"]
    members = register.current(register.members(request.family or 0)).values()
    known = [one for one in members if one.get("family") == request.family and one.get("relation") == "1"]
    if heads and len(known) + len(heads) > 1:
        names = [value for subject, _, name, value in wanted if name == "name" and subject == heads[0]]
        head = str(known[0].get("name", "") if known else next(iter(names), ""))
        return [Refusal.of("family-has-head", attribute="relation", head=head)]
    return []


def _of_registration(kind: Kind, content: Content, terms: Terms) -> list[tuple[int, str, str, Value]]:
    wanted: list[tuple[int, str, str, Value]] = []
    for person in content.people:
        values: dict[str, Value] = {}
        if kind.name == "not_eligible":
            values |= {"eligibility": "not_eligible", "eligibility_reason": content.reason}
        if kind.name == "leaving" or content.reason in terms.ending:
            values |= {"registration": "ended", "registration_reason": content.reason}
        if content.reason == "3" and kind.name == "not_eligible" and content.holds_from is not None:
            values["died_on"] = content.holds_from.isoformat()
        wanted += [(person, "person", name, value) for name, value in values.items()]
    return wanted


def _of_claims(
    kind: Kind, content: Content, request: Request, terms: Terms
) -> list[tuple[int, str, str, Value]]:
    """What only the civil register can make true: a death, or what a card says of a person or a family."""
    if kind.name == "death":
        died = content.holds_from.isoformat() if content.holds_from is not None else None
        return [(person, "person", "died_on", died) for person in content.people if died is not None]
    wanted: list[tuple[int, str, str, Value]] = []
    for name, value in content.wanted.items():
        attribute = terms.attributes.get(name)
        if value in (None, ""):
            continue
        if attribute is not None and attribute.of == "family" and request.family is not None:
            wanted.append((request.family, "family", name, value))
        else:
            wanted += [(person, "person", name, value) for person in content.people[:1]]
    return wanted


def _unfit(pengurus: Value, request: Request, register: Register) -> list[Refusal]:
    """Whoever shall receive for the family belongs to it and is alive."""
    if pengurus in (None, ""):
        return []
    own = register.current([pengurus]).get(pengurus, NOTHING)
    if own.get("family") != request.family:
        return [Refusal.of("person-not-of-family")]
    reports = register.open_requests([request.family or 0], kinds=("death", "not_eligible"))
    is_dead = own.get("died_on") is not None or any(pengurus in reported_dead(one) for one in reports)
    return [Refusal.of("pengurus-has-died", name=str(own.get("name", "")))] if is_dead else []


RESULTING = frozenset(
    {
        "family",
        "dwelling",
        "region_lived",
        "registration",
        "registration_reason",
        "died_on",
        "came_from",
        "merged_into",
        "same_as",
    }
)
"""Attributes that no form asks for: they follow from the kind of the request."""


def _check(kind: Kind, name: str, value: Value, *, today: date, terms: Terms) -> tuple[Refusal, ...]:
    attribute = terms.attributes.get(name)
    if attribute is None:
        return (Refusal.of("attribute-unknown", attribute=name),)
    is_asked = name in RESULTING or name in kind.attributes or attribute.group in kind.groups
    if not is_asked and kind.name not in CHOSEN:
        return (Refusal.of("attribute-not-of-kind", attribute=name, kind=kind.name),)
    if value in (None, ""):
        return ()
    findings = list(terms.attributes.check(attribute, value))
    if not findings and attribute.type == "date":
        findings += check_day(attribute, str(value), today=today)
    if name == "nik" and not terms.training and str(value).startswith("99"):
        findings.append(Refusal.of("nik-training-region"))
    return tuple(findings)


# --- steps of one request -------------------------------------------------------------------------------------------


def case_of(request: Request, *, now: datetime, register: Register, terms: Terms) -> Case:
    """A request with what its guards ask about, read from the register."""
    return cases_of([request], now=now, register=register, terms=terms, scope=request.region)[0]


def cases_of(
    requests: Iterable[Request], *, now: datetime, register: Register, terms: Terms, scope: str = ""
) -> list[Case]:
    """The same for many requests of a scope, read set-based; in their order."""
    kept = list(requests)
    if not kept:
        return []
    windows = register.windows(scope)
    lines = lines_of(kept, register)
    successions = successions_of(kept, register)
    return [
        flow.case_of(
            one,
            now=now,
            deadlines=terms.deadlines,
            windows=windows,
            lines=lines[one.id],
            succession=successions.get(one.id),
        )
        for one in kept
    ]


def lines_of(requests: Iterable[Request], register: Register) -> dict[int, tuple[Line, ...]]:
    """The three values of every change of some requests, read set-based."""
    kept = list(requests)
    current = register.current({one.subject for request in kept for one in request.changes})
    claimed = {one.subject for request in kept if request.rule.claim for one in request.changes}
    told = register.as_of(claimed, on=date.max, position=None) if claimed else {}
    words = {subject: own_words(answers) for subject, answers in told.items()}
    return {
        request.id: compare_claims(request.changes, current, words)
        if request.rule.claim
        else compare_all(request.changes, current)
        for request in kept
    }


def successions_of(requests: Iterable[Request], register: Register) -> dict[int, int]:
    """For each request that ends something because of a death: the open one that names who receives from then on."""
    families = {
        one.id: one.family for one in requests if one.reason == DEAD and one.rule.name == "not_eligible"
    }
    waiting = register.open_requests(
        {family for family in families.values() if family is not None}, kinds=("change_of_pengurus",)
    )
    by_family = {one.family: one.id for one in waiting}
    return {number: by_family[family] for number, family in families.items() if family in by_family}


def find(number: int, *, actor: Actor, register: Register, seen: int | None = None) -> Request:
    """The request, if the actor may see it; `seen` is the version that their page showed.

    Raises `Refused` "not-found" for what is not there and for what is outside the actor's scope alike; `Conflict` when
    somebody else was faster.
    """
    request = register.requests([number]).get(number)
    if request is None or not actor.sees(request.region):
        raise Refused(Refusal.of("not-found"))
    if seen is not None and seen != request.version:
        raise Conflict(Refusal.of("changed-meanwhile", who=request.touched_by, state=request.state.value))
    return request


@dataclass(frozen=True, slots=True)
class Take:
    """Take a step of the route with one request; `told` is what the step needs to be told."""

    request: int
    step: str
    told: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    seen: int | None = None


SINGLE_STEPS = frozenset(
    (
        "prove",
        "reserve",
        "appeal",
        "verify:verified",
        "verify:returned",
        "verify:refused",
        "undo",
        "withdraw",
        "keep",
        "forward:forwarded",
        "forward:let_pass",
        "refer",
    )
)
"""Steps that a person takes with one request; the others belong to lists, meetings or the system."""


def take_step(command: Take, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """A person takes a step with one request. Returns the request as it is then."""
    if command.step not in SINGLE_STEPS:
        raise Refused(Refusal.of("step-not-single", step=command.step))
    request = find(command.request, actor=actor, register=register, seen=command.seen)
    case = case_of(request, now=now, register=register, terms=terms)
    event = take(case, command.step, actor=actor, now=now, told=command.told, reason=command.reason)
    register.append([event])
    if command.step == "withdraw":
        _withdraw_what_follows(request, command.told, actor=actor, now=now, register=register, terms=terms)
    return register.requests([request.id])[request.id]


def _withdraw_what_follows(
    request: Request,
    told: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    register: Register,
    terms: Terms,
) -> None:
    """What a request gave rise to, and what the village has not completed since, goes back with it."""
    following = register.open_requests([request.family or 0], kinds=("change_of_pengurus",))
    for one in following:
        if one.cause == request.id and one.state is State.DRAFT:
            case = case_of(one, now=now, register=register, terms=terms)
            register.append([take(case, "withdraw", actor=actor, now=now, told=told)])


def reserve(
    number: int,
    *,
    randomness: bytes,
    actor: Actor,
    now: datetime,
    register: Register,
    terms: Terms,
    seen: int | None = None,
) -> Request:
    """Put a draft into the reserve and give the resident a ticket; what is missing stops nothing.

    A death that is reported so opens the change of pengurus at once. A claim that has come true already closes.
    """
    request = find(number, actor=actor, register=register, seen=seen)
    told = {"ticket": from_random(randomness), "birth_date": request.birth_date}
    take_step(Take(number, "reserve", told), actor=actor, now=now, register=register, terms=terms)
    return _follow(number, actor=actor, now=now, register=register, terms=terms)


def _follow(number: int, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """What follows at once from what the reserve holds now; the request as it is then."""
    request = register.requests([number])[number]
    if request.state is not State.RESERVED:
        return request
    _open_succession(request, actor=actor, now=now, register=register)
    if request.rule.claim:
        case = case_of(request, now=now, register=register, terms=terms)
        if not flow.why_not(case, "settle:satisfied", SYSTEM):
            register.append([take(case, "settle:satisfied", actor=SYSTEM, now=now)])
    return register.requests([number])[number]


def _open_succession(report: Request, *, actor: Actor, now: datetime, register: Register) -> None:
    """Where somebody died who receives for the family, and others are left: a request for whoever shall receive now."""
    dead = set(reported_dead(report))
    if not dead or report.family is None:
        return
    people = register.current(register.members(report.family))
    members = {person: own for person, own in people.items() if own.get("family") == report.family}
    family = register.current([report.family]).get(report.family, NOTHING)
    received = [
        person for person in dead if receives(person, family=family, own=members.get(person, NOTHING))
    ]
    left = [person for person, own in members.items() if person not in dead and own.get("died_on") is None]
    if not (received and left) or register.open_requests([report.family], kinds=("change_of_pengurus",)):
        return
    cause = register.histories([report.id])[report.id].events[-1]
    number = register.new_id()
    event = Event(
        subject=number,
        kind="request",
        version=1,
        type="recorded",
        body={
            "kind": "change_of_pengurus",
            "family": report.family,
            "person": None,
            "subject_name": str(members[received[0]].get("name", "")),
            "applicant": dict(report.applicant),
            "changes": [],
            "cause": report.id,
            "birth_date": report.birth_date,
        },
        actor=actor.login,
        recorded_at=now,
        region=report.region,
        caused_by=cause.id,
    )
    register.append([event])


@dataclass(frozen=True, slots=True)
class Amend:
    """Complete or correct a request that is not yet packed.

    `anew` are the subjects and attributes whose present value the operator has looked at and still wants changed.
    """

    request: int
    content: Content
    applicant: Mapping[str, str] | None = None
    seen: int | None = None
    anew: frozenset[tuple[int, str]] = frozenset()


def amend(command: Amend, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """Replace what a draft or a waiting request asks for. A village decision falls if what it was about changes."""
    request = find(command.request, actor=actor, register=register, seen=command.seen)
    changes, findings = read_content(
        request.rule, command.content, request, actor=actor, now=now, register=register, terms=terms
    )
    if findings:
        raise Refused(*findings)
    # What is asked for as before keeps the value that was seen for it: completing one attribute must not hide that
    # another was changed meanwhile.
    before = {(one.subject, one.attribute, repr(one.wanted)): one.seen for one in request.changes}
    changes = tuple(
        one
        if (one.subject, one.attribute) in command.anew
        else replace(one, seen=before.get((one.subject, one.attribute, repr(one.wanted)), one.seen))
        for one in changes
    )
    told: dict[str, Any] = {"changes": write_changes(changes), **_told(command.content)}
    if command.applicant is not None:
        told["applicant"] = dict(command.applicant)
    said = Record(
        request.kind, request.region, command.applicant or request.applicant, request.family, command.content
    )
    told["subject_name"] = subject_name(request.rule, said, changes, register)
    if request.rule.about == "person" and command.content.people:
        told["person"] = command.content.people[0]
    case = case_of(request, now=now, register=register, terms=terms)
    register.append([take(case, "amend", actor=actor, now=now, told=told)])
    return _follow(request.id, actor=actor, now=now, register=register, terms=terms)


@dataclass(frozen=True, slots=True)
class Resume:
    """Take up a request that came back. `keep` are the attributes still wanted; None keeps all of them."""

    request: int
    keep: tuple[tuple[int, str], ...] | None = None
    seen: int | None = None


def resume(command: Resume, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """Take the seen values anew. What is already so falls away; the village decision stays where nothing else changed."""
    request = find(command.request, actor=actor, register=register, seen=command.seen)
    current = register.current({one.subject for one in request.changes})
    renewed = tuple(
        replace(one, seen=current.get(one.subject, NOTHING).get(one.attribute))
        for one in request.changes
        if command.keep is None or (one.subject, one.attribute) in command.keep
    )
    if request.changes and not renewed:
        raise Refused(Refusal.of("nothing-left-to-change"))
    case = case_of(request, now=now, register=register, terms=terms)
    event = take(case, "resume", actor=actor, now=now, told={"changes": write_changes(renewed)})
    register.append([event])
    return _follow(request.id, actor=actor, now=now, register=register, terms=terms)


def ask_cancellation(number: int, *, region: str, now: datetime, register: Register) -> Request:
    """A resident with a ticket asks to cancel: a task for the village, never at once a withdrawal."""
    request = register.requests([number]).get(number)
    if request is None:
        raise Refused(Refusal.of("not-found"))
    if request.state not in BEFORE_SENT:
        raise Refused(Refusal.of("state-differs", state=request.state.value))
    if request.cancellation_asked:
        return request
    event = Event(
        subject=number,
        kind="request",
        version=request.version + 1,
        type="cancellation_asked",
        body={},
        actor="resident",
        recorded_at=now,
        region=request.region,
    )
    register.append([event])
    return register.requests([number])[number]
