"""People of another kabupaten, who carry a request from the village's reserve into the register by the actions themselves."""

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
from mutakhir.store.register import PostgresRegister
from mutakhir.wiring import lists, timekeeping


def carry(number: int) -> None:
    """The village decides, a period opens, the village hands over, Dinsos verifies, the list goes, the centre agrees."""
    now, request = wiring.clock(), _find(number)
    village, kabupaten = request.region, request.region[:4]
    head, supervisor = _who(Role.VILLAGE_HEAD, village), _who(Role.SUPERVISOR, kabupaten)
    if request.rule.deliberated and request.state is State.RESERVED:
        _decide(request, head, now)
    act = Act("S-12/PUSDATIN/2026", now.date().isoformat(), "Kepala Pusdatin")
    days = (now - timedelta(minutes=5), now + timedelta(days=6), now + timedelta(days=13))
    wiring.perform(window.schedule, window.Schedule(kabupaten, *days, act), actor=supervisor, now=now)
    timekeeping.advance(now)
    if _find(number).state is State.PACKED:
        wiring.perform(submission.hand_over, _find(number).batch or 0, actor=head, now=now)
    verifier = _who(Role.VERIFIER, kabupaten)
    wiring.perform(take_step, Take(number, "verify:verified"), actor=verifier, now=now)
    frozen = submission.Finalise(_find(number).window or 0, kabupaten)
    made = wiring.perform(submission.finalise, frozen, actor=supervisor, now=now).number or 0
    _endorse(made, supervisor, now)
    lists.send_list(made, actor=supervisor, now=now)
    answer = lists.write_answer(made, outcome="disetujui")
    lists.take_answer_file(BytesIO(answer), name="jawaban.xlsx", submission=made, actor=supervisor, now=now)


def _decide(request: Request, head: Actor, now: datetime) -> None:
    operator = _who(Role.VILLAGE_OPERATOR, request.region)
    call = session.Call(request.region, now.date(), "Balai desa", "meeting")
    number = wiring.perform(session.call, call, actor=operator, now=now).id
    enter = session.Enter(number, (Decision(request.id, "fit", None),), attendance=17)
    wiring.perform(session.enter, enter, actor=operator, now=now)
    prove = session.Prove(number, _paper(), "minutes", "application/pdf", "berita-acara.pdf")
    wiring.perform(session.prove, prove, actor=operator, now=now)
    wiring.perform(session.confirm, session.Confirm(number), actor=head, now=now)


def _endorse(made: int, supervisor: Actor, now: datetime) -> None:
    frozen = wiring.perform(_list, made, actor=supervisor, now=now)
    letter = Letter("460/12/35.09/2026", now.date().isoformat(), "Bupati", frozen.digest[:16], _paper())
    wiring.perform(submission.endorse, submission.Endorse(made, letter), actor=supervisor, now=now)


def _paper() -> str:
    return wiring.blobs().put(BytesIO(b"%PDF-1.4"), limit_bytes=1000).digest


def _list(number: int, *, register: PostgresRegister) -> Submission:
    found = register.submission(number)
    assert found is not None
    return found


def _find(number: int) -> Request:
    with wiring.by_the_node(), wiring.writing():
        return requests_by_number([number])[number]


def _who(role: Role, region: str) -> Actor:
    return Actor(f"{role.value}.{region}", "", (Held(role, region),))
