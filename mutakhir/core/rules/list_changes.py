"""Two lists of the same body: who of one is in the other, what is said differently, and which event explains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mutakhir.core.attributes import Value
from mutakhir.core.people import search_key
from mutakhir.core.rules.intake import is_same_person
from mutakhir.core.rules.rows import Validated

PROGRAMME = "programme_"
COMPARED = ("nik", "no_kk", "region_lived", "registry_status", "decile")
"""What two lists are compared by, besides the programmes; where one of them says nothing, nothing changed."""
DEAD, MOVED = frozenset({"2"}), frozenset({"3", "4"})
"""Codes of `presence`."""
COMING = frozenset({"new_family", "new_person"})
STAYING = COMING | {"living_conditions"}
"""Kinds of requests that bring somebody into a list, and those after which nobody leaves it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as one list has them. `family` is the list's own word for it; `number` its own number of the person."""

    row: int
    nik: str
    number: str
    family: str
    no_kk: str
    name: str
    birth_date: str
    region: str
    decile: int | None
    status: str
    programmes: Mapping[str, str]

    @property
    def name_key(self) -> str:
        """Name and birth date, made comparable; empty where one of them is missing."""
        name = search_key(self.name)
        return f"{name} {self.birth_date}" if name and self.birth_date else ""

    def value(self, attribute: str) -> Value:
        """What the list says, None where it says nothing."""
        if attribute.startswith(PROGRAMME):
            return self.programmes.get(attribute)
        if attribute == "region_lived":
            return self.region or None
        if attribute == "registry_status":
            return self.status or None
        said: Value = getattr(self, attribute)
        return said if said != "" else None


def listed(row: Validated) -> Listed:
    """What of a row counts in a comparison."""
    said = {**row.person, **row.family}
    decile = said.get("decile")
    key = row.family_key
    return Listed(
        row=row.row_number,
        nik=row.nik or "",
        number=row.source_person or "",
        family=":".join(key) if key else f"row:{row.row_number}",
        no_kk=row.no_kk or "",
        name=str(said.get("name") or ""),
        birth_date=str(said.get("birth_date") or ""),
        region=row.region,
        decile=decile if isinstance(decile, int) else None,
        status=str(said.get("registry_status") or ""),
        programmes={name: str(value) for name, value in said.items() if name.startswith(PROGRAMME) and value},
    )


def is_same(one: Listed, other: Listed) -> bool:
    """Whether two rows that carry the same number speak of one person: name or birth date must agree as well."""
    return is_same_person(_said(one), _said(other))


def _said(row: Listed) -> Mapping[str, Value]:
    return {"name": row.name or None, "birth_date": row.birth_date or None}


def are_neighbours(one: Listed, other: Listed) -> bool:
    """Whether two rows of the same name and birth date also lie in one village, or on one family card."""
    return (len(one.region) == 10 and one.region == other.region) or bool(
        one.no_kk and one.no_kk == other.no_kk
    )


@dataclass(frozen=True, slots=True)
class Difference:
    attribute: str
    before: Value
    after: Value


def differences(old: Listed, new: Listed) -> tuple[Difference, ...]:
    """What the second list says otherwise of the same person; a NIK that was not usable before is one that came."""
    names = (*COMPARED, *sorted({*old.programmes, *new.programmes}))
    return tuple(
        Difference(name, before, after)
        for name in names
        if (before := old.value(name)) != (after := new.value(name))
        and after is not None
        and (before is not None or name == "nik")
    )


@dataclass(frozen=True, slots=True)
class AppliedRequest:
    """A request about somebody or their family that is in force."""

    kind: str
    ticket: str
    day: date


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of a list as the register knows them: the values of now, the person they were found to be, and requests."""

    person: int
    region: str
    values: Mapping[str, Value]
    merged: bool = False
    requests: tuple[AppliedRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A known event that explains a change, with what tells of it: a day, a reason, a ticket."""

    event: str
    detail: str = ""


def explain_vanished(row: Listed, known: KnownPerson | None, *, doubled: bool) -> Explanation | None:
    """Why somebody is no more in a list. `doubled` says that another row of the old list, of the same person, stayed."""
    if doubled:
        return Explanation("doubled")
    if known is not None:
        if known.merged:
            return Explanation("merged")
        told = known.values
        if told.get("died_on") or told.get("presence") in DEAD:
            return Explanation("died", str(told.get("died_on") or ""))
        if told.get("presence") in MOVED:
            return Explanation("moved")
        if told.get("presence") == "6":
            return Explanation("not_found")
        if row.nik and told.get("nik") not in (None, row.nik):
            return Explanation("nik_corrected")
        if len(row.region) == 10 and len(known.region) == 10 and row.region != known.region:
            return Explanation("moved", known.region)
        if told.get("registration") == "ended":
            return Explanation("registration_ended", str(told.get("registration_reason") or ""))
        if told.get("eligibility") == "not_eligible":
            return Explanation("not_eligible", str(told.get("eligibility_reason") or ""))
        if (applied := _latest(known.requests, kinds=lambda kind: kind not in STAYING)) is not None:
            return applied
    if row.status == "active_reported_dead":
        return Explanation("reported_dead")
    if row.status == "inactive":
        return Explanation("inactive")
    return None


def explain_came(row: Listed, known: KnownPerson | None) -> Explanation | None:
    """Why somebody is in a list for the first time."""
    if known is None:
        return None
    if row.nik and known.values.get("nik") not in (None, row.nik):
        return Explanation("nik_corrected")
    return _latest(known.requests, kinds=COMING.__contains__)


def explain_changed(
    new: Listed, found: Sequence[Difference], known: KnownPerson | None
) -> Explanation | None:
    """Why something is said otherwise; one event explains all that changed at once."""
    if known is None:
        return None
    told = known.values
    names = {one.attribute for one in found}
    if "nik" in names and told.get("nik") == new.nik:
        return Explanation("nik_corrected")
    if "region_lived" in names and known.region == new.region:
        return Explanation("moved", known.region)
    if any(name.startswith(PROGRAMME) for name in names) and told.get("eligibility") == "not_eligible":
        return Explanation("not_eligible", str(told.get("eligibility_reason") or ""))
    return _latest(known.requests, kinds=lambda kind: kind not in COMING)


def _latest(requests: Sequence[AppliedRequest], *, kinds: Callable[[str], bool]) -> Explanation | None:
    """The last request of such a kind."""
    last = max((one for one in requests if kinds(one.kind)), key=lambda one: one.day, default=None)
    if last is None:
        return None
    return Explanation("request_applied", f"{last.ticket} {last.kind} {last.day.isoformat()}")
