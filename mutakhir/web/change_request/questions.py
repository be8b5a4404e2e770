"""Questions of a request's form, made from the attribute table: how each is asked, and how an answer is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mutakhir import parameters, wiring
from mutakhir.core import dates, nik
from mutakhir.core.attributes import Attribute
from mutakhir.core.facts import Value
from mutakhir.core.kinds import NEW_PERSON_ATTRIBUTES, Kind
from mutakhir.core.refusals import Refusal
from mutakhir.queries.people import names_of_people
from mutakhir.queries.places import place, search_places
from mutakhir.web.formats import group_nik, write_day, write_month
from mutakhir.web.refusals import language
from mutakhir.web.values import Option

RADIOS_AT_MOST = 16
"""Longer lists are searched: the reader types the beginning of a word."""
INLINE_AT_MOST = 3
TYPED_AT_MOST = 500
NEAR_AT_MOST = 9
NEWCOMER_ATTRIBUTES = (*NEW_PERSON_ATTRIBUTES, "phone")


@dataclass(frozen=True, slots=True)
class Question:
    """One question as the page asks it. `form` is radio, search, place, number, text, day, nik or kk."""

    name: str
    form: str
    label: str
    hint: str
    value: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    options: tuple[Option, ...] = ()
    near: tuple[Option, ...] = ()
    small: bool = False
    inline: bool = False
    unit: str = ""
    width: str = ""
    inputmode: str = ""
    optional: bool = False
    error: str = ""
    recorded: str = ""
    query: str = ""
    found: tuple[Mapping[str, str], ...] | None = None


def asked_in(kind: Kind, name: str) -> tuple[Attribute, ...]:
    """The attributes of the family or its dwelling that a group of a kind's form asks for, in the order of the form; of
    a claim everything that it may be about.
    """
    table = parameters.load().attributes
    if kind.claim:
        return tuple(table[one] for one in kind.attributes)
    single = [table[one] for one in kind.attributes if table[one].group == name and table[one].of != "person"]
    if single:
        return tuple(single)
    return tuple(one for one in table.in_group(name) if one.of != "person" and one.type != "subject")


def asked_of_newcomers(*, is_head: bool) -> tuple[Attribute, ...]:
    table = parameters.load().attributes
    return tuple(table[name] for name in NEWCOMER_ATTRIBUTES if not (is_head and name == "relation"))


def ask(
    attribute: Attribute,
    *,
    value: Value,
    recorded: Value = None,
    typed: Mapping[str, str] | None = None,
    error: str = "",
    optional: bool = False,
    small: bool = False,
) -> Question:
    """A question with the answer so far; what was typed a moment ago goes before what is known.

    `recorded` is the value on record, marked inside the options.
    """
    words = language()
    codes = parameters.load().attributes.codes_of(attribute)
    form = _form_of(attribute)
    options: tuple[Option, ...] = ()
    near: tuple[Option, ...] = ()
    shown = _typed(attribute, value)
    parts = parts_of_day(value) if form == "day" else ("", "", "")
    if typed is not None:
        shown = said(typed, attribute.name)
        parts = said_parts(typed, attribute.name)
    if codes is not None:
        everything = tuple(
            Option(code, label[words], recorded=code == recorded) for code, label in codes.codes.items()
        )
        options = everything
        if form == "search":
            near = _near(shown, everything) if error else ()
    query = said(typed, f"{attribute.name}_query") if typed is not None and form == "place" else ""
    return Question(
        name=attribute.name,
        form=form,
        label=attribute.question[words],
        hint=attribute.hint[words],
        value=shown,
        day=parts[0],
        month=parts[1],
        year=parts[2],
        options=options,
        near=near,
        small=small,
        inline=small and len(options) <= INLINE_AT_MOST,
        unit=attribute.unit or "",
        width=_width(attribute),
        inputmode="numeric" if form == "number" else "tel" if attribute.type == "phone" else "",
        optional=optional,
        error=error,
        recorded=show(attribute, shown if form == "place" else recorded),
        query=query,
        found=_villages(query) if query else None,
    )


def _villages(query: str) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {"code": one.code, "label": one.display_name, "detail": wiring.ask(place, one.code).kecamatan}
        for one in wiring.ask(search_places, query, level="village")
    )


def is_searching(attribute: Attribute, typed: Mapping[str, str]) -> bool:
    """Whether the form only asks for places of a name, and is not finished yet."""
    return attribute.type == "region" and f"{attribute.name}_search" in typed


def _form_of(attribute: Attribute) -> str:
    codes = parameters.load().attributes.codes_of(attribute)
    if codes is not None:
        return "radio" if len(codes.codes) <= RADIOS_AT_MOST else "search"
    return {
        "integer": "number",
        "decimal": "number",
        "date": "day",
        "nik": "nik",
        "no_kk": "kk",
        "region": "place",
    }.get(attribute.type, "text")


def _width(attribute: Attribute) -> str:
    if attribute.type == "integer":
        return "5"
    if attribute.type == "text" and (attribute.maximum or 0) <= 5:
        return "5"
    return "20" if attribute.type == "phone" or (attribute.maximum or 99) <= 60 else ""


def _typed(attribute: Attribute, value: Value) -> str:
    """A value as it stands in its field."""
    if value is None:
        return ""
    codes = parameters.load().attributes.codes_of(attribute)
    if codes is not None and len(codes.codes) > RADIOS_AT_MOST:
        return codes.label(str(value), language())
    return str(value)


def parts_of_day(value: Value) -> tuple[str, str, str]:
    year, month, day = (*str(value or "").split("-"), "", "")[:3]
    name = write_month(int(month), language()) if month.isdecimal() and 1 <= int(month) <= 12 else month
    return day.lstrip("0"), name, year


def _near(typed: str, options: Iterable[Option]) -> tuple[Option, ...]:
    """The options that hold a word of what was typed."""
    words = [word for word in re.split(r"\W+", typed.casefold()) if len(word) > 2]
    return tuple(one for one in options if any(word in one.label.casefold() for word in words))[:NEAR_AT_MOST]


# --- reading --------------------------------------------------------------------------------------------------------


def said(typed: Mapping[str, str], name: str) -> str:
    """What a field holds, without signs that do not print and not endlessly long."""
    text = str(typed.get(name, ""))[: TYPED_AT_MOST * 2]
    kept = "".join(" " if sign in "\n\r\t" else sign for sign in text if sign in "\n\r\t" or _prints(sign))
    return kept.strip()[:TYPED_AT_MOST]


def said_parts(typed: Mapping[str, str], name: str) -> tuple[str, str, str]:
    """Day, month and year of a day in three fields."""
    return said(typed, f"{name}_day"), said(typed, f"{name}_month"), said(typed, f"{name}_year")


def _prints(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co")


def read(attribute: Attribute, typed: Mapping[str, str], *, today: date) -> Value | Refusal:
    """The answer to a question: a value, None where nothing was said, or why it cannot be read."""
    if attribute.type == "date":
        return read_day(typed, attribute.name, today=today)
    text = said(typed, attribute.name)
    if not text:
        return None
    if attribute.type in ("nik", "no_kk"):
        found = nik.parse(text) if attribute.type == "nik" else nik.parse_no_kk(text)
        return found[0] if isinstance(found, tuple) else found.digits
    return parameters.load().attributes.normalise(attribute, text)


def read_day(typed: Mapping[str, str], name: str, *, today: date) -> str | Refusal | None:
    """A day in three fields, the month as number or word; the year alone, or everything in one field, is read too."""
    day, month, year = said_parts(typed, name)
    between = "-" if month.isdecimal() else " "
    raw = between.join(part for part in (day, month, year) if part)
    if day and not month and not year and day.isdecimal() and len(day) < 4:
        return Refusal.of("date-unreadable", attribute=name, value=day)
    found = dates.read_day(raw, today=today, attribute=name)
    return found.iso if isinstance(found, dates.Reading) else found


# --- showing --------------------------------------------------------------------------------------------------------


def show(attribute: Attribute, value: Value, *, in_full: bool = False) -> str:
    """A value as people read it; empty for nothing. NIK and No KK are masked unless all digits are asked for."""
    if value is None or value == "":
        return ""
    if attribute.type == "date":
        return show_day(str(value))
    if attribute.type in ("nik", "no_kk"):
        return " ".join(group_nik(str(value) if in_full else nik.mask(str(value))))
    if attribute.type == "region":
        return wiring.ask(place, str(value)).shown
    if attribute.type == "subject":
        return wiring.ask(names_of_people, [int(value)], scopes=[""]).get(int(value), "")
    if attribute.name in ("eligibility_reason", "registration_reason"):
        return show_reason(str(value))
    return parameters.load().attributes.words(attribute, value, language())


def show_day(iso: str) -> str:
    """5 Juli 1988, Juli 1988 or 1988, as much as is known."""
    year, month, day = (*iso.split("-"), "", "")[:3]
    try:
        if day:
            return write_day(date.fromisoformat(iso), language())
        return f"{dates.MONTHS[language()][int(month) - 1]} {year}" if month else year
    except (ValueError, IndexError):
        return iso


def show_reason(code: str) -> str:
    """A reason of leaving or of not being eligible; a kind of request that registered somebody is named as such."""
    known = parameters.load()
    for name in ("not_eligible", "leaving", "family_split", "family_join", "double_id", "correction"):
        if code in known.reasons[name]:
            return known.reasons[name][code].label[language()]
    words = known.words["kind"].get(code)
    return words[language()] if words else code
