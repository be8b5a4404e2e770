"""Compares two lists as they were downloaded: who vanished, who came, what changed, why, and where nobody knows."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeVar

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.list_changes import (
    Explanation,
    KnownPerson,
    Listed,
    differences,
    explain_came,
    explain_changed,
    explain_vanished,
    listed,
)
from mutakhir.core.rules.rows import RowRules
from mutakhir.gateways.files import FileRefused, Sheet, unpacked, write_workbook
from mutakhir.gateways.layouts import Layout, LayoutKind, open_records
from mutakhir.gateways.paired_lists import NEW, OLD, PairedLists
from mutakhir.gateways.regions import find_by_names, read_children, read_regions

UNEXPLAINED = "unexplained"
SHEETS = ("vanished", "came", "changed")
COUNTED = (
    "rows_old", "rows_new", "rejected", "same", "vanished", "came", "changed",
    "families_old", "families_new", "families_vanished", "families_came",
)  # fmt: skip
"""What is counted, in the order in which it is told."""
YES = "1"
_ASKED_AT_ONCE = 1_000
_PERSON = ("region", "village", "kecamatan", "no_kk", "nik", "name", "birth_date", "decile", "programmes")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "vanished": (*_PERSON, "event", "detail", "row"),
    "came": (*_PERSON, "event", "detail", "row"),
    "changed": (*_PERSON, "attribute", "before", "after", "event", "detail", "row"),
}
_VILLAGE = ("vanished", "unexplained_vanished", "came", "changed", "families_vanished", "families_came")
_WIDTHS = {"village": 22, "kecamatan": 18, "no_kk": 19, "nik": 19, "name": 30, "programmes": 24, "event": 34}
T = TypeVar("T")
Ask = Callable[[Sequence[Listed], str], Sequence[KnownPerson | None]]
"""What the register knows of some rows; the text says whose numbers of persons the list carries."""


@dataclass(slots=True)
class Comparison:
    """What became of everybody. Persons are rows of a list; `programmes` counts families by programme.

    `why` says for each sheet how many persons each event explains, the unexplained among them; `villages` are counts by
    region code.
    """

    layouts: tuple[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    programmes: dict[str, Counter[str]] = field(default_factory=dict)
    why: dict[str, Counter[str]] = field(default_factory=lambda: {sheet: Counter() for sheet in SHEETS})
    villages: dict[str, Counter[str]] = field(default_factory=dict)


def compare(
    old: Path,
    new: Path,
    *,
    mapping: LayoutKind | None = None,
    region: str = "",
    today: date,
    ask: Ask | None = None,
    out: Path | None = None,
    language: str = "id",
) -> Comparison:
    """Compare two lists and, with `out`, write a workbook of every difference.

    `ask` is asked only for rows that differ; without it the lists explain
    themselves as far as they can. Memory does not grow with the lists. FileRefused where one cannot be read.
    """
    with PairedLists() as pairs:
        kinds: list[LayoutKind] = []
        rejected = Counter[str]()
        for side, path in ((OLD, old), (NEW, new)):
            kinds.append(_read(pairs, side, path, mapping, region, today, rejected))
        pairs.pair(same_numbers=kinds[0].numbers_of == kinds[1].numbers_of)
        found = Comparison((kinds[0].name, kinds[1].name), rejected)
        found.counts.update(rows_old=pairs.rows(OLD), rows_new=pairs.rows(NEW))
        numbers_of = (kinds[OLD].numbers_of, kinds[NEW].numbers_of)
        _Differences(pairs, found, ask, numbers_of, language).tell()
        _count_families(pairs, found)
        if out is not None:
            _write(out, pairs, found, language)
    return found


def _read(
    pairs: PairedLists,
    side: int,
    path: Path,
    mapping: LayoutKind | None,
    region: str,
    today: date,
    rejected: Counter[str],
) -> LayoutKind:
    """Put the rows of a list, or of all lists in an archive, on one side; they have one layout."""
    kind: LayoutKind | None = None
    rules = RowRules(
        parameters.load().attributes,
        today=today,
        known=_is_region,
        scope=region,
        production=False,
        named=functools.partial(find_by_names, scope=region),
    )
    with unpacked(path) as lists:
        for one in lists:
            table, layout = open_records(one.path, mapping=mapping)
            with table:
                if kind is not None and layout.kind is not kind:
                    raise FileRefused(Refusal.of("archive-of-several-layouts", name=path.name))
                kind = layout.kind
                pairs.add(side, _rows(table.rows, layout, rules, rejected))
    assert kind is not None
    return kind


def _rows(
    rows: Iterable[tuple[int, tuple[str, ...]]], layout: Layout, rules: RowRules, rejected: Counter[str]
) -> Iterator[Listed]:
    for row in rows:
        found = rules.validate(layout.read(row))
        if found.rejected:
            rejected["rejected"] += 1
        else:
            yield listed(found)


@functools.cache
def _regions_of(kabupaten: str) -> frozenset[str]:
    return frozenset(region.code for region in read_regions(kabupaten))


def _is_region(code: str) -> bool:
    return code in _regions_of(code[:4])


class _Differences:
    """Counts and keeps every difference, some hundred persons at a time."""

    def __init__(
        self,
        pairs: PairedLists,
        found: Comparison,
        ask: Ask | None,
        numbers_of: tuple[str, str],
        language: str,
    ) -> None:
        self._pairs = pairs
        self._found = found
        self._ask = ask
        self._numbers_of = numbers_of
        self._known = parameters.load()
        self._language = language

    def tell(self) -> None:
        for part in _parts(self._pairs.alone(OLD)):
            self._pairs.tell("vanished", self._vanished(part))
        for part in _parts(self._pairs.alone(NEW)):
            self._pairs.tell("came", self._came([row for _, row in part]))
        changed = ((old, new) for old, new in self._counted(self._pairs.pairs()) if differences(old, new))
        for some in _parts(changed):
            self._pairs.tell("changed", self._changed(some))

    def _known_of(self, rows: Sequence[Listed], side: int) -> Sequence[KnownPerson | None]:
        return [None] * len(rows) if self._ask is None else self._ask(rows, self._numbers_of[side])

    def _counted(self, pairs: Iterable[tuple[Listed, Listed]]) -> Iterator[tuple[Listed, Listed]]:
        for pair in pairs:
            self._found.counts["same"] += 1
            yield pair

    def _vanished(self, part: Sequence[tuple[int, Listed]]) -> Iterator[list[object]]:
        for (number, row), known in zip(part, self._known_of([row for _, row in part], OLD), strict=True):
            why = explain_vanished(row, known, doubled=self._pairs.is_double(number, row))
            if why is None:
                self._count_in(row, "unexplained_vanished")
            yield [*self._person("vanished", row), *self._why("vanished", why), row.row]

    def _came(self, part: Sequence[Listed]) -> Iterator[list[object]]:
        for row, known in zip(part, self._known_of(part, NEW), strict=True):
            yield [*self._person("came", row), *self._why("came", explain_came(row, known)), row.row]

    def _changed(self, part: Sequence[tuple[Listed, Listed]]) -> Iterator[list[object]]:
        for (old, new), known in zip(part, self._known_of([new for _, new in part], NEW), strict=True):
            found = differences(old, new)
            person = self._person("changed", new)
            why = self._why("changed", explain_changed(new, found, known))
            for one in found:
                self._found.changed[one.attribute] += 1
                said = [self._said(one.attribute, value) for value in (one.before, one.after)]
                yield [*person, self._label(one.attribute), *said, *why, new.row]

    def _person(self, sheet: str, row: Listed) -> list[object]:
        self._found.counts[sheet] += 1
        self._count_in(row, sheet)
        village, kecamatan = _names(row.region)
        received = [self._label(name) for name, said in sorted(row.programmes.items()) if said == YES]
        return [
            row.region, village, kecamatan, row.no_kk, row.nik, row.name, row.birth_date, row.decile,
            ", ".join(received),
        ]  # fmt: skip

    def _why(self, sheet: str, why: Explanation | None) -> tuple[str, str]:
        event = why.event if why is not None else UNEXPLAINED
        self._found.why[sheet][event] += 1
        return self._known.word("list_event", event, self._language), why.detail if why else ""

    def _count_in(self, row: Listed, what: str) -> None:
        self._found.villages.setdefault(row.region, Counter())[what] += 1

    def _label(self, attribute: str) -> str:
        return self._known.attributes[attribute].label[self._language]

    def _said(self, attribute: str, value: object) -> str:
        if attribute in ("nik", "no_kk", "region_lived") or value is None:
            return str(value or "")
        return self._known.attributes.words(attribute, value, self._language)  # type: ignore[arg-type]


def _count_families(pairs: PairedLists, found: Comparison) -> None:
    """A family vanished, or came, when the other list has none of its members; what it receives is its first row's."""
    for side, all_of, alone, lost in (
        (OLD, "families_old", "families_vanished", "lost"),
        (NEW, "families_new", "families_came", "gained"),
    ):
        for family, mate in pairs.families(side):
            found.counts[all_of] += 1
            if mate is None:
                found.counts[alone] += 1
                found.villages.setdefault(family.region, Counter())[alone] += 1
            for name, said in family.programmes.items():
                if said != YES:
                    continue
                programme = found.programmes.setdefault(name, Counter(old=0, new=0, lost=0, gained=0))
                programme["old" if side == OLD else "new"] += 1
                # Where the other list says nothing of the programme, it is not known to have changed.
                if mate is None or mate.programmes.get(name, YES) != YES:
                    programme[lost] += 1


def _parts(rows: Iterator[T]) -> Iterator[list[T]]:
    while part := list(islice(rows, _ASKED_AT_ONCE)):
        yield part


@functools.lru_cache(maxsize=4_096)
def _names(code: str) -> tuple[str, str]:
    """The names of the village and the kecamatan of a code, as far as it has them."""
    names = {
        length: next((one.name for one in read_children(above) if one.code == code[:length]), "")
        for length, above in ((10, code[:6]), (6, code[:4]))
        if len(code) >= length
    }
    return names.get(10, ""), names.get(6, "")


def _write(out: Path, pairs: PairedLists, found: Comparison, language: str) -> None:
    words = functools.partial(parameters.load().word, language=language)

    def sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Sheet:
        return Sheet(
            words("list_sheet", name),
            [words("list_column", column) for column in columns],
            rows,
            widths=[_WIDTHS.get(column, 14) for column in columns],
            filtered=True,
        )

    half = out.with_name(f".{out.name}.half")
    try:
        write_workbook(
            half,
            [
                sheet("summary", ("what", "event", "count"), _summary(found, language)),
                *(sheet(name, _COLUMNS[name], pairs.told(name)) for name in SHEETS),
                sheet("villages", ("region", "village", "kecamatan", *_VILLAGE), village_rows(found)),
            ],
        )
        half.replace(out)
    except OSError as error:
        raise FileRefused(Refusal.of("file-not-writable", name=out.name)) from error
    finally:
        half.unlink(missing_ok=True)


def _summary(found: Comparison, language: str) -> Iterator[Sequence[object]]:
    known = parameters.load()
    for name in COUNTED:
        yield known.word("list_count", name, language), "", found.counts[name]
    for sheet, events in found.why.items():
        for event, count in events.most_common():
            yield known.word("list_sheet", sheet, language), known.word("list_event", event, language), count
    for attribute, count in sorted(found.changed.items()):
        yield (
            known.word("list_sheet", "changed", language),
            known.attributes[attribute].label[language],
            count,
        )
    for name, counts in sorted(found.programmes.items()):
        label = known.attributes[name].label[language]
        for which in ("lost", "gained"):
            yield f"{label}: {known.word('list_count', which, language)}", "", counts[which]


def village_rows(found: Comparison) -> Iterator[Sequence[object]]:
    """One row a village, those with the most unexplained first: code, names, and the counts."""
    ordered = sorted(found.villages.items(), key=lambda one: (-one[1]["unexplained_vanished"], one[0]))
    for region, counts in ordered:
        yield (region, *_names(region), *(counts[column] for column in _VILLAGE))
