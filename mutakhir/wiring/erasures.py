"""Carrying out what two persons decided: the node's own deed, at its terminal, whole or gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mutakhir import wiring
from mutakhir.actions.erasure import Extent, extent_of, find_erasure, next_event, seals_of
from mutakhir.core.actors import Actor
from mutakhir.core.change_requests import what_is_left
from mutakhir.core.events import Event
from mutakhir.core.flows.erasure import MARKED, Erasure, Kind, State, why_not
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.ports import Register
from mutakhir.store import bodies


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What was carried out: how many histories it touched, and how many papers it took."""

    erasure: Erasure
    histories: int
    papers: int


def carry_out(number: int, kind: Kind, *, actor: Actor, now: datetime) -> CarriedOut:
    """Take the payloads in one transaction, then the papers, then say that it is done.

    Whatever ends the program in between, the same command goes on where it was: the papers are named in the register
    before the first of them is taken.
    """
    with transaction.atomic():
        register = wiring.open_register()
        erasure = find_erasure(number, actor=actor, register=register)
        if erasure.kind is not kind or erasure.state is not State.BEGUN:
            _begin(erasure, kind, actor=actor, now=now, register=register)
    with transaction.atomic():
        erasure = find_erasure(number, actor=actor, register=wiring.open_register())
    blobs = wiring.blobs()
    for digest in erasure.files:
        {Kind.ERASE: blobs.remove, Kind.SEAL: blobs.seal, Kind.UNSEAL: blobs.unseal}[kind](digest)
    with transaction.atomic():
        register = wiring.open_register()
        erasure = find_erasure(number, actor=actor, register=register)
        register.append([next_event(erasure, "carried_out", {}, actor=actor, now=now)])
        done = find_erasure(number, actor=actor, register=register)
    return CarriedOut(done, len(done.subjects), len(done.files))


def _begin(erasure: Erasure, kind: Kind, *, actor: Actor, now: datetime, register: Register) -> None:
    bodies.stand_still()
    extent = extent_of(erasure.person, register=register)
    reasons = [*why_not(erasure, "begin", region=erasure.region, actor=actor), *extent.in_the_way]
    if erasure.kind is not kind:
        reasons.append(Refusal.of("erasure-of-other-kind", command=erasure.kind.value))
    if reasons:
        raise Refused(*reasons)
    files = _papers(erasure, extent, register)
    told = {
        "erasure": erasure.id,
        "basis": erasure.basis,
        "asked_by": erasure.asked_by,
        "decided_by": erasure.decided_by,
    }
    register.append(_marks(extent, kind, told, actor=actor, now=now, register=register))
    bodies.forget_tasks(extent.subjects)
    bodies.forget_incidents(extent.words)
    bodies.take(kind, extent.subjects)
    bodies.show_again(extent.subjects, names=extent.names, open_register=wiring.open_register)
    begun = {"subjects": list(extent.subjects), "files": files}
    register.append([next_event(erasure, "begun", begun, actor=actor, now=now)])


def _papers(erasure: Erasure, extent: Extent, register: Register) -> list[str]:
    """The papers that only these histories name; of what was sealed, those that were sealed with it."""
    found = {proof.digest for request in extent.requests for proof in request.evidence}
    annulments = register.annulments_of(one.id for one in extent.requests)
    found |= {one.statement for one in annulments if one.statement}
    found |= {one.photograph.digest for one in extent.visits if one.photograph is not None}
    found |= {digest for one in seals_of(register.erasures_of([erasure.person])) for digest in one.files}
    return sorted(found - bodies.papers_left(found, extent.subjects))


def _marks(
    extent: Extent, kind: Kind, told: Mapping[str, Any], *, actor: Actor, now: datetime, register: Register
) -> list[Event]:
    """One event in each history that says on which basis its contents were taken, and what stays to be known."""
    left: dict[int, Mapping[str, Any]] = {one.id: what_is_left(one) for one in extent.requests}
    left |= {
        one.id: {"request": one.request}
        for one in register.annulments_of(request.id for request in extent.requests)
    }
    left |= {
        one.id: {"left": {"about": one.about, "form": one.form, "family": one.family}}
        for one in extent.visits
    }
    blank = register.requests([one for one in extent.sealed if one not in left])
    left |= {number: what_is_left(one) for number, one in blank.items()}
    return [
        Event(
            subject=subject,
            kind=history.events[0].kind,
            version=history.version + 1,
            type=MARKED[kind],
            body={**told, **left.get(subject, {})},
            actor=actor.login,
            recorded_at=now,
            region=history.events[-1].region,
        )
        for subject, history in register.histories(extent.subjects).items()
    ]
