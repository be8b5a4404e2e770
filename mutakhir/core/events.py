"""Events: what happened, to whom, said by whom, in force since when; the only thing that is ever written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from mutakhir.core.time import require_instant

DAY_BEFORE_UTC = timedelta(hours=9)
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: its subject, the version of its payload, and the keys that a payload must have."""

    name: str
    kind: str
    schema: int
    required: frozenset[str] = frozenset()
    meaning: str = ""


def _type(name: str, kind: str, required: str, meaning: str) -> EventType:
    return EventType(name, kind, 1, frozenset(required.split()), meaning)


MARKS = ("erased", "sealed", "unsealed")
"""Events that say what became of the payloads before them; their own is never erased, for it says on which basis."""

EVENT_TYPES: Mapping[tuple[str, str], EventType] = {
    (found.kind, found.name): found
    for found in (
        _type(
            "facts_stated", "person", "attributes", "an authority or a claimant stated attributes of a person"
        ),
        _type("facts_stated", "family", "attributes", "attributes of a family were stated"),
        _type("facts_stated", "dwelling", "attributes", "attributes of a dwelling were stated"),
        _type(
            "facts_withdrawn", "person", "versions", "statements, by their versions, are no longer believed"
        ),
        _type(
            "facts_withdrawn", "family", "versions", "statements, by their versions, are no longer believed"
        ),
        _type(
            "facts_withdrawn", "dwelling", "versions", "statements, by their versions, are no longer believed"
        ),
        _type(
            "merged",
            "person",
            "other annulled",
            "another record was found to be this person; what is annulled",
        ),
        *(
            _type(name, kind, "", meaning)
            for kind in ("person", "family", "dwelling", "request", "annulment", "visit")
            for name, meaning in (
                ("erased", "the payloads before it were deleted on a legal basis; their commitments stay"),
                (
                    "sealed",
                    "the payloads before it were locked away on a legal basis; their commitments stay",
                ),
                ("unsealed", "the payloads that were sealed can be read again"),
            )
        ),
        _type("recorded", "request", "kind changes applicant", "a request was written down"),
        _type("amended", "request", "", "the content of a draft or of a waiting request was completed"),
        _type("evidence_added", "request", "evidence", "a document or photograph was added"),
        _type("reserved", "request", "ticket", "the request stands in the reserve, the ticket was given"),
        _type("deliberated", "request", "outcome", "the village decided: fit or not_fit"),
        _type("appealed", "request", "statement", "the applicant appealed against the village's decision"),
        _type(
            "packed", "request", "window batch", "the request was taken into the village's batch of a window"
        ),
        _type(
            "unpacked", "request", "", "the batch was not handed over in time; the village's decision stays"
        ),
        _type("handed_over", "request", "batch", "the village handed the request to Dinsos"),
        _type("expired", "request", "", "the village's decision was not used in time; it is made anew"),
        _type("forwarded", "request", "outcome", "the camat forwarded the list, or let the time pass"),
        _type("visited", "request", "finding", "a field checker found something at the place"),
        _type("verified", "request", "", "the verifier found the request right"),
        _type("returned", "request", "reason", "the verifier sent the request back to be completed"),
        _type("refused", "request", "reason", "the verifier refused the request"),
        _type("undone", "request", "", "the verifier took a decision back before the list was finalised"),
        _type("finalised", "request", "submission", "the request stands in a frozen list"),
        _type("endorsed", "request", "submission", "the bupati's office endorsed the list"),
        _type("sent", "request", "submission window", "the list went to the centre"),
        _type("determined", "request", "outcome", "the centre decided: yes or no"),
        _type("applied", "request", "", "the change is in force in the register"),
        _type("contradicted", "request", "lines", "the register says something else now than was seen"),
        _type("referred", "request", "statement", "the papers were taken to the authority that has the word"),
        _type("satisfied", "request", "", "the register already says what was asked for"),
        _type("lapsed", "request", "limit", "a limit passed"),
        _type("withdrawn", "request", "", "the applicant took the request back"),
        _type("resumed", "request", "changes", "the request was taken up again with the values of today"),
        _type("annulled", "request", "reason", "what was applied in error was taken back"),
        _type("reopened", "request", "", "what had made it true was annulled; it waits again"),
        _type("cancellation_asked", "request", "", "the resident asked on the ticket's page to cancel"),
        _type("kept", "request", "statement", "asked by the village, the applicant wants to go on after all"),
        _type(
            "offered", "request", "to reason", "the request was offered to the village where it belongs now"
        ),
        _type("taken_over", "request", "to", "the other village took the request over"),
        _type("declined", "request", "to reason", "the other village did not take the request over"),
        _type("recalled", "request", "to", "the village took its offer back"),
        _type("scheduled", "window", "region kinds opens cut_off closes act", "a window or a call was set"),
        _type("opened", "window", "", "the window opened"),
        _type("cut_off", "window", "", "the last moment to hand over has passed"),
        _type("closed", "window", "", "the window closed, early with a reason"),
        _type("cancelled", "window", "reason", "a window was taken back before it opened"),
        _type("answered", "window", "digest rows", "the reserve answered a call with one file"),
        _type("opened", "batch", "window village", "a village's batch was begun"),
        _type("handed_over", "batch", "digest rows", "the village handed its batch over"),
        _type("finalised", "submission", "window digest rows", "a list of verified requests was frozen"),
        _type("endorsed", "submission", "letter", "the letter with number, date, signer and digest is there"),
        _type("sent", "submission", "file", "the list was sent as a file in the ministry's template"),
        _type("answered", "submission", "file", "the centre's answer was taken in"),
        _type("asked", "visit", "about form reason", "somebody shall look at a house"),
        _type(
            "assigned", "visit", "checker", "a field checker was sent to the house, or another one instead"
        ),
        _type(
            "reported",
            "visit",
            "finding point photograph at",
            "the field checker was there and found something",
        ),
        _type("called_off", "visit", "reason", "nobody needs to look at the house any more"),
        _type(
            "asked", "annulment", "request reason statement lines", "somebody asked to annul what was applied"
        ),
        _type("approved", "annulment", "", "a second person agreed; the facts are withdrawn"),
        _type("refused", "annulment", "", "a second person did not agree, and said why"),
        _type("taken_back", "annulment", "", "whoever asked took it back"),
        _type(
            "asked",
            "erasure",
            "kind person basis document",
            "somebody asked to erase, seal or unseal a person",
        ),
        _type("approved", "erasure", "", "a second person agreed; the node may carry it out"),
        _type("refused", "erasure", "", "a second person did not agree, and said why"),
        _type("taken_back", "erasure", "", "whoever asked took it back"),
        _type("begun", "erasure", "subjects files", "the payloads are gone; what is left are the papers"),
        _type("carried_out", "erasure", "", "the papers are gone as well"),
        _type(
            "changed", "region", "decree day names changes", "a decree split, merged or renumbered regions"
        ),
        _type(
            "left", "region", "left underway", "what nobody could assign, and what ends under the old code"
        ),
        _type("settled", "region", "subjects", "what was open was assigned, or ended under the old code"),
        *(
            _type("recoded", kind, "from to", "the place got another code, or became part of another one")
            for kind in ("person", "dwelling", "request", "visit", "session")
        ),
        _type("called", "session", "day place agenda", "a village meeting was called"),
        _type("entered", "session", "decisions", "the operator entered what the meeting decided"),
        _type("confirmed", "session", "proof", "the village head confirmed the decisions"),
        _type("proved", "session", "digest proof", "signed minutes or a SPTJM were uploaded"),
    )
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one subject.

    `version` counts within the subject from 1. `id` and `position` are given by the store: `position` is the place in
    the register's feed and is None until the event has been numbered. `body` holds everything personal; an erased body
    is None. `region` is the scope: digits of a Kemendagri code.
    """

    subject: int
    kind: str
    version: int
    type: str
    body: Mapping[str, Any] | None
    actor: str
    recorded_at: datetime
    region: str
    authority: str = "social"
    holds_from: date | None = None
    holds_to: date | None = None
    record: int | None = None
    caused_by: int | None = None
    reason: str | None = None
    schema: int = 1
    id: int | None = None
    position: int | None = None

    def __post_init__(self) -> None:
        found = EVENT_TYPES.get((self.kind, self.type))
        if found is None:
            raise ValueError(f"unknown event: {self.kind}.{self.type}")
        if self.body is not None and not found.required <= self.body.keys():
            raise ValueError(f"{self.kind}.{self.type} lacks {sorted(found.required - self.body.keys())}")
        require_instant(self.recorded_at)


def refuse_the_future(event: Event) -> None:
    """Raise ValueError for facts that begin after the day on which they are recorded: no edge lets them through."""
    # A day in Indonesia may begin up to nine hours before it begins in UTC.
    if event.holds_from is not None and event.holds_from > (event.recorded_at + DAY_BEFORE_UTC).date():
        raise ValueError(f"a fact cannot begin after the day on which it is recorded: {event.holds_from}")


@dataclass(frozen=True, slots=True)
class History:
    """The events of one subject in order, as far as they are known."""

    subject: int
    events: tuple[Event, ...] = ()
    version: int = field(default=0)

    @classmethod
    def of(cls, subject: int, events: tuple[Event, ...]) -> History:
        return cls(subject, events, events[-1].version if events else 0)
