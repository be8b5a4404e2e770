"""The steps of the route that a story does not show, taken by the actions themselves in the name of the people of the node."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from mutakhir import wiring
from mutakhir.actions import session, submission, window
from mutakhir.actions.change_request import Take, take_step
from mutakhir.core.actors import Actor, Held, Role
from mutakhir.core.change_requests import Request, State
from mutakhir.core.flows.session import Decision
from mutakhir.core.flows.submission import Letter, Submission
from mutakhir.core.flows.window import Act
from mutakhir.queries.cases import requests_by_number
from mutakhir.store.models import RequestNow, RoleHeld
from mutakhir.store.register import PostgresRegister
from mutakhir.wiring import lists, timekeeping


def carry(number: int) -> None:
    """From the reserve of a kabupaten where no period is open into the register."""
    now, kabupaten = wiring.clock(), find(number).region[:4]
    act = Act("S-12/PUSDATIN/2026", now.date().isoformat(), "Kepala Pusdatin")
    days = (now - timedelta(minutes=5), now + timedelta(days=6), now + timedelta(days=13))
    command = window.Schedule(kabupaten, *days, act)
    wiring.perform(window.schedule, command, actor=staff(kabupaten, Role.SUPERVISOR), now=now)
    hand_over(number)
    put_in_force(number)


def hand_over(number: int) -> None:
    """From the reserve to Dinsos: decided where the kind asks for it, packed by the clock, handed over by the head."""
    now, request = wiring.clock(), find(number)
    operator, head = staff(request.region, Role.VILLAGE_OPERATOR), staff(request.region, Role.VILLAGE_HEAD)
    if request.rule.deliberated and request.state is State.RESERVED:
        called = wiring.perform(
            session.call,
            session.Call(request.region, now.date(), "Balai desa", "meeting"),
            actor=operator,
            now=now,
        )
        enter = session.Enter(called.id, (Decision(number, "fit", None),), attendance=17)
        wiring.perform(session.enter, enter, actor=operator, now=now)
        paper = wiring.blobs().put(BytesIO(b"%PDF-1.4 berita acara"), limit_bytes=1000).digest
        prove = session.Prove(called.id, paper, "minutes", "application/pdf", "berita-acara.pdf")
        wiring.perform(session.prove, prove, actor=operator, now=now)
        wiring.perform(session.confirm, session.Confirm(called.id), actor=head, now=now)
    timekeeping.advance(now)
    if find(number).state is State.PACKED:
        wiring.perform(submission.hand_over, find(number).batch or 0, actor=head, now=now)


def put_in_force(number: int) -> None:
    """From Dinsos to the register: every row of its batch decided, a list made of it, signed, sent and answered."""
    now, batch, kabupaten = wiring.clock(), find(number).batch, find(number).region[:4]
    verifier, supervisor = staff(kabupaten, Role.VERIFIER), staff(kabupaten, Role.SUPERVISOR)
    for one in RequestNow.objects.filter(batch=batch, state=State.HANDED_OVER.value).values_list(
        "id", flat=True
    ):
        wiring.perform(take_step, Take(one, "verify:verified"), actor=verifier, now=now)
    command = submission.Finalise(find(number).window or 0, kabupaten, (batch or 0,))
    made = wiring.perform(submission.finalise, command, actor=supervisor, now=now).number or 0
    endorse(made, kabupaten, now)
    lists.send_list(made, actor=supervisor, now=now)
    answer = lists.write_answer(made, outcome="disetujui")
    lists.take_answer_file(BytesIO(answer), name="jawaban.xlsx", submission=made, actor=supervisor, now=now)


def endorse(made: int, kabupaten: str, now: datetime) -> None:
    signer = staff(kabupaten, Role.BUPATI_OFFICE)
    frozen = wiring.perform(find_list, made, actor=signer, now=now)
    scan = wiring.blobs().put(BytesIO(b"%PDF-1.4 surat pengesahan"), limit_bytes=1000).digest
    letter = Letter("460/215/427.44/2026", now.date().isoformat(), "Bupati", frozen.digest[:16], scan)
    wiring.perform(submission.endorse, submission.Endorse(made, letter), actor=signer, now=now)


def find_list(number: int, *, register: PostgresRegister) -> Submission:
    found = register.submission(number)
    assert found is not None
    return found


def find(number: int) -> Request:
    return requests_by_number([number])[number]


def staff(region: str, role: Role) -> Actor:
    """Who holds a role for a region itself; somebody without an account where the node has nobody."""
    held = RoleHeld.objects.filter(region=region, role=role.value).order_by("id").first()
    login, name = (held.account.login, held.account.name) if held else (f"{role.value}.{region}", "")
    return Actor(login, name, (Held(role, region),))
