"""Step 3 where families split or join, and where one person stands twice: who, with whom, and what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions.change_request import Content
from mutakhir.actions.double_id import likely, programme_places, source_numbers
from mutakhir.actions.families import NEW, OTHER, THIS
from mutakhir.core import nik
from mutakhir.core.comparison import Outcome
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.families import NEITHER, PEOPLE, REST
from mutakhir.queries.change_request import (
    FamilySeen,
    Found,
    PersonSeen,
    RequestSeen,
    family_seen,
    find_by_name,
    find_by_number,
    person_seen,
)
from mutakhir.web.change_request import draft as drafts
from mutakhir.web.change_request.begin import FIELDS
from mutakhir.web.change_request.draft import about, amend, changed_by, content_of, frame
from mutakhir.web.change_request.outline import source_label
from mutakhir.web.change_request.questions import said, show, show_day
from mutakhir.web.change_request.since import read_since, since_context
from mutakhir.web.desk import Desk, Done, log_reading, page, typed_number
from mutakhir.web.refusals import FieldError, field_errors, language, say, word
from mutakhir.web.values import Option, Pair, SummaryRow

TELLING = ("name", "nik", "birth_date", "birth_place", "mother_name")
"""By what two records are compared with the cards."""
PLACE_FIELDS = ("address", "rt", "rw", "dusun")
FIELDS_HERE = {
    **FIELDS,
    "reason-unknown": "reason",
    "must-be-said": "keeps_reason",
    "split-needs-two-parts": "people",
    "person-not-of-family": "people",
    "person-unknown": "joining_nik",
    "person-retired": "joining_nik",
    "joins-own-family": "joining_nik",
}


def ask_split(request: Desk, seen: RequestSeen) -> HttpResponse:
    """Who makes a family of their own, what each becomes, who keeps the card, and where they live."""
    content = content_of(seen.case.request)
    members = seen.family.members if seen.family is not None else ()
    choices: dict[str, Any] = dict(content.choices)
    errors: list[FieldError] = []
    joining = _joining(request, choices.get("joining") or ())
    asks_again = False
    if request.method == "POST":
        joining = [one for one in joining if str(one.id) in request.POST.getlist("joining")]
        joining, errors = _add_joining(request, seen, joining)
        asks_again = len(joining) > len(request.POST.getlist("joining"))
        typed = dict.fromkeys(typed_number(one) for one in request.POST.getlist("people"))
        choices = {
            "people": [one for one in typed if one is not None and drafts.is_of(seen.family, one)],
            "joining": [one.id for one in joining],
            **_chosen(
                request,
                {"card": (PEOPLE, REST, NEITHER), "house": ("same", "apart"), "keeps": (PEOPLE, REST)},
            ),
            **_texts(request, ("keeps_reason", *PLACE_FIELDS)),
            **_relations(request, [*members, *joining]),
        }
        errors += _read_cards(request, choices, ("no_kk_people", "no_kk_rest"))
        if not choices["people"]:
            errors.append(FieldError("people", _("Pilih paling sedikit satu orang.")))
    saved = _save(request, seen, replace(content, choices=choices), errors, asks_again=asks_again)
    if isinstance(saved, HttpResponse):
        return saved
    parts = [
        Option(REST, _("Yang tinggal di keluarga ini")),
        Option(PEOPLE, _("Yang membentuk keluarga sendiri")),
    ]
    return page(
        request,
        "change_request/split.html",
        saved
        | {
            "members": [_member(one) for one in members],
            "people": [str(one) for one in choices.get("people") or ()],
            "joining": [
                Option(str(one.id), one.name, hint=_membership_words(one, request)) for one in joining
            ],
            "joining_now": [str(one.id) for one in joining],
            "joining_nik": said(request.POST, "joining_nik"),
            "relations": _relation_fields(members, choices, joining=joining),
            "cards": [*parts, Option(NEITHER, _("Tidak keduanya, dua-duanya kartu baru"))],
            "card": choices.get("card") or REST,
            "no_kk_people": choices.get("no_kk_people", ""),
            "no_kk_rest": choices.get("no_kk_rest", ""),
            "rest_open": bool(choices.get("no_kk_rest")),
            "houses": [
                Option("same", _("Serumah dengan keluarga lama")),
                Option("apart", _("Di rumah lain di desa ini")),
            ],
            "house": choices.get("house") or "same",
            "place_fields": [
                {
                    "name": name,
                    "label": parameters.load().attributes[name].label[language()],
                    "value": choices.get(name, ""),
                    "width": "5" if name in ("rt", "rw") else "20",
                }
                for name in PLACE_FIELDS
            ],
            "keepers": [Option("", _("Menurut aturan")), *parts],
            "keeps": choices.get("keeps", ""),
            "keeps_reason": choices.get("keeps_reason", ""),
            "decides": bool(choices.get("keeps")),
        },
    )


def ask_join(request: Desk, seen: RequestSeen) -> HttpResponse:
    """With which family, which of the two goes on, whose card it has, and what everybody becomes."""
    content = content_of(seen.case.request)
    here = seen.family
    other = _known_family(request, content.choices.get("other"))
    if here is None or other is None or "cari" in request.GET:
        return _ask_other(request, seen, content, without=seen.case.request.family, of="family")
    everybody = (*here.members, *other.members)
    choices: dict[str, Any] = dict(content.choices)
    errors: list[FieldError] = []
    if request.method == "POST":
        choices = {
            "other": other.id,
            **_chosen(request, {"goes_on": (THIS, OTHER), "card": (THIS, OTHER, NEW)}),
            **_relations(request, everybody),
        }
        errors = _read_cards(request, choices, ("no_kk",))
    saved = _save(request, seen, replace(content, choices=choices), errors)
    if isinstance(saved, HttpResponse):
        return saved
    names = {THIS: _family_name(here), OTHER: _family_name(other)}
    cards = {one: str(family.values.get("no_kk") or "") for one, family in ((THIS, here), (OTHER, other))}
    return page(
        request,
        "change_request/join.html",
        saved
        | {
            "other_name": names[OTHER],
            "other_rows": _family_rows(other),
            "ways": [Option(one, name) for one, name in names.items()],
            "goes_on": choices.get("goes_on") or THIS,
            "cards": [
                *(Option(one, names[one], hint=nik.mask(number)) for one, number in cards.items() if number),
                Option(NEW, _("Kartu baru")),
            ],
            "card": choices.get("card") or (choices.get("goes_on") or THIS),
            "no_kk": choices.get("no_kk", ""),
            "relations": _relation_fields(everybody, choices),
        },
    )


def ask_double(request: Desk, seen: RequestSeen) -> HttpResponse:
    """Who is the same person, and whose membership, NIK and place in a programme stays."""
    asked = seen.case.request
    content = content_of(asked)
    if asked.person is None:
        return _ask_first(request, seen, content)
    first = wiring.ask(person_seen, asked.person, scopes=request.actor.scopes())
    other = _known_person(request, content.choices.get("other"))
    if first is None or other is None or "cari" in request.GET:
        return _ask_other(request, seen, content, without=asked.person, of="person")
    both = (first, other)
    choices: dict[str, Any] = dict(content.choices)
    if request.method == "POST":
        chosen = {
            place: typed_number(said(request.POST, place))
            for place in ("membership", "nik", "programme", "source")
        }
        choices = {"other": other.id} | {
            place: one for place, one in chosen.items() if one in (first.id, other.id)
        }
    saved = _save(request, seen, replace(content, choices=choices), [])
    if isinstance(saved, HttpResponse):
        return saved
    likely_one = likely({one.id: one.values for one in both})
    programme = programme_places(wiring.terms())
    return page(
        request,
        "change_request/double.html",
        saved
        | {
            "pairs": _pairs(both, request),
            "titles": [one.name or _("(tanpa nama)") for one in both],
            "unlikely": len({one.birth_date for one in both}) > 1,
            "memberships": [Option(str(one.id), _membership_words(one, request)) for one in both],
            "membership": str(choices.get("membership") or likely_one),
            "niks": _options_of(both, ("nik",), request),
            "nik": str(choices.get("nik") or likely_one),
            "programmes": _options_of(both, programme, request),
            "programme": str(choices.get("programme") or likely_one),
            "sources": _source_options(both, request),
            "source": str(choices.get("source") or likely_one),
        },
    )


PAGES: Mapping[str, Callable[[Desk, RequestSeen], HttpResponse]] = {
    "family_split": ask_split,
    "family_join": ask_join,
    "double_id": ask_double,
}
"""The page of step 3 of each kind that rearranges whole families or persons."""


# --- reading and saving ---------------------------------------------------------------------------------------------


def _texts(request: Desk, names: Iterable[str]) -> dict[str, Any]:
    return {name: text for name in names if (text := said(request.POST, name))}


def _chosen(request: Desk, among: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    return {name: one for name, options in among.items() if (one := said(request.POST, name)) in options}


def _relations(request: Desk, members: Iterable[PersonSeen]) -> dict[str, Any]:
    codes = parameters.load().attributes.codes_of("relation")
    found = {}
    for one in members:
        code = said(request.POST, f"relation_{one.id}")
        if codes is not None and code in codes.codes:
            found[f"relation:{one.id}"] = code
    return found


def _joining(request: Desk, people: Iterable[Any]) -> list[PersonSeen]:
    known = (_known_person(request, one) for one in people)
    return [one for one in known if one is not None]


def _add_joining(
    request: Desk, seen: RequestSeen, joining: list[PersonSeen]
) -> tuple[list[PersonSeen], list[FieldError]]:
    """Who joins from another family, with whoever carries the NIK that was typed."""
    text = said(request.POST, "joining_nik")
    if not text:
        return joining, []
    number = nik.parse(text)
    if not isinstance(number, nik.Nik):
        return joining, [FieldError("joining_nik", one.text) for one in field_errors(number)]
    found = _search(request, number.digits, of="person", without=None)
    persons = _joining(request, [typed_number(one.value) for one in found[:1]])
    if not persons:
        return joining, [
            FieldError("joining_nik", _("Belum ditemukan di wilayah kerja Anda. Periksa angkanya."))
        ]
    if drafts.is_of(seen.family, persons[0].id):
        return joining, [FieldError("joining_nik", say(Refusal.of("joins-own-family")))]
    return [*(one for one in joining if one.id != persons[0].id), *persons], []


def _read_cards(request: Desk, choices: dict[str, Any], names: Iterable[str]) -> list[FieldError]:
    """Numbers of cards as they were typed; one that cannot be read stays in its field and is marked."""
    errors = []
    for name in names:
        text = said(request.POST, name)
        if not text:
            continue
        number = nik.parse_no_kk(text)
        if isinstance(number, nik.NoKk):
            choices[name] = number.digits
        else:
            choices[name] = text
            errors += [FieldError(name, one.text) for one in field_errors(number)]
    return errors


def _save(
    request: Desk, seen: RequestSeen, content: Content, errors: list[FieldError], *, asks_again: bool = False
) -> HttpResponse | dict[str, Any]:
    """Save the page and go on, or back to it where it has one more question; or what it shows, with what is wrong."""
    asked = seen.case.request
    done = Done()
    if request.method == "POST":
        since, wrong = read_since(request, asked.region, content)
        reason = said(request.POST, "reason")
        content = replace(content, reason=reason or None, holds_from=since)
        errors = [*errors, *wrong]
        if not errors:
            done = amend(request, seen, content, anew=_anew(seen))
            if done.ok:
                return redirect("draft_fields" if asks_again else "draft_evidence", asked.id)
            errors = field_errors(done.refusals, fields=FIELDS_HERE)
    context = _around(seen, content, errors, done)
    return context | since_context(request, content)


def _anew(seen: RequestSeen) -> frozenset[tuple[int, str]]:
    """Whoever fills the page in again has seen what is so now."""
    lines = seen.case.lines or ()
    if not any(one.outcome is Outcome.CONFLICT for one in lines):
        return frozenset()
    return frozenset((one.change.subject, one.change.attribute) for one in lines)


def _around(seen: RequestSeen, content: Content, errors: Sequence[FieldError], done: Done) -> dict[str, Any]:
    asked = seen.case.request
    reasons = parameters.load().reasons[asked.rule.reasons]
    return frame(
        seen,
        step=3,
        label=word("kind", asked.kind),
        back=reverse("request", args=[asked.id]),
        page_key="susunan",
    ) | {
        "reasons": [Option(code, one.label[language()]) for code, one in reasons.items()],
        "reason": content.reason or "",
        "skip_url": reverse("draft_evidence", args=[asked.id]),
        "search_again_url": reverse("draft_fields", args=[asked.id]) + "?cari=1",
        "errors": list(errors),
        "wrong": {one.field: one.text for one in errors},
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }


# --- the other one --------------------------------------------------------------------------------------------------


def _ask_first(request: Desk, seen: RequestSeen, content: Content) -> HttpResponse:
    """Who of the family stands twice, where the request was begun from the family."""
    errors: list[FieldError] = []
    done = Done()
    members = seen.family.members if seen.family is not None else ()
    if request.method == "POST":
        chosen = typed_number(said(request.POST, "first"))
        if chosen is None or not drafts.is_of(seen.family, chosen):
            errors.append(FieldError("first", _("Pilih satu orang.")))
        else:
            done = amend(request, seen, replace(content, people=(chosen,)))
            if done.ok:
                return redirect("draft_fields", seen.case.request.id)
            errors = field_errors(done.refusals, fields=FIELDS_HERE)
    context = _around(seen, content, errors, done) | {"members": [_member(one) for one in members]}
    return page(request, "change_request/who_twice.html", context)


def _ask_other(
    request: Desk, seen: RequestSeen, content: Content, *, without: int | None, of: str
) -> HttpResponse:
    """Find the other family or person by a number or a name, within one's regions, and choose it."""
    chosen = typed_number(said(request.POST, "other"))
    errors: list[FieldError] = []
    done = Done()
    # Who stands twice stands there under nearly the same name: that is looked for before anything is typed.
    words = said(request.POST, "query") if request.method == "POST" or of == "family" else about(seen)
    found = _search(request, words, of=of, without=without) if words else ()
    if request.method == "POST":
        if "search" not in request.POST or not words:
            if chosen is None:
                text = _("Pilih keluarganya.") if of == "family" else _("Pilih orangnya.")
                errors.append(FieldError("other", text))
            else:
                done = amend(request, seen, replace(content, choices={"other": chosen}))
                if done.ok:
                    return redirect("draft_fields", seen.case.request.id)
                errors = field_errors(done.refusals, fields={one.rule: "other" for one in done.refusals})
    context = _around(seen, content, errors, done) | {
        "of": of,
        "words": words,
        "found": found,
        "nobody": bool(words) and request.method == "POST" and not found,
        "other": str(chosen or ""),
    }
    return page(request, "change_request/other.html", context)


def _search(request: Desk, words: str, *, of: str, without: int | None) -> tuple[Option, ...]:
    scopes = request.actor.scopes()
    digits = "".join(sign for sign in words if sign not in " .-")
    found: tuple[Found, ...]
    if len(digits) == 16 and digits.isascii() and digits.isdecimal():
        found = wiring.ask(find_by_number, digits, scopes=scopes)
    else:
        found = wiring.ask(find_by_name, words, scopes=scopes)
    options: dict[int, Option] = {}
    for one in found:
        number = one.family if of == "family" else one.person
        if number is None or number == without or number in options:
            continue
        log_reading(request, purpose="record", region=one.region, subject=number)
        options[number] = _found_option(number, one, of=of)
    return tuple(options.values())


def _found_option(number: int, one: Found, *, of: str) -> Option:
    title = one.name or _("(tanpa nama)")
    if of == "family":
        title = _("Keluarga {name}").format(name=one.head_name or one.name)
    hint = [
        show_day(one.birth_date) if one.birth_date and of == "person" else "",
        nik.mask(one.nik) if one.nik and of == "person" else "",
        _("keluarga {name}").format(name=one.head_name) if one.head_name and of == "person" else "",
        one.address,
    ]
    return Option(str(number), title, hint=" · ".join(part for part in hint if part))


def _known_family(request: Desk, number: Any) -> FamilySeen | None:
    """Another family than the one that the request is about; that it was shown is logged."""
    found = (
        wiring.ask(family_seen, number, scopes=request.actor.scopes()) if isinstance(number, int) else None
    )
    if found is not None:
        log_reading(request, purpose="record", region=found.region, subject=found.id)
    return found


def _known_person(request: Desk, number: Any) -> PersonSeen | None:
    """Another person than the one that the request is about; that they were shown is logged."""
    found = (
        wiring.ask(person_seen, number, scopes=request.actor.scopes()) if isinstance(number, int) else None
    )
    if found is not None:
        log_reading(request, purpose="record", region=found.region, subject=found.id)
    return found


# --- showing --------------------------------------------------------------------------------------------------------


def _relation_words(one: PersonSeen) -> str:
    return parameters.load().attributes.words("relation", one.values.get("relation"), language())


def _member(one: PersonSeen) -> Option:
    hint = " · ".join(part for part in (_relation_words(one), (one.birth_date or "")[:4]) if part)
    return Option(str(one.id), one.name or _("(tanpa nama)"), hint=hint)


def _relation_fields(
    members: Iterable[PersonSeen], choices: Mapping[str, Any], *, joining: Sequence[PersonSeen] = ()
) -> list[dict[str, Any]]:
    """A list for each person of what they become to the head; as now, where nothing is chosen.

    What somebody who joins was in another family says nothing here.
    """
    codes = parameters.load().attributes.codes_of("relation")
    options = [Option(code, label[language()]) for code, label in codes.codes.items()] if codes else []
    return [
        {
            "name": f"relation_{one.id}",
            "label": one.name or _("(tanpa nama)"),
            "value": choices.get(f"relation:{one.id}", ""),
            "options": [
                Option("", _("Belum tercatat") if one in joining else _as_before(one)),
                *options,
            ],
        }
        for one in (*members, *joining)
    ]


def _as_before(one: PersonSeen) -> str:
    return _("Tetap: {relation}").format(relation=_relation_words(one) or _("belum tercatat"))


def _family_name(family: FamilySeen) -> str:
    name = family.head_name or next((one.name for one in family.members), "")
    return _("Keluarga {name}").format(name=name) if name else _("Keluarga tanpa anggota")


def _family_rows(family: FamilySeen) -> list[SummaryRow]:
    return [
        SummaryRow(_("No. KK"), nik.mask(str(family.values.get("no_kk") or ""))),
        SummaryRow(_("Alamat"), family.address),
        SummaryRow(_("Anggota"), ", ".join(one.name for one in family.members)),
    ]


def _membership_words(one: PersonSeen, request: Desk) -> str:
    family = wiring.ask(family_seen, one.family, scopes=request.actor.scopes()) if one.family else None
    if family is None:
        return _("Belum tercatat dalam satu keluarga")
    relation = _relation_words(one)
    return f"{_family_name(family)}, {relation}" if relation else _family_name(family)


def _pairs(both: Sequence[PersonSeen], request: Desk) -> list[Pair]:
    """What tells two records apart, or makes them one: each attribute of both, and whether it is the same."""
    table = parameters.load().attributes
    left, right = both

    def shown(one: PersonSeen, name: str) -> str | None:
        return show(table[name], one.values[name], in_full=True) if one.values.get(name) else None

    told = [(table[name].label[language()], shown(left, name), shown(right, name)) for name in TELLING]
    told += [
        (_("Keluarga"), _membership_words(left, request), _membership_words(right, request)),
        (_("Pendaftaran"), _registration_words(left), _registration_words(right)),
    ]
    return [_pair(label, one, other) for label, one, other in told if one or other]


def _pair(label: str, left: str | None, right: str | None) -> Pair:
    if left is None or right is None:
        return Pair(label, left, right, "unseen", _("Belum tercatat"))
    is_same = left.casefold() == right.casefold()
    return Pair(label, left, right, "same" if is_same else "conflict", "" if is_same else _("Berbeda"))


def _registration_words(one: PersonSeen) -> str:
    return _("Terdaftar") if one.is_registered else _("Tidak terdaftar")


def _option(one: PersonSeen, label: str, request: Desk) -> Option:
    """Both may have one name: the family tells which record it is."""
    return Option(str(one.id), label, hint=f"{one.name} · {_membership_words(one, request)}")


def _source_options(both: Sequence[PersonSeen], request: Desk) -> list[Option]:
    """A choice between the numbers that another system gave to both, where they differ."""
    numbers = [source_numbers(one.values) for one in both]
    names = [name for name, number in numbers[0].items() if numbers[1].get(name, number) != number]
    if not names:
        return []
    return [
        _option(one, ", ".join(f"{source_label(name)} {own[name]}" for name in names), request)
        for one, own in zip(both, numbers, strict=True)
    ]


def _options_of(both: Sequence[PersonSeen], names: Iterable[str], request: Desk) -> list[Option]:
    """A choice between what two records say, where both say something and not the same."""
    table = parameters.load().attributes
    differing = [
        name
        for name in names
        if all(one.values.get(name) is not None for one in both)
        and both[0].values[name] != both[1].values[name]
    ]
    if not differing:
        return []

    def words(one: PersonSeen, name: str) -> str:
        value = show(table[name], one.values[name], in_full=True)
        return value if name == "nik" else f"{table[name].label[language()]}: {value}"

    return [_option(one, "; ".join(words(one, name) for name in differing), request) for one in both]
