"""What the page of a person says of an erasure or sealing, and the way to ask for one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.flows import erasure as flow
from mutakhir.core.flows.erasure import Erasure, Kind, State
from mutakhir.queries.erasure import erasures_of
from mutakhir.web.formats import write_day
from mutakhir.web.refusals import language
from mutakhir.web.values import Link


def basis_of(erasure: Erasure) -> str:
    """The legal basis in words."""
    found = parameters.load().reasons[erasure.kind.value].get(erasure.basis)
    return found.label[language()] if found is not None else erasure.basis


def beside(person: int, region: str, actor: Actor) -> tuple[list[Link], str]:
    """Each erasure of a person in a sentence with its page, and the address where one may be asked for."""
    found = wiring.ask(erasures_of, person)
    links = [Link(_sentence(one), reverse("erasure", args=[one.id])) for one in found]
    may_ask = not any(
        one.rule == "role-missing" for one in flow.why_not(None, "ask", region=region, actor=actor)
    )
    return links, reverse("erase", args=[person]) if may_ask else ""


def _sentence(erasure: Erasure) -> str:
    at = erasure.done_at or erasure.decided_at or erasure.asked_at
    day = write_day(today_in(erasure.region, at), language())
    if erasure.state is State.CARRIED_OUT:
        sentence = {
            Kind.ERASE: _(
                "Isi catatan orang ini dihapus, {day}: {basis}. Yang tinggal hanya bukti peristiwanya."
            ),
            Kind.SEAL: _("Isi catatan orang ini dikunci, {day}: {basis}."),
            Kind.UNSEAL: _("Isi catatan orang ini dibuka lagi, {day}: {basis}."),
        }[erasure.kind]
    elif erasure.state in flow.ENDED:
        sentence = _("Penghapusan atau penguncian tidak jadi, {day}.")
    else:
        sentence = _("Penghapusan atau penguncian sedang berjalan, sejak {day}.")
    return sentence.format(day=day, basis=basis_of(erasure))
