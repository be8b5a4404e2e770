"""The shapes that layouts and components read: what a screen fills in so that every component finds its fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the navigation; `badge` counts what is the reader's turn, `primary` is drawn as a button."""

    name: str
    label: str
    icon: str
    url: str
    current: bool = False
    badge: int = 0
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """Who is signed in, where, and what stands in the bar; the context value `shell` of every page.

    `user_key` is an opaque mark of the signed-in account: what the browser keeps of a form is kept for it alone.
    """

    place: str = ""
    user_name: str = ""
    user_key: str = ""
    nav: tuple[NavEntry, ...] = ()
    search_url: str = ""
    account_url: str = ""
    home_url: str = "/"
    language: str = "id"
    language_url: str = ""
    density: str = "biasa"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a radio list, check list or select field; `recorded` marks the value on record."""

    value: str
    label: str
    hint: str = ""
    recorded: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What must be put right in one field; the same words stand in the summary and at the field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of tabs or filter chips."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A way out beside something refused or in conflict: a link (`url`) or a button (`name`, `value`)."""

    label: str
    url: str = ""
    name: str = ""
    value: str = ""
    kind: str = "secondary"


@dataclass(frozen=True, slots=True)
class Deed:
    """A button; `refused` disables it and stands beside it in words, with the way out."""

    label: str
    name: str = ""
    value: str = ""
    kind: str = "primary"
    icon: str = ""
    key: str = ""
    url: str = ""
    refused: str = ""
    way_label: str = ""
    way_url: str = ""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A row of the work list; with `state`, `who`, `since` and `until` it answers the four questions."""

    title: str
    url: str
    sentence: str
    state: str
    who: str = ""
    since: date | datetime | str | None = None
    until: date | datetime | str | None = None
    word: str = ""
    days: int | None = None
    count: int | None = None
    what: str = ""
    note: str = ""
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A line of a readiness list; `state` is "" or "warning"."""

    done: bool
    text: str
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request of the reserve with what is still missing and the one button that does the first of it."""

    title: str
    url: str
    kind: str
    place: str
    state: str
    word: str = ""
    count: int | None = None
    days: int | None = None
    checks: tuple[Check, ...] = ()
    deed_label: str = ""
    deed_url: str = ""
    deed_icon: str = ""
    waiting_days: int | None = None
    ticket: str = ""
    who: str = ""
    since: date | datetime | str | None = None
    until: date | datetime | str | None = None
    refused: str = ""
    what: str = ""
    until_label: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """An update window as the strip shows it; `days` is until opening, or until the cut-off when it is open."""

    name: str
    opens_on: date
    cut_off_on: date
    closes_on: date | None = None
    days: int | None = None
    is_open: bool = False
    kinds: str = ""
    ready: int | None = None
    incomplete: int | None = None
    closed_early_reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One attribute of the three-way comparison; None is an empty value."""

    label: str
    seen: str | None
    current: str | None
    wanted: str | None
    outcome: str
    seen_source: str = ""
    current_source: str = ""
    wanted_source: str = ""
    sentence: str = ""
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One attribute of two records side by side, for matching."""

    label: str
    left: str | None
    right: str | None
    outcome: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A line of a summary list with its way to change it."""

    label: str
    value: str
    url: str = ""
    url_label: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a card shows them."""

    name: str
    nik: str = ""
    birth: str = ""
    birth_place: str = ""
    address: str = ""
    family_head: str = ""
    relation: str = ""
    civil_sentence: str = ""
    state: str = ""
    word: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member in a family card."""

    name: str
    relation: str
    birth_year: str = ""
    url: str = ""
    state: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A family as a card shows it."""

    head_name: str
    no_kk: str = ""
    address: str = ""
    url: str = ""
    members: tuple[Member, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A change: what, from what to what, who said it, when it holds and when it was recorded."""

    what: str
    before: str | None
    after: str | None
    who: str = ""
    role: str = ""
    source: str = ""
    holds_from: date | None = None
    recorded_at: datetime | None = None
    number: str = ""
    url: str = ""
    evidence_url: str = ""


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """The changes recorded on one day."""

    day: date
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way of a request: done, now, next, late or stopped."""

    state: str
    title: str
    note: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why data are old: explanation, whose turn, since, until, what to do."""

    title: str
    explanation: str
    turn: str
    state: str = "late"
    word: str = ""
    days: int | None = None
    since: date | datetime | str | None = None
    until: date | datetime | str | None = None
    deed: str = ""
    code: str = ""
    evidence_url: str = ""
    way_label: str = ""
    way_url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table; `align` is "" or "right"."""

    label: str
    align: str = ""
    hide_phone: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a data table: kind is text, number, day, moment, chip, link, nik or percent."""

    value: object
    kind: str = "text"
    url: str = ""
    state: str = ""
    word: str = ""
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a data table; `id` is the value of its checkbox."""

    cells: tuple[Cell, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Why some rows do not take part in a bulk action."""

    reason: str
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row of the batch under review."""

    number: int
    title: str
    detail: str
    state: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: kind is photo, file or none; `missing` says why nothing is there."""

    label: str
    url: str = ""
    current: bool = False
    kind: str = "photo"
    src: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    caption: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a resident sees first: the state as a sentence and the four answers."""

    number: str
    sentence: str
    what: str
    who: str
    since: date | datetime | str | None = None
    until: date | datetime | str | None = None
    until_label: str = ""
    until_note: str = ""
    who_label: str = ""
    days_late: int = 0
    need: tuple[str, ...] = ()
    need_sentence: str = ""
    calm_sentence: str = ""
    errand: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is printed for a resident when a request was recorded."""

    village: str
    district: str
    regency: str
    number: str
    name: str
    kind: str
    received_at: datetime
    received_by: str
    step: str
    address: str
    url: str
    printed_at: datetime
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign on a document."""

    office: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A printed document around its body: letterhead, number, signatures, digest."""

    letterhead: tuple[str, ...]
    title: str
    number: str
    place: str
    day: date
    signatures: tuple[Signature, ...] = field(default=())
    digest: str = ""
    check_url: str = ""
    printed_at: datetime | None = None
    printed_by: str = ""
