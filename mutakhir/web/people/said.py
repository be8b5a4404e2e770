"""Values of a register in words: what is recorded, since when, from which source; and what changed from what to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.core.attributes import Attribute
from mutakhir.core.facts import Answer, Value
from mutakhir.core.tickets import shown
from mutakhir.queries.as_of import Change, Timeline
from mutakhir.queries.people import Origin, origins_of
from mutakhir.queries.places import Place, place, places
from mutakhir.web.change_request.questions import show
from mutakhir.web.refusals import language, word
from mutakhir.web.values import Cell, Column, Row, TimelineDay, TimelineEntry

HIDDEN = frozenset(
    {
        "family",
        "dwelling",
        "family_order",
        "member_count",
        "decile_version",
        "came_from",
        "merged_into",
        "same_as",
    }
)
"""Numbers of ours and counts that the page shows in another way."""


def attribute_of(name: str) -> Attribute | None:
    return parameters.load().attributes.get(name)


def label_of(name: str) -> str:
    attribute = attribute_of(name)
    return attribute.label[language()] if attribute is not None else name


def words_of(name: str, value: Value) -> str:
    """A value as people read it; a village by its name."""
    attribute = attribute_of(name)
    if value is None:
        return ""
    if attribute is None:
        return str(value)
    if name == "registration":
        return _("Terdaftar") if value == "registered" else _("Berakhir")
    if name == "eligibility":
        return _("Layak") if value == "eligible" else _("Tidak layak")
    if name == "registration_reason" and value == "import":
        return _("dari daftar yang diterima")
    if attribute.type == "region":
        return wiring.ask(place, str(value)).shown
    return show(attribute, value)


def source_words(answer: Answer, origin: Origin | None) -> str:
    """By whose word: the file, the request, or the person who wrote it down."""
    if origin is not None and origin.file:
        return origin.file
    if origin is not None and origin.request is not None:
        return _("permintaan {number}").format(number=origin.request)
    if origin is not None and origin.who and origin.role is not None and origin.role.value != "system":
        return f"{origin.who}, {word('role', origin.role.value)}"
    return word("authority", answer.authority)


def columns() -> list[Column]:
    return [Column(_("Isian")), Column(_("Tercatat")), Column(_("Sejak")), Column(_("Sumber"))]


def rows_of(attributes: Iterable[Attribute], answers: Mapping[str, Answer]) -> list[Row]:
    """A row for each attribute with a value: the value, since when it holds, and its source."""
    kept = [
        (one, answers[one.name])
        for one in attributes
        if one.name not in HIDDEN and one.name in answers and answers[one.name].value is not None
    ]
    origins = wiring.ask(origins_of, [(answer.source, answer.actor) for _one, answer in kept])
    return [
        Row(
            (
                Cell(one.label[language()]),
                Cell(words_of(one.name, answer.value), sub=_claim(one, answer)),
                Cell(answer.from_ or answer.recorded, kind="day"),
                Cell(
                    source_words(answer, origins.get((answer.source, answer.actor))),
                    url=_request_url(origins.get((answer.source, answer.actor))),
                ),
            )
        )
        for one, answer in kept
    ]


def _claim(attribute: Attribute, answer: Answer) -> str:
    """What another body says of an authority's attribute is shown as what it is."""
    if not answer.claim:
        return ""
    return _("keterangan, menunggu {who}").format(who=word("authority", attribute.authority))


def _request_url(origin: Origin | None) -> str:
    return reverse("request", args=[origin.request]) if origin is not None and origin.request else ""


def timeline_days(found: Timeline, *, named: bool) -> list[TimelineDay]:
    """The days of a timeline; `named` puts before each change whom it is about, where a family has several."""
    changes = [change for day in found.days for change in day.changes]
    origins = wiring.ask(origins_of, [(one.source, one.actor) for one in changes])
    villages = {
        str(value)
        for change in changes
        for one in change.values
        if one.attribute == "region_lived"
        for value in (one.old, one.new)
        if value
    }
    shown_places = wiring.ask(places, villages) if villages else {}
    return [
        TimelineDay(
            day.day,
            tuple(
                entry
                for change in day.changes
                for entry in _entries(change, origins, shown_places, named=named)
            ),
        )
        for day in found.days
    ]


FIRST_WORDS = 3
"""So many values of one deed stand in a line each; of a first record, which says everything, only a count does."""


def _entries(
    change: Change,
    origins: Mapping[tuple[str, str], Origin],
    villages: Mapping[str, Place],
    *,
    named: bool,
) -> list[TimelineEntry]:
    origin = origins.get((change.source, change.actor), Origin())
    values = [one for one in change.values if one.attribute not in HIDDEN]
    about = f"{change.subject_name}: " if named and change.of == "person" and change.subject_name else ""
    if change.withdrawn:
        about += _("dibatalkan, yang sebelumnya berlaku lagi") + ": "
    told = {
        "who": origin.who or (word("role", "system") if origin.role is not None else ""),
        "role": word("role", origin.role.value) if origin.role is not None and origin.who else "",
        "source": origin.file or word("authority", change.authority),
        "holds_from": change.holds_from,
        "recorded_at": change.recorded_at,
        "number": shown(change.ticket) if change.ticket else "",
        "url": reverse("request", args=[change.request]) if change.request is not None else "",
    }
    if len(values) > FIRST_WORDS and all(one.old is None for one in values):
        what = _("{n} isian dicatat pertama kali").format(n=len(values))
        return [TimelineEntry(f"{about}{what}", None, None, **told)]  # type: ignore[arg-type]

    def said(name: str, value: Value) -> str:
        if name == "region_lived" and value in villages:
            return villages[str(value)].shown
        return words_of(name, value)

    return [
        TimelineEntry(
            f"{about}{label_of(one.attribute)}",
            said(one.attribute, one.old),
            said(one.attribute, one.new),
            **told,  # type: ignore[arg-type]
        )
        for one in values
    ]


def value_reader(answers: Mapping[str, Answer]) -> Callable[[str], str]:
    """A function that says an attribute's value in words, empty where none is known."""

    def said(name: str) -> str:
        answer = answers.get(name)
        return words_of(name, answer.value) if answer is not None else ""

    return said


def birth_year(value: Value) -> str:
    return str(value)[:4] if value else ""


def since_day(answer: Answer | None) -> date | None:
    if answer is None:
        return None
    return answer.from_ or answer.recorded.date()
