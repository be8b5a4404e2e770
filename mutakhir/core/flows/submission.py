"""Batches of villages and the lists of a kabupaten: frozen with a digest, endorsed by letter, sent, answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.flows.moves import Move
from mutakhir.core.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Batch:
    """What one village hands over in one window; a later one in the same window has a higher `number`."""

    id: int
    version: int
    window: int
    village: str
    number: int
    handed_over_at: datetime | None = None
    handed_over_by: str | None = None
    digest: str | None = None
    rows: int = 0


def fold_batch(events: Iterable[Event]) -> Batch | None:
    batch: Batch | None = None
    for event in events:
        body: Mapping[str, Any] = event.body or NOTHING
        if batch is None:
            batch = Batch(
                event.subject, event.version, body["window"], body["village"], body.get("number", 1)
            )
        else:
            batch = replace(
                batch,
                version=event.version,
                handed_over_at=event.recorded_at,
                handed_over_by=event.actor,
                digest=body["digest"],
                rows=body["rows"],
            )
    return batch


class State(StrEnum):
    FINALISED = "finalised"
    ENDORSED = "endorsed"
    SENT = "sent"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Letter:
    """The signed letter: its number, its day, who signed, the digest it names, and the scan."""

    number: str
    day: str
    signer: str
    digest: str
    scan: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A list of verified requests of one region in one window, frozen."""

    id: int
    version: int
    region: str
    window: int
    digest: str
    rows: int
    finalised_at: datetime
    finalised_by: str
    state: State = State.FINALISED
    letter: Letter | None = None
    file: str | None = None
    sent_in: int | None = None
    answer: str | None = None
    since: datetime | None = None


def fold(events: Iterable[Event]) -> Submission | None:
    submission: Submission | None = None
    for event in events:
        submission = evolve(submission, event)
    return submission


def evolve(submission: Submission | None, event: Event) -> Submission:
    body: Mapping[str, Any] = event.body or NOTHING
    if submission is None:
        return Submission(
            id=event.subject,
            version=event.version,
            region=event.region,
            window=body["window"],
            digest=body["digest"],
            rows=body["rows"],
            finalised_at=event.recorded_at,
            finalised_by=event.actor,
            since=event.recorded_at,
        )
    told: dict[str, Any] = {"version": event.version, "since": event.recorded_at}
    match event.type:
        case "endorsed":
            told |= {"state": State.ENDORSED, "letter": Letter(**body["letter"])}
        case "sent":
            told |= {"state": State.SENT, "file": body["file"], "sent_in": body.get("window")}
        case "answered":
            told |= {"state": State.ANSWERED, "answer": body["file"]}
        case other:
            raise ValueError(f"unknown event of a submission: {other}")
    return replace(submission, **told)


# fmt: off
MOVES: tuple[Move, ...] = (
    Move("finalise", (), State.FINALISED, "finalised", (Role.SUPERVISOR, Role.HEAD_OF_DINSOS),
         ("rows-undecided", "list-empty", "own-verification", "values-conflict"), "the list frozen, with its digest"),
    Move("endorse", (State.FINALISED,), State.ENDORSED, "endorsed", (Role.BUPATI_OFFICE, Role.SUPERVISOR),
         ("must-be-said", "digest-differs"), "the signed letter that names the digest, with its annex"),
    Move("send", (State.ENDORSED,), State.SENT, "sent", (Role.SUPERVISOR, Role.SYSTEM),
         ("window-closed", "values-conflict"), "the file in the ministry's template"),
    Move("answer", (State.SENT, State.ANSWERED), State.ANSWERED, "answered", (Role.CENTRE, Role.SUPERVISOR), (),
         "the centre's answer file"),
)
# fmt: on
ROLES: Mapping[str, tuple[Role, ...]] = {move.verb: move.roles for move in MOVES}
SOURCES: Mapping[str, tuple[StrEnum, ...]] = {move.verb: move.sources for move in MOVES}


def why_not(submission: Submission, verb: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """Every reason why a list may not be endorsed, sent or answered by an actor."""
    if not actor.sees(submission.region):
        return (Refusal.of("not-found"),)
    reasons: list[Refusal] = []
    if not actor.has(ROLES[verb], submission.region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES[verb])))
    if submission.state not in SOURCES[verb]:
        reasons.append(Refusal.of("state-differs", state=submission.state.value))
    return tuple(reasons)


def why_not_letter(submission: Submission, letter: Letter) -> tuple[Refusal, ...]:
    """A letter must carry number, day, signer, and the digest of this very list."""
    reasons = [
        Refusal.of("must-be-said", what=what)
        for what, value in (("number", letter.number), ("day", letter.day), ("signer", letter.signer))
        if not value.strip()
    ]
    if not _same_digest(letter.digest, submission.digest):
        reasons.append(Refusal.of("digest-differs", expected=submission.digest[:16]))
    return tuple(reasons)


def _same_digest(typed: str, digest: str) -> bool:
    """People type the beginning of a digest, in groups; at least sixteen signs must agree."""
    plain = "".join(sign for sign in typed.lower() if sign.isalnum())
    return len(plain) >= 16 and digest.startswith(plain)
