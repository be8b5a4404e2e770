"""What has changed: the questions of a request, group by group or one by one, and the people it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions.change_request import STANDINGS, Content
from mutakhir.core.attributes import Attribute
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import PHOTOGRAPHED, Request, State
from mutakhir.core.facts import Value
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.claims import reported_dead
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.change_request import PersonSeen, RequestSeen
from mutakhir.web.change_request import draft as drafts
from mutakhir.web.change_request.begin import FIELDS
from mutakhir.web.change_request.draft import PEOPLE, amend, changed_by, content_of, find_request, frame
from mutakhir.web.change_request.evidence import take_evidence
from mutakhir.web.change_request.questions import (
    ask,
    asked_in,
    asked_of_newcomers,
    is_searching,
    parts_of_day,
    read,
    read_day,
    said,
    said_parts,
    show,
    show_day,
)
from mutakhir.web.change_request.rearranging import PAGES
from mutakhir.web.change_request.since import read_since, since_context
from mutakhir.web.desk import READERS, Desk, Done, page, signed_in, typed_number
from mutakhir.web.refusals import FieldError, field_errors, language, word
from mutakhir.web.values import Option, SummaryRow, WorkItem

NEWCOMERS_AT_MOST = 12
ADULT_YEARS = 17
"""Who is so old has an identity card and can receive for a family."""


def opened(request: Desk, number: int) -> RequestSeen | HttpResponse:
    """The draft for a page of the wizard; what can no longer be completed is shown as it stands."""
    seen = find_request(request, number, purpose="record")
    if not drafts.may_amend(seen, request):
        return redirect("request", number)
    return seen


@signed_in(*READERS)
def open_draft(request: Desk, number: int) -> HttpResponse:
    """Where a draft goes on."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    return redirect(drafts.first_fields_url(seen.case.request))


@signed_in(*READERS)
def ask_fields(request: Desk, number: int) -> HttpResponse:
    """The first page of the questions: an overview on phones, the first group elsewhere, or who leaves and why."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    asked = seen.case.request
    if asked.kind in PAGES:
        return PAGES[asked.kind](request, seen)
    order = drafts.ORDER[asked.kind]
    if not order:
        own = {"death": _ask_death, "change_of_pengurus": _ask_pengurus}.get(asked.kind, _ask_ending)
        return own(request, seen)
    if asked.kind not in drafts.PICKED:
        return redirect(drafts.group_url(asked, order[0]))
    if not drafts.is_one_by_one(request):
        return redirect(drafts.group_url(asked, order[0]))
    content = content_of(asked)
    context = frame(
        seen,
        step=3,
        label=_("Yang keliru") if asked.rule.claim else _("Yang berubah"),
        back=reverse("request", args=[number]),
        page_key="isian",
    ) | {
        "groups": [
            {"label": drafts.group_label(name), "rows": _overview(seen, content, name)} for name in order
        ],
        "onward": reverse("draft_evidence", args=[number]),
        "person_name": _name_of(seen) if asked.kind == "correction" else "",
        "about_url": reverse("draft_about", args=[number]) if asked.kind == "correction" else "",
        "wide_url": drafts.group_url(asked, order[0]) + "?tampil=semua",
    }
    return page(request, "change_request/overview.html", context)


def _overview(seen: RequestSeen, content: Content, group: str) -> list[WorkItem]:
    rows = []
    for one in asked_in(seen.case.request.rule, group):
        recorded = _recorded(seen, one)
        changed = one.name in content.wanted
        rows.append(
            WorkItem(
                one.label[language()],
                reverse("draft_question", args=[seen.case.request.id, group, one.name]),
                show(one, content.wanted[one.name] if changed else recorded) or _("(kosong)"),
                state="",
                note=_("Akan berubah; tercatat sekarang: %(value)s")
                % {"value": show(one, recorded) or _("(kosong)")}
                if changed
                else "",
            )
        )
    return rows


def _recorded(seen: RequestSeen, attribute: Attribute) -> Value:
    """The value of now, of the family and its house or of the person whom the request is about."""
    if seen.family is None:
        return None
    if attribute.of != "person":
        return seen.family.value(attribute.name)
    about = next((one for one in seen.family.members if one.id == seen.case.request.person), None)
    return about.values.get(attribute.name) if about is not None else None


# --- the family and its house ---------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_group(request: Desk, number: int, group: str) -> HttpResponse:
    """All questions of a group on one page."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    asked = seen.case.request
    if group not in drafts.ORDER[asked.kind] or group == PEOPLE:
        raise Http404
    attributes = asked_in(asked.rule, group)
    if drafts.is_one_by_one(request) and request.method != "POST":
        if asked.kind in drafts.PICKED:
            return redirect("draft_fields", number)
        return redirect("draft_question", number, group, attributes[0].name)
    return _ask_house(request, seen, group, attributes, onward=drafts.url_after(asked, group))


@signed_in(*READERS)
def ask_question(request: Desk, number: int, group: str, attribute: str) -> HttpResponse:
    """One question of a group on a page of its own."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    asked = seen.case.request
    if group not in drafts.ORDER[asked.kind] or group == PEOPLE:
        raise Http404
    names = [one.name for one in asked_in(asked.rule, group)]
    if attribute not in names:
        raise Http404
    place = names.index(attribute)
    if asked.kind in drafts.PICKED:
        onward = reverse("draft_evidence", args=[number])
        if "more" in request.POST:
            onward = reverse("draft_fields", args=[number])
    elif place + 1 < len(names):
        onward = reverse("draft_question", args=[number, group, names[place + 1]])
    else:
        onward = drafts.url_after(asked, group)
    single = (parameters.load().attributes[attribute],)
    return _ask_house(request, seen, group, single, onward=onward)


def _ask_house(
    request: Desk, seen: RequestSeen, group: str, attributes: Sequence[Attribute], *, onward: str
) -> HttpResponse:
    asked = seen.case.request
    content = content_of(asked)
    done = Done()
    errors: list[FieldError] = []
    typed: Mapping[str, str] | None = None
    if request.method == "POST":
        typed = request.POST
        answers, errors = _read_all(attributes, request, asked.region)
        if asked.kind == "correction":
            # An empty field corrects nothing.
            answers = {name: answers[name] or content.wanted.get(name) for name in answers}
        since, since_errors = read_since(request, asked.region, content)
        errors += since_errors
        photo_errors = _take_photos(request, seen, attributes)
        errors += photo_errors
        if not errors and not any(is_searching(one, request.POST) for one in attributes):
            wanted = {name: value for name, value in content.wanted.items() if name not in answers} | {
                name: value for name, value in answers.items() if value is not None
            }
            changed = replace(content, wanted=wanted, holds_from=since)
            done = amend(request, seen, changed, has_proved=bool(request.FILES))
            if done.ok:
                return redirect(onward)
            errors = field_errors(done.refusals, fields=FIELDS)
    single = len(attributes) == 1
    context = frame(
        seen,
        step=3,
        label=drafts.group_label(group),
        back=reverse("draft_fields", args=[asked.id])
        if single and asked.kind in drafts.PICKED
        else drafts.url_before(asked, group),
        page_key=group,
    )
    if asked.kind == "correction" and not single:
        context["heading"] = _("Mana yang keliru? Ganti hanya itu.")
    context |= {
        "questions": [
            ask(
                one,
                value=content.wanted.get(one.name, _recorded(seen, one)),
                recorded=_recorded(seen, one),
                typed=typed,
                error=_error_of(errors, one.name),
                optional=asked.kind in ("new_family", "moved", "correction")
                and one.name not in asked.rule.required,
                small=not single,
            )
            for one in attributes
        ],
        "sources": [row for one in attributes if (row := _source_row(seen, one)) is not None],
        "single": single,
        "photo": _photo_of(attributes[0]) if single else "",
        "photo_error": _error_of(errors, f"evidence_{_photo_of(attributes[0])}") if single else "",
        "skip_url": reverse("draft_fields", args=[asked.id])
        if single and asked.kind in drafts.PICKED
        else onward,
        "more": single and asked.kind in drafts.PICKED,
        "other_url": f"?tampil={'semua' if single else 'satu'}",
        "errors": errors,
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
        "asks_since": asked.kind != "correction" and (not single or asked.kind == "living_conditions"),
        **since_context(request, content),
    }
    context["draft_key"] = f"p{asked.id}-{group}" + (f"-{attributes[0].name}" if single else "")
    return page(request, "change_request/questions.html", context)


def _photo_of(attribute: Attribute) -> str:
    """The kind of photograph that a change of this attribute needs."""
    found = PHOTOGRAPHED.get(attribute.name)
    return found.value if found is not None else ""


def _take_photos(request: Desk, seen: RequestSeen, attributes: Sequence[Attribute]) -> list[FieldError]:
    if len(attributes) != 1 or not _photo_of(attributes[0]):
        return []
    return take_evidence(request, seen, (_photo_of(attributes[0]),))


def _read_all(
    attributes: Sequence[Attribute], request: Desk, region: str
) -> tuple[dict[str, Value], list[FieldError]]:
    today = today_in(region, request.now)
    answers: dict[str, Value] = {}
    refused: list[FieldError] = []
    table = parameters.load().attributes
    for one in attributes:
        answer = read(one, request.POST, today=today)
        found = (answer,) if isinstance(answer, Refusal) else table.check(one, answer)
        refused += [FieldError(one.name, error.text) for error in field_errors(found)]
        if not isinstance(answer, Refusal):
            answers[one.name] = answer
    return answers, refused


def _error_of(errors: Sequence[FieldError], field: str) -> str:
    return " ".join(one.text for one in errors if one.field == field)


def _source_row(seen: RequestSeen, attribute: Attribute) -> SummaryRow | None:
    """What is recorded now, since when, and who said it."""
    recorded = _recorded(seen, attribute)
    if recorded is None or seen.family is None:
        return None
    subjects = [seen.family.id]
    dwelling = seen.family.values.get("dwelling")
    if isinstance(dwelling, int):
        subjects.append(dwelling)
    told = next((seen.told[key] for one in subjects if (key := (one, attribute.name)) in seen.told), None)
    return SummaryRow(
        attribute.label[language()], show(attribute, recorded), hint=source_words(told) if told else ""
    )


def source_words(told: Any) -> str:
    """Who said a value and when, in a few words."""
    answer = told.answer
    who = told.source or (
        told.who if told.who not in ("system", "tour") else word("authority", answer.authority)
    )
    if told.request is not None:
        who = _("permintaan nomor %(number)s") % {"number": told.request}
    since = show_day(answer.from_.isoformat()) if answer.from_ is not None else ""
    return ", ".join(part for part in (who, _("sejak %(day)s") % {"day": since} if since else "") if part)


# --- new people -----------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def list_people(request: Desk, number: int) -> HttpResponse:
    """The new persons of a request, with what should be looked at; they can be added, changed and taken out."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    asked = seen.case.request
    if PEOPLE not in drafts.ORDER[asked.kind]:
        raise Http404
    content = content_of(asked)
    if not content.newcomers and request.method != "POST":
        return redirect("draft_person", number, 0)
    errors: list[FieldError] = []
    done = Done()
    if request.method == "POST":
        since, errors = read_since(request, asked.region, content)
        changed = replace(content, holds_from=since)
        dropped = said(request.POST, "drop")
        if (place := typed_number(dropped)) is not None:
            changed = drafts.drop_newcomer(changed, place)
        if not errors:
            done = amend(request, seen, changed)
            errors = field_errors(done.refusals, fields=FIELDS)
            if done.ok and dropped:
                return redirect("draft_people", number)
            if done.ok:
                return redirect(drafts.url_after(asked, PEOPLE))
    context = frame(
        seen,
        step=3,
        label=drafts.group_label(PEOPLE),
        back=drafts.url_before(asked, PEOPLE),
        page_key="orang",
    )
    context |= {
        "people": people_rows(request, seen, content),
        "add_url": reverse("draft_person", args=[number, len(content.newcomers)])
        if len(content.newcomers) < NEWCOMERS_AT_MOST
        else "",
        "asks_since": asked.kind == "new_person",
        "errors": errors,
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
        **since_context(request, content),
    }
    return page(request, "change_request/people.html", context)


def people_rows(request: Desk, seen: RequestSeen, content: Content) -> list[dict[str, Any]]:
    """Each new person as rows of a summary, with warnings."""
    asked = seen.case.request
    is_draft = asked.state is State.DRAFT  # Who writes a number down has to see it.
    table = parameters.load().attributes
    own = tuple({one.subject for one in asked.changes if one.of == "person"})
    rows = []
    for place, values in enumerate(content.newcomers):
        url = reverse("draft_person", args=[asked.id, place])
        rows.append(
            {
                "place": place,
                "name": str(values.get("name") or _("(tanpa nama)")),
                "url": url,
                "rows": [
                    SummaryRow(table[name].label[language()], show(table[name], value, in_full=is_draft))
                    for name, value in sorted(values.items(), key=lambda one: _place_in_form(one[0]))
                    if name != "name" and value not in (None, "")
                ],
                "lacks": [
                    table[name].label[language()]
                    for name in asked.rule.required
                    if table[name].of == "person" and not values.get(name)
                ],
                "warnings": drafts.warnings_of(values, scopes=request.actor.scopes(), own=own),
            }
        )
    return rows


def _place_in_form(name: str) -> int:
    names = [one.name for one in asked_of_newcomers(is_head=False)]
    return names.index(name) if name in names else len(names)


@signed_in(*READERS)
def ask_person(request: Desk, number: int, place: int, attribute: str = "") -> HttpResponse:
    """The questions about one new person, all on a page or one by one."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    asked = seen.case.request
    content = content_of(asked)
    if PEOPLE not in drafts.ORDER[asked.kind] or place > min(len(content.newcomers), NEWCOMERS_AT_MOST - 1):
        raise Http404
    is_head = asked.kind == "new_family" and place == 0
    everything = asked_of_newcomers(is_head=is_head)
    names = [one.name for one in everything]
    if attribute and attribute not in names:
        raise Http404
    if not attribute and request.method != "POST" and drafts.is_one_by_one(request):
        return redirect("draft_question_of", number, place, names[0])
    at = names.index(attribute) if attribute else 0
    attributes = (everything[at],) if attribute else everything
    values = dict(content.newcomers[place]) if place < len(content.newcomers) else {}
    onward = reverse("draft_people", args=[number])
    if attribute and at + 1 < len(names):
        onward = reverse("draft_question_of", args=[number, place, names[at + 1]])
    errors: list[FieldError] = []
    done = Done()
    typed: Mapping[str, str] | None = None
    if request.method == "POST":
        typed = request.POST
        answers, errors = _read_all(attributes, request, asked.region)
        if "name" in answers and not answers["name"]:
            errors += field_errors([Refusal.of("text-empty", attribute="name")])
        if not errors:
            done = amend(request, seen, drafts.put_newcomer(content, place, {**values, **answers}))
            if done.ok:
                if answers.get("nik"):
                    request.session.pop("nik_offered", None)
                another = "another" in request.POST and place + 1 < NEWCOMERS_AT_MOST
                return redirect(reverse("draft_person", args=[number, place + 1]) if another else onward)
            errors = field_errors(done.refusals, fields=FIELDS)
    offered = request.session.get("nik_offered", "") if place == 0 and "nik" not in values else ""
    back = reverse("draft_people", args=[number]) if content.newcomers else drafts.url_before(asked, PEOPLE)
    if attribute and at:
        back = reverse("draft_question_of", args=[number, place, names[at - 1]])
    context = frame(seen, step=3, label=drafts.group_label(PEOPLE), back=back, page_key=f"orang-{place}")
    context |= {
        "questions": [
            ask(
                one,
                value=values.get(one.name) or (offered if one.name == "nik" else None),
                typed=typed,
                error=_error_of(errors, one.name),
                optional=one.name not in asked.rule.required,
                small=not attribute,
            )
            for one in attributes
        ],
        "heading": str(values.get("name") or "")
        or (_("Kepala keluarga") if is_head else _("Orang ke-%(n)s") % {"n": place + 1}),
        "single": bool(attribute),
        "skip_url": onward,
        "can_add": not attribute and place + 1 < NEWCOMERS_AT_MOST,
        "other_url": f"?tampil={'semua' if attribute else 'satu'}",
        "errors": errors,
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }
    if attribute:
        context["draft_key"] += f"-{attribute}"
    return page(request, "change_request/questions.html", context)


# --- whom a correction is about ------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_about(request: Desk, number: int) -> HttpResponse:
    """Whose card is wrong; another person begins with nothing said yet."""
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    if seen.case.request.kind != "correction":
        raise Http404
    content = content_of(seen.case.request)
    page_of = One(
        "change_request/about.html",
        _("Data siapa"),
        [_member(one) for one in members_of(seen)],
        str(content.people[0]) if content.people else "",
        reverse("draft_fields", args=[number]),
    )

    def put(person: int, since: date | None) -> Content:
        kept = content.wanted if (person,) == content.people[:1] else {}
        return replace(content, people=(person,), wanted=kept)

    return _ask_one(request, seen, page_of, put)


# --- a death, and who receives from then on -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class One:
    """Choosing one person of the family, on a page of its own."""

    template: str
    label: str
    options: list[Option]
    chosen: str
    skip: str
    onward: Callable[[int], str] | None = None
    """Where the chosen person leads to; where nothing is said, to the same page as skipping."""


def _ask_death(request: Desk, seen: RequestSeen) -> HttpResponse:
    """Who died, and when."""
    asked = seen.case.request
    content = content_of(asked)
    chosen = str(content.people[0]) if content.people else ""
    living = [one for one in members_of(seen) if not one.values.get("died_on") or str(one.id) == chosen]
    evidence = reverse("draft_evidence", args=[asked.id])

    def onward(person: int) -> str:
        dead = next((one.name for one in living if one.id == person), "")
        if dead != asked.applicant.get("name"):
            return evidence
        return reverse("draft_reporter", args=[asked.id])

    page_of = One(
        "change_request/death.html",
        _("Siapa yang meninggal"),
        [_member(one) for one in living],
        chosen,
        evidence,
        onward,
    )
    return _ask_one(
        request, seen, page_of, lambda person, since: replace(content, people=(person,), holds_from=since)
    )


def _ask_pengurus(request: Desk, seen: RequestSeen) -> HttpResponse:
    """Who receives for the family from now on: one of those who are alive, the grown-up ones where there are any."""
    content = content_of(seen.case.request)
    today = today_in(seen.case.request.region, request.now)
    dead = _reported_dead(seen.case.request)
    living = [one for one in members_of(seen) if not one.values.get("died_on") and one.id not in dead]
    grown = [one for one in living if (one.birth_date or "")[:4] <= str(today.year - ADULT_YEARS)]
    options = [_member(one) for one in (grown or living)]
    page_of = One(
        "change_request/pengurus.html",
        _("Pengurus baru"),
        options,
        str(content.wanted.get("pengurus") or ""),
        reverse("draft_evidence", args=[seen.case.request.id]),
    )
    return _ask_one(
        request,
        seen,
        page_of,
        lambda person, since: replace(content, wanted={"pengurus": person}, holds_from=since),
    )


def _reported_dead(asked: Request) -> tuple[int, ...]:
    """Who died, as the report says that opened this request."""
    cause = (
        wiring.ask(requests_by_number, [asked.cause]).get(asked.cause) if asked.cause is not None else None
    )
    return reported_dead(cause) if cause is not None else ()


def _ask_one(
    request: Desk, seen: RequestSeen, page_of: One, put: Callable[[int, date | None], Content]
) -> HttpResponse:
    asked = seen.case.request
    chosen, errors, done = page_of.chosen, list[FieldError](), Done()
    if request.method == "POST":
        chosen = said(request.POST, "person")
        since, errors = read_since(request, asked.region, content_of(asked))
        person = typed_number(chosen)
        if person is None or chosen not in {one.value for one in page_of.options}:
            errors.append(FieldError("person", _("Pilih satu orang.")))
        elif not errors:
            done = amend(request, seen, put(person, since))
            if done.ok:
                return redirect(page_of.onward(person) if page_of.onward else page_of.skip)
            errors = field_errors(done.refusals, fields={**FIELDS, "pengurus-has-died": "person"})
    context = frame(
        seen, step=3, label=page_of.label, back=reverse("request", args=[asked.id]), page_key="orang"
    ) | {
        "members": page_of.options,
        "person": chosen,
        "cause_url": reverse("request", args=[asked.cause]) if asked.cause else "",
        "died": ", ".join(one.name for one in members_of(seen) if one.id in _reported_dead(asked)),
        "skip_url": page_of.skip,
        "errors": errors,
        "person_error": _error_of(errors, "person"),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
        **since_context(request, content_of(asked)),
    }
    return page(request, page_of.template, context)


def _name_of(seen: RequestSeen) -> str:
    """The name of the person whom a request is about."""
    return next((one.name for one in members_of(seen) if one.id == seen.case.request.person), "")


def members_of(seen: RequestSeen) -> tuple[PersonSeen, ...]:
    return seen.family.members if seen.family is not None else ()


def _member(one: PersonSeen) -> Option:
    """Somebody of the family as one may choose them: name, relation, year of birth."""
    relation = parameters.load().attributes.words("relation", one.values.get("relation"), language())
    parts = (relation, (one.birth_date or "")[:4], "" if one.is_registered else _("sudah tidak terdaftar"))
    return Option(str(one.id), one.name, hint=" · ".join(part for part in parts if part))


# --- leaving, and not being eligible --------------------------------------------------------------------------------


def _ask_ending(request: Desk, seen: RequestSeen) -> HttpResponse:
    asked = seen.case.request
    content = content_of(asked)
    people, reason = list(content.people), content.reason or ""
    errors: list[FieldError] = []
    done = Done()
    if request.method == "POST":
        chosen = dict.fromkeys(map(typed_number, request.POST.getlist("people")))
        people = [one for one in chosen if one is not None and drafts.is_of(seen.family, one)]
        reason = said(request.POST, "reason")
        since, errors = read_since(request, asked.region, content)
        if not people:
            errors.append(FieldError("people", _("Pilih paling sedikit satu orang.")))
        if not errors:
            changed = replace(content, people=tuple(people), reason=reason or None, holds_from=since)
            done = amend(request, seen, changed)
            if done.ok:
                return redirect("draft_evidence", asked.id)
            errors = field_errors(done.refusals, fields={**FIELDS, "reason-unknown": "reason"})
    reasons = parameters.load().reasons[asked.rule.reasons]
    context = frame(
        seen,
        step=3,
        label=_("Siapa dan mengapa"),
        back=reverse("request", args=[asked.id]),
        page_key="akhir",
    ) | {
        "members": [_member(one) for one in members_of(seen)],
        "people": [str(one) for one in people],
        "reasons": [Option(code, one.label[language()]) for code, one in reasons.items()],
        "reason": reason,
        "skip_url": reverse("draft_evidence", args=[asked.id]),
        "errors": errors,
        "people_error": _error_of(errors, "people"),
        "reason_error": _error_of(errors, "reason"),
        "since_error": _error_of(errors, "since"),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
        **since_context(request, content),
    }
    return page(request, "change_request/ending.html", context)


# --- who asks -------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_applicant(request: Desk, number: int, *, reports: bool = False) -> HttpResponse:
    """Who asks, how they belong to the family, and the birth date that opens the ticket's page.

    Where the number of the dead led to the family, it is asked on the way who `reports`.
    """
    seen = opened(request, number)
    if isinstance(seen, HttpResponse):
        return seen
    asked = seen.case.request
    content = content_of(asked)
    name, standing = asked.applicant.get("name", ""), asked.applicant.get("standing", "")
    day, month, year = parts_of_day(asked.birth_date)
    if reports:
        name, day, month, year = "", "", "", ""
    errors: list[FieldError] = []
    done = Done()
    if request.method == "POST":
        name, standing = said(request.POST, "applicant")[:100], said(request.POST, "standing")
        day, month, year = said_parts(request.POST, "birth_date")
        found = read_day(request.POST, "birth_date", today=today_in(asked.region, request.now))
        refused = [found] if isinstance(found, Refusal) else []
        if not name:
            refused.append(Refusal.of("applicant-unnamed"))
        if standing not in STANDINGS:
            refused.append(Refusal.of("applicant-standing-unknown"))
        errors = field_errors(refused, fields=FIELDS)
        if not errors:
            born = found if isinstance(found, str) else None
            done = amend(
                request,
                seen,
                replace(content, birth_date=born),
                applicant={"name": name, "standing": standing},
            )
            if done.ok:
                return redirect("draft_evidence" if reports else "draft_check", number)
            errors = field_errors(done.refusals, fields=FIELDS)
    context = frame(
        seen,
        step=3 if reports else 5,
        label=_("Pemohon"),
        back=reverse("draft_fields" if reports else "draft_check", args=[number]),
        page_key="pemohon",
    ) | {
        "asking": {"name": name, "standing": standing, "day": day, "month": month, "year": year},
        "standings": [Option(one, word("standing", one)) for one in STANDINGS],
        "errors": errors,
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }
    return page(request, "change_request/applicant.html", context)
