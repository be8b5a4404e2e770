"""What a resident does at the civil registry about a request: which office, what to ask for there, which papers to bring."""

from __future__ import annotations

from dataclasses import dataclass

from mutakhir.core.change_requests import Request as Asked
from mutakhir.core.change_requests import State
from mutakhir.core.flows.change_request import must_go
from mutakhir.core.rules.claims import topics_of
from mutakhir.parameters import Parameters
from mutakhir.queries.places import place


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to ask for, in words, with the papers to bring and what people do not know about it."""

    ask: str
    needs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Referral:
    """Where to go and what for; `errands` is empty where nobody has to go any more. `claim` says that nothing else is waited
    for; `done` that the papers were taken there already.
    """

    kabupaten: str
    errands: tuple[Errand, ...]
    claim: bool
    done: bool


RESTING = (State.REFUSED, State.SATISFIED, State.WITHDRAWN, State.ANNULLED)


def referral_of(request: Asked, *, parameters: Parameters, language: str) -> Referral | None:
    """What of a request belongs to the civil registry; None where nothing does, or where it has ended."""
    topics = topics_of(request)
    if not topics or request.state in RESTING:
        return None
    nobody_goes = request.rule.claim and not must_go(request)
    return Referral(
        kabupaten=place(request.region).kabupaten,
        errands=()
        if nobody_goes
        else tuple(
            Errand(found.ask[language], tuple(paper[language] for paper in found.needs), found.note[language])
            for found in (parameters.referrals[topic] for topic in topics)
        ),
        claim=request.rule.claim,
        done=request.referred,
    )
