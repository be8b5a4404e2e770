"""What the page of a request says of its annulments, and the way to ask for one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, State
from mutakhir.core.flows import annulment as flow
from mutakhir.core.flows.annulment import Annulment
from mutakhir.queries.annulment import annulments_of
from mutakhir.web.formats import write_day
from mutakhir.web.refusals import language, say_all, word
from mutakhir.web.values import Deed, Link


def beside(asked: Request, actor: Actor) -> tuple[list[Link], list[Deed]]:
    """Each annulment of a request in a sentence with its page, and the button for who may ask for one."""
    if asked.state not in (State.APPLIED, State.ANNULLED):
        return [], []
    found = wiring.ask(annulments_of, asked.id)
    links = [Link(_sentence(one), reverse("annulment", args=[one.id])) for one in found]
    refusals = flow.why_not(None, "ask", request=asked, actor=actor, others=found)
    if any(one.rule in ("role-missing", "not-applied") for one in refusals):
        return links, []
    url = reverse("annul", args=[asked.id])
    return links, [
        Deed(word("step", "annul"), url=url, icon="arrow-back-up", kind="quiet", refused=say_all(refusals))
    ]


def _sentence(annulment: Annulment) -> str:
    at = annulment.decided_at or annulment.asked_at
    sentence = {
        flow.State.ASKED: _("Diminta dibatalkan, {day}. Menunggu {who}."),
        flow.State.APPROVED: _("Penerapannya dibatalkan, {day}."),
        flow.State.REFUSED: _("Pembatalannya tidak disetujui, {day}."),
        flow.State.TAKEN_BACK: _("Permintaan pembatalannya ditarik kembali, {day}."),
    }[annulment.state]
    day = write_day(today_in(annulment.region, at), language())
    return sentence.format(day=day, who=word("role", flow.DECIDERS[0].value))
