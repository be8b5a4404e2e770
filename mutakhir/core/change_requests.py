"""A change request as its events tell it: what it holds, how an event changes it, what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from mutakhir.core.comparison import Change, Line, Outcome
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.kinds import KINDS, Evidence, Kind
from mutakhir.core.values import replace


class State(StrEnum):
    DRAFT = "draft"
    RESERVED = "reserved"
    DELIBERATED = "deliberated"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    VERIFIED = "verified"
    RETURNED = "returned"
    REFUSED = "refused"
    FINALISED = "finalised"
    ENDORSED = "endorsed"
    SENT = "sent"
    DETERMINED = "determined"
    APPLIED = "applied"
    CONFLICT = "conflict"
    SATISFIED = "satisfied"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"


WRITABLE = (State.DRAFT, State.RESERVED, State.DELIBERATED)
ENDED = (State.REFUSED, State.APPLIED, State.SATISFIED, State.WITHDRAWN, State.ANNULLED)
RESTING = (*ENDED, State.LAPSED)
OPEN = tuple(state for state in State if state not in RESTING)
BEFORE_SENT = tuple(state for state in (*OPEN, State.LAPSED) if state not in (State.SENT, State.DETERMINED))
BEFORE_PACKED = frozenset((*WRITABLE, State.RETURNED, State.CONFLICT, State.LAPSED))
IN_RESERVE = (State.RESERVED, State.DELIBERATED)


@dataclass(frozen=True, slots=True)
class Proof:
    """One document or photograph, kept by its digest."""

    kind: str
    digest: str
    media_type: str
    name: str
    added_at: str
    added_by: str
    taken_at: str | None = None
    point: str | None = None


NO_NAME = "…"
"""What stands in the place of a name that was erased or sealed."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A request that another village is asked to take over; until it does, the present one is responsible."""

    to: str
    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """A change request.

    `region` is its place of handling, `since` the instant at which its present state began, `choices` what the form of
    a split, a join or a double ID said, by the name of its question. `cause` is the number of the request from which it
    follows; `referred` says that the papers of a claim were taken to the authority that has the word.
    """

    id: int
    kind: str
    state: State
    version: int
    region: str
    since: datetime
    recorded_at: datetime
    recorded_by: str
    subject_name: str
    family: int | None = None
    person: int | None = None
    applicant: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    note: str = ""
    holds_from: date | None = None
    changes: tuple[Change, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Proof, ...] = ()
    ticket: str | None = None
    birth_date: str | None = None
    fit: bool | None = None
    decided_on: date | None = None
    decided_by: tuple[str, ...] = ()
    decision_reason: str | None = None
    session: int | None = None
    in_minutes: bool = False
    appealed: bool = False
    window: int | None = None
    batch: int | None = None
    submission: int | None = None
    packed_from: State | None = None
    verified_by: str | None = None
    forwarded: str | None = None
    finding: str | None = None
    answer: str | None = None
    answer_reason: str | None = None
    document: str | None = None
    returned_because: str | None = None
    returned_note: str = ""
    lines: tuple[Line, ...] = ()
    cancellation_asked: bool = False
    touched_by: str = ""
    written_by: tuple[str, ...] = ()
    offer: Offer | None = None
    declined_because: str = ""
    cause: int | None = None
    referred: bool = False

    @property
    def rule(self) -> Kind:
        return KINDS[self.kind]

    @property
    def is_blank(self) -> bool:
        """Whether its contents were erased or sealed: what is left is its kind, and how it ended."""
        return self.subject_name == NO_NAME

    @property
    def stands_decided(self) -> bool:
        """The village agreed, or need not be asked, or its refusal was appealed against."""
        return not self.rule.deliberated or self.fit is True or (self.fit is False and self.appealed)

    @property
    def is_ended(self) -> bool:
        """Whether nothing waits any more. What lapsed rests: it can be taken up again, and nobody is late with it."""
        return (
            self.is_blank or self.state in RESTING or (self.state is State.DETERMINED and self.answer == "no")
        )


REASON_EVIDENCE: Mapping[str, Evidence] = {"3": Evidence.DEATH_LETTER, "15": Evidence.MOVE_LETTER}
"""Reasons of "not eligible" that another paper than a statement proves."""

PHOTOGRAPHED: Mapping[str, Evidence] = {"floor_material": Evidence.HOUSE_FLOOR}
"""Attributes whose change needs a photograph of its own."""


def required_evidence(kind: Kind, *, reason: str | None, attributes: Iterable[str]) -> tuple[Evidence, ...]:
    """The papers and photographs that prove a request of this kind, with this reason and these attributes."""
    wanted = kind.evidence
    if reason is not None and reason in REASON_EVIDENCE:
        wanted = tuple(REASON_EVIDENCE[reason] if one is Evidence.STATEMENT else one for one in wanted)
    if kind.name == "living_conditions":
        photographed = {PHOTOGRAPHED[name] for name in attributes if name in PHOTOGRAPHED}
        wanted = (*wanted, *sorted(photographed)) if photographed else wanted
    return wanted


def needed_evidence(request: Request) -> tuple[Evidence, ...]:
    """The papers and photographs that prove this request, as it asks now."""
    return required_evidence(
        request.rule, reason=request.reason, attributes=[one.attribute for one in request.changes]
    )


def missing(request: Request) -> tuple[str, ...]:
    """What a request lacks before it can be packed: `change`, `reason`, `attribute:NAME`, `evidence:KIND`.

    Nothing is lacking once it was packed, for only what is complete is.
    """
    if request.is_blank or request.state not in BEFORE_PACKED:
        return ()
    kind = request.rule
    lacks: list[str] = []
    if not request.changes:
        lacks.append("change")
    if kind.reasons and not request.reason:
        lacks.append("reason")
    if kind.required:
        given = {change.attribute for change in request.changes if change.wanted not in (None, "")}
        lacks += [f"attribute:{name}" for name in kind.required if name not in given]
    had = {proof.kind for proof in request.evidence}
    return (*lacks, *[f"evidence:{piece}" for piece in needed_evidence(request) if piece not in had])


def fold(events: Iterable[Event]) -> Request | None:
    request: Request | None = None
    for event in events:
        request = evolve(request, event)
    return request


TARGETS: Mapping[str, State] = {
    "recorded": State.DRAFT,
    "reserved": State.RESERVED,
    "deliberated": State.DELIBERATED,
    "appealed": State.RESERVED,
    "packed": State.PACKED,
    "handed_over": State.HANDED_OVER,
    "verified": State.VERIFIED,
    "returned": State.RETURNED,
    "refused": State.REFUSED,
    "undone": State.HANDED_OVER,
    "finalised": State.FINALISED,
    "endorsed": State.ENDORSED,
    "sent": State.SENT,
    "determined": State.DETERMINED,
    "applied": State.APPLIED,
    "contradicted": State.CONFLICT,
    "satisfied": State.SATISFIED,
    "lapsed": State.LAPSED,
    "expired": State.RESERVED,
    "withdrawn": State.WITHDRAWN,
    "resumed": State.RESERVED,
    "annulled": State.ANNULLED,
    "reopened": State.RESERVED,
}
"""The state that an event leads to; `unpacked` leads back to where the request was packed from, others stay."""


WRITING = frozenset({"recorded", "amended", "evidence_added", "appealed", "resumed"})
"""Events that change what a request says or what proves it: whoever wrote does not verify."""


def evolve(request: Request | None, event: Event) -> Request:
    """Return the request as it is after an event."""
    body: Mapping[str, Any] = event.body if event.body is not None else NOTHING
    if request is None:
        return _begin(event, body) if event.body is not None else _begin_blank(event)
    if request.is_blank:
        return _left(request, event, body)
    state = request.packed_from if event.type == "unpacked" else TARGETS.get(event.type)
    told: dict[str, Any] = {"version": event.version, "touched_by": event.actor}
    if state is not None:
        told |= {"state": state, "since": event.recorded_at}
        if state not in IN_RESERVE:
            told["offer"] = None
    if event.type in WRITING and event.actor not in request.written_by:
        told["written_by"] = (*request.written_by, event.actor)
    return replace(request, **told, **_told(request, event, body))


def _begin(event: Event, body: Mapping[str, Any]) -> Request:
    if event.type != "recorded":
        raise ValueError(f"a request begins with being recorded, not {event.type}")
    return Request(
        id=event.subject,
        kind=body["kind"],
        state=State.DRAFT,
        version=event.version,
        region=event.region,
        since=event.recorded_at,
        recorded_at=event.recorded_at,
        recorded_by=event.actor,
        touched_by=event.actor,
        written_by=(event.actor,),
        subject_name=body.get("subject_name", ""),
        family=body.get("family"),
        person=body.get("person"),
        applicant=body["applicant"],
        birth_date=body.get("birth_date"),
        changes=read_changes(body["changes"]),
        choices=body.get("choices") or {},
        reason=body.get("reason"),
        note=body.get("note", ""),
        holds_from=read_day(body.get("holds_from")),
        cause=body.get("cause"),
    )


def _begin_blank(event: Event) -> Request:
    return Request(
        id=event.subject,
        kind="",
        state=State.DRAFT,
        version=event.version,
        region=event.region,
        since=event.recorded_at,
        recorded_at=event.recorded_at,
        recorded_by=event.actor,
        subject_name=NO_NAME,
    )


def _left(request: Request, event: Event, body: Mapping[str, Any]) -> Request:
    """What is left of a request without its contents: that which the event says that took them."""
    if event.type not in ("erased", "sealed"):
        return replace(request, version=event.version, region=event.region)
    return replace(
        request,
        version=event.version,
        region=event.region,
        kind=body["kind"],
        state=State(body["state"]),
        since=datetime.fromisoformat(body["since"]),
        family=body["family"],
        person=body["person"],
        touched_by=event.actor,
    )


def what_is_left(request: Request) -> dict[str, Any]:
    """What stays to be known of a request whose contents are taken: nothing that says who or what."""
    return {
        "kind": request.kind,
        "state": request.state.value,
        "since": request.since.isoformat(),
        "family": request.family,
        "person": request.person,
    }


def _told(request: Request, event: Event, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that an event states, beside the state."""
    match event.type:
        case "amended":
            return _amended(request, event, body)
        case "evidence_added":
            return {"evidence": (*request.evidence, Proof(**body["evidence"]))}
        case "reserved":
            return {"ticket": body["ticket"], "birth_date": body.get("birth_date", request.birth_date)}
        case "deliberated":
            return {
                "fit": body["outcome"] == "fit",
                "decided_on": read_day(body["day"]),
                "decided_by": tuple(body["decided_by"]),
                "decision_reason": event.reason,
                "session": body["session"],
                "in_minutes": body["in_minutes"],
                "appealed": False,
            }
        case "appealed":
            return {"appealed": True, "note": body["statement"]}
        case "packed":
            return {
                "window": body["window"],
                "batch": body["batch"],
                "packed_from": request.state,
                "lines": (),
            }
        case "unpacked":
            return {"window": None, "batch": None, "packed_from": None}
        case "expired":
            return dict(UNDECIDED)
        case "handed_over":
            return {"forwarded": None}
        case "forwarded":
            return {"forwarded": body["outcome"]}
        case "visited":
            return {"finding": body["finding"]}
        case "verified":
            return {"verified_by": event.actor}
        case "returned":
            return {
                "verified_by": event.actor,
                "returned_because": body["reason"],
                "returned_note": body.get("note", ""),
            }
        case "refused":
            return {
                "verified_by": event.actor,
                "answer_reason": body["reason"],
                "returned_note": body.get("note", ""),
            }
        case "undone":
            return {"verified_by": None, "returned_because": None, "answer_reason": None, "returned_note": ""}
        case "finalised":
            return {"submission": body["submission"]}
        case "sent":
            return {"window": body["window"]}
        case "determined":
            return {
                "answer": body["outcome"],
                "answer_reason": body.get("reason"),
                "document": body.get("document"),
            }
        case "contradicted":
            return {"lines": read_lines(body["lines"]), "window": None, "batch": None, "submission": None}
        case "referred":
            return {"referred": True}
        case "resumed":
            return _resumed(request, body)
        case "reopened":
            return dict(ANEW)
        case "cancellation_asked":
            return {"cancellation_asked": True}
        case "kept":
            return {"cancellation_asked": False}
        case "offered":
            return {
                "offer": Offer(body["to"], event.recorded_at, event.actor, body["reason"]),
                "declined_because": "",
            }
        case "declined":
            return {"offer": None, "declined_because": body["reason"]}
        case "recalled":
            return {"offer": None}
        case "taken_over":
            return _taken_over(request, event, body)
        case "recoded":
            return _recoded(request, body)
        case _:
            return {}


def _amended(request: Request, event: Event, body: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in (
        "reason", "note", "birth_date", "applicant", "subject_name", "person", "choices", "session",
        "in_minutes",
    ):  # fmt: skip
        if name in body:
            told[name] = body[name]
    if "holds_from" in body:
        told["holds_from"] = read_day(body["holds_from"])
    if "changes" in body:
        told["changes"] = read_changes(body["changes"])
        if wants(told["changes"]) != wants(request.changes):
            told |= UNDECIDED
            if request.state is State.DELIBERATED:
                told |= {"state": State.RESERVED, "since": event.recorded_at}
    return told


def _resumed(request: Request, body: Mapping[str, Any]) -> dict[str, Any]:
    changes = read_changes(body["changes"])
    told: dict[str, Any] = {"changes": changes, **ANEW}
    if wants(changes) != wants(request.changes):
        told |= UNDECIDED
    return told


def _taken_over(request: Request, event: Event, body: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {**_at(request, body["to"]), "offer": None}
    if request.rule.rests_on_dwelling:
        # The other village has not seen the house: its meeting decides anew.
        told |= {**UNDECIDED, "state": State.RESERVED, "since": event.recorded_at}
    return told


ANEW: Mapping[str, Any] = {
    "lines": (),
    "returned_because": None,
    "returned_note": "",
    "verified_by": None,
    # An answer was about the values of its day: the centre is asked again.
    "answer": None,
    "answer_reason": None,
    "document": None,
    "window": None,
    "batch": None,
    "submission": None,
    "packed_from": None,
    "referred": False,
}
"""What a request is that goes its way once more; what the village decided is not among it."""


def _recoded(request: Request, body: Mapping[str, Any]) -> dict[str, Any]:
    """The house stands where it stood, so what was decided stays; two villages that became one offer each other nothing."""
    old, new = body["from"], body["to"]
    told = _at(request, new) if request.region == old else {"region": request.region}
    offer = request.offer
    if offer is not None and offer.to == old:
        offer = replace(offer, to=new)
    return {**told, "offer": None if offer is not None and offer.to == told["region"] else offer}


def _at(request: Request, region: str) -> dict[str, Any]:
    """The request at another place of handling: a new family lives there, one that moves goes where it wanted to."""
    return {
        "region": region,
        "changes": tuple(
            replace(one, wanted=region)
            if one.attribute == "region_lived" and one.wanted == request.region
            else one
            for one in request.changes
        ),
    }


UNDECIDED: Mapping[str, Any] = {
    "fit": None,
    "decided_on": None,
    "decided_by": (),
    "decision_reason": None,
    "session": None,
    "in_minutes": False,
    "appealed": False,
}
"""What a request is without a village decision: the decision falls when what it was about changes."""


def wants(changes: Iterable[Change]) -> frozenset[tuple[int, str, str]]:
    """What is wanted, whatever was seen; the village decides on this."""
    return frozenset((one.subject, one.attribute, repr(one.wanted)) for one in changes)


def read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def read_changes(rows: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(row["subject"], row["of"], row["attribute"], row["seen"], row["wanted"]) for row in rows
    )


def write_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {
            "subject": one.subject,
            "of": one.of,
            "attribute": one.attribute,
            "seen": one.seen,
            "wanted": one.wanted,
        }
        for one in changes
    ]


def read_lines(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(change, row["current"], Outcome(row["outcome"]))
        for row, change in zip(rows, read_changes(rows), strict=True)
    )


def write_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    kept = tuple(lines)
    return [
        {**row, "current": line.current, "outcome": line.outcome.value}
        for row, line in zip(write_changes(line.change for line in kept), kept, strict=True)
    ]
