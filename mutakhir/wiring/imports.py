"""Takes in a list of persons: reads the file, hands its rows over in batches, and writes down what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from mutakhir import parameters, wiring
from mutakhir.actions import imports, window
from mutakhir.actions.imports import Order, Taken
from mutakhir.core import regions
from mutakhir.core.actors import LEVEL_DIGITS, Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.rules.intake import Entry
from mutakhir.gateways.blobs import BlobTooLarge, Stored
from mutakhir.gateways.files import Packed, RejectedRow, rejects_path, unpacked, write_rejects
from mutakhir.gateways.layouts import Layout, open_records, read_mapping
from mutakhir.gateways.row_batches import Listed, ReadingStopped, RowBatch, read_batches
from mutakhir.store import feed, sources
from mutakhir.store.models import Incident
from mutakhir.wiring.collector import no_collector

BATCH_ROWS = 20_000
"""Rows of one transaction."""
LOOKED_AT = 2_000
"""Requests in one transaction that are compared after a list was taken in."""
FILE_BYTES = 4 << 30
TRIES = 5
"""How often a batch begins anew because somebody at a screen was faster with one of its people."""
WRITTEN = (
    "event",
    "event_body",
    "person_now",
    "family_now",
    "dwelling_now",
    "membership_open",
    "identifier",
    "name_now",
)
ABSENT = "absent-from-full-list"
COUNTED = ("rows", "in", "rejected", "warnings", "again")


@dataclass(frozen=True, slots=True)
class List:
    """A file to be taken in: whose word it is, the day it speaks of, and for which region.

    `full_region` says that the file holds everybody of that region; only then does being absent mean anything. A
    `mapping` describes the columns of a file whose layout this program does not know.
    """

    path: Path
    authority: str
    as_of: date
    region: str | None = None
    full_region: str | None = None
    mapping: Path | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: the rows that are done, of all, and those that this run did itself."""

    rows: int
    of: int
    anew: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file, or of all lists in an archive together. `rows = in + rejected + again`; `warnings` are
    the rows with at least one. `sources` are the numbers under which the lists are known, by name.
    """

    counts: dict[str, int]
    sources: dict[str, int]
    layouts: tuple[str, ...]
    unused: tuple[str, ...]
    rejects: tuple[Path, ...]
    tasks: int

    @property
    def source(self) -> int:
        """The number of the first list; most files are one."""
        return next(iter(self.sources.values()))


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list that was read to its end: its layout and the number of its rows."""

    packed: Packed
    layout: Layout
    rows: int


@wiring.by_the_node()
def import_registry(
    told: List, *, actor: Actor, clock: Callable[[], datetime], report: Callable[[Progress], None]
) -> Imported:
    """Take in a list of persons in a layout that is known, or that a mapping describes; or an archive of such lists.

    Every list is read to its end before anything is written, so that a damaged one changes nothing. Batches that are in
    are not taken in again: their rows count as `again`, those that were rejected as rejected, and the file beside the
    list names all of them. Raises `Refused` with every reason why the list or the person may not.
    """
    region, full_region = _regions(told, actor)
    if reasons := imports.why_not(
        actor,
        region=region,
        authority=told.authority,
        as_of=told.as_of,
        full_region=full_region,
        now=clock(),
    ):
        raise Refused(*reasons)
    with unpacked(told.path) as lists:
        read = [_read_through(one, region, told.mapping) for one in lists]
        mapping = _keep(told.mapping) if told.mapping else None
        done = Imported(Counter(), {}, (), (), (), 0)
        persons: set[int] = set()
        with sources.one_at_a_time():
            for place, listed in enumerate(read):
                total = _Total(done.counts["rows"], sum(one.rows for one in read), report)
                run = _begin(
                    told, listed, mapping=mapping, region=region, full_region=full_region,
                    actor=actor, clock=clock, report=total.report, persons=persons,
                )  # fmt: skip
                beside = told.path.with_name(listed.packed.name)
                with no_collector():
                    rejects = _write_rejects(rejects_path(beside), run, headers=listed.layout.headers)
                tasks = run.finish(told.path.name, is_last=place == len(read) - 1)
                done = Imported(
                    Counter(done.counts) + run.counts,
                    {**done.sources, listed.packed.name: run.order.source},
                    tuple(dict.fromkeys((*done.layouts, run.label))),
                    tuple(dict.fromkeys((*done.unused, *listed.layout.unused))),
                    (*done.rejects, *([rejects] if rejects else [])),
                    done.tasks + tasks,
                )
    return replace(done, counts={name: done.counts[name] for name in COUNTED})


def _begin(
    told: List,
    listed: _Listed,
    *,
    mapping: Stored | None,
    region: str,
    full_region: str | None,
    actor: Actor,
    clock: Callable[[], datetime],
    report: Callable[[Progress], None],
    persons: set[int],
) -> _Run:
    kept = _keep(listed.packed.path)
    # Under another mapping the same file says other things.
    label = listed.layout.name if mapping is None else f"{listed.layout.name}@{mapping.digest[:12]}"
    known = sources.begin(
        digest=kept.digest,
        authority=told.authority,
        as_of=told.as_of,
        name=listed.packed.name,
        layout=label,
        region=region,
        full_region=full_region,
        actor=actor.login,
        now=clock(),
    )
    order = Order(known.number, listed.layout.kind.numbers_of, told.authority, told.as_of, region)
    path = wiring.blobs().path(kept.digest)
    mapped = wiring.blobs().path(mapping.digest) if mapping else None
    return _Run(
        order, label, known, path, mapped, actor, clock, report, listed.rows, full_region,
        missed=sources.subjects_of_tasks(ABSENT, region),
        appears=appears_again(listed.packed.name, told.as_of),
        persons=persons,
    )  # fmt: skip


def appears_again(name: str, as_of: date) -> str:
    """The words with which a list closes the task about somebody whom an earlier one did not hold."""
    return parameters.load().sentence("appears-again", "id", file=name, day=as_of.isoformat())


@dataclass(frozen=True, slots=True)
class _Total:
    """Reports how far one list has come as how far all of them have."""

    before: int
    of: int
    to: Callable[[Progress], None]

    def report(self, progress: Progress) -> None:
        self.to(Progress(self.before + progress.rows, self.of, progress.anew))


def _regions(told: List, actor: Actor) -> tuple[str, str | None]:
    """The region being filled, and the one of which the list holds everybody."""
    found: list[str | None] = []
    for raw in (told.region, told.full_region):
        code = regions.parse_code(raw) if raw else None
        if raw and code is None:
            raise Refused(Refusal.of("region-code-unreadable", attribute="region_lived", value=raw))
        found.append(code)
    region, full_region = found
    if region is None:
        scopes = actor.scopes()
        region = full_region or (scopes[0] if len(scopes) == 1 else "")
    return region, full_region


def _keep(path: Path) -> Stored:
    try:
        with path.open("rb") as stream:
            return wiring.blobs().put(stream, limit_bytes=FILE_BYTES)
    except BlobTooLarge as large:
        raise Refused(Refusal.of("file-too-large", maximum_mib=large.limit_bytes >> 20)) from large


def _read_through(packed: Packed, region: str, mapping: Path | None) -> _Listed:
    """The layout of a file and the number of its rows; FileRefused wherever the file is damaged."""
    table, layout = open_records(packed.path, mapping=read_mapping(mapping) if mapping else None)
    with table:
        if layout.needs_region and not region:
            raise Refused(Refusal.of("list-needs-region", layout=layout.kind.title["id"]))
        rows = sum(1 for _ in table.rows)
    return _Listed(packed, layout, rows)


def _write_rejects(path: Path, run: _Run, *, headers: tuple[str, ...]) -> Path | None:
    """Write the rejects while the batches go in: whoever writes them asks for the next one, and so drives the run."""
    half = path.with_name(f".{path.name}.half")
    try:
        found = write_rejects(half, run.rejects(), headers=headers, say=parameters.load().say)
        if not found:
            path.unlink(missing_ok=True)
            return None
        half.replace(path)
        return path
    finally:
        half.unlink(missing_ok=True)


@dataclass(slots=True)
class _Run:
    order: Order
    label: str
    known: sources.Known
    path: Path
    mapping: Path | None
    actor: Actor
    clock: Callable[[], datetime]
    report: Callable[[Progress], None]
    rows: int
    full_region: str | None
    missed: frozenset[int]
    appears: str
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTED, 0)))
    persons: set[int] = field(default_factory=set)
    anew: int = 0

    def rejects(self) -> Iterator[RejectedRow]:
        """Take in every batch; yield each row that is not taken in, of the batches of earlier runs too."""
        listed = Listed(
            path=str(self.path),
            region=self.order.region,
            as_of=self.order.as_of,
            today=today_in(self.order.region, self.clock()),
            production=not settings.TRAINING,
            batch_rows=BATCH_ROWS,
            mapping=str(self.mapping) if self.mapping else None,
        )
        with closing(self._batches(listed)) as batches:
            for number, batch in enumerate(batches):
                self._take(number, batch.entries)
                self.report(Progress(self.counts["rows"], self.rows, self.anew))
                for entry in batch.entries:
                    row = entry.row
                    if row.rejected:
                        yield RejectedRow(row.row_number, batch.cells[row.row_number], row.rejected)

    def _batches(self, listed: Listed) -> Generator[RowBatch]:
        try:
            yield from read_batches(listed, rows=self.rows)
        except ReadingStopped as stopped:
            incident = Incident.objects.create(
                at=self.clock(), path="mutakhir import", trace=f"{stopped}\n{stopped.trace}"[-20_000:]
            )
            raise Refused(Refusal.of("reading-stopped", incident=incident.pk)) from stopped

    def _take(self, number: int, entries: list[Entry]) -> None:
        done = self.known.done.get(number)
        if done is not None:
            rejected = sum(1 for entry in entries if entry.row.rejected)
            self.counts.update(
                rows=len(entries),
                rejected=rejected,
                warnings=done["warnings"],
                again=len(entries) - rejected,
            )
            if self.full_region is not None:
                with transaction.atomic():
                    register = wiring.open_register()
                    self.persons |= imports.locate_batch(
                        entries, order=self.order, register=register, terms=wiring.terms()
                    )
            return
        taken = self._state(number, entries)
        self.counts.update(taken.counts)
        self.anew += len(entries)
        if self.full_region is not None:
            self.persons |= taken.persons

    def _state(self, number: int, entries: list[Entry]) -> Taken:
        for tried in range(1, TRIES + 1):
            try:
                return self._state_once(number, entries)
            except (Conflict, IntegrityError):
                if tried == TRIES:
                    raise
        raise AssertionError("unreachable")

    def _state_once(self, number: int, entries: list[Entry]) -> Taken:
        now = self.clock()
        with transaction.atomic():
            taken = imports.take_batch(
                entries,
                order=self.order,
                actor=self.actor,
                now=now,
                register=wiring.open_register(),
                terms=wiring.terms(),
            )
            works = [_work(one.rule, one.subject, one.region, one.particulars) for one in taken.tasks]
            self._open(works, limit="nik_of_another", now=now)
            if found := taken.persons & self.missed:
                sources.close_tasks(ABSENT, found, since=self.order.as_of, note=self.appears, now=now)
            sources.mark_batch(self.order.source, number, counts=taken.counts, now=now)
        return taken

    def _open(self, works: list[sources.Work], *, limit: str, now: datetime) -> int:
        today = today_in(self.order.region, now)
        due = wiring.terms().deadlines.due(limit, today)
        return sources.open_tasks(works, source=self.order.source, now=now, due=due or today)

    def finish(self, name: str, *, is_last: bool) -> int:
        """Write down that the file is in, and open a task for everybody whom a list of everybody does not hold."""
        now = self.clock()
        tasks = 0
        with transaction.atomic():
            if self.full_region is not None and is_last:
                particulars: Mapping[str, str | int] = {"file": name, "day": self.order.as_of.isoformat()}
                absent = [
                    _work(ABSENT, person, region, particulars)
                    for person, region in sources.registered_in(self.full_region)
                    if person not in self.persons and not self.order.is_own(person)
                ]
                tasks = self._open(absent, limit="absent_from_full_list", now=now)
            sources.finish(self.order.source, counts=self.counts, now=now)
        self._look_after(now)
        feed.number_events()
        sources.settle(WRITTEN, rows_in=self.counts["in"])
        return tasks

    def _look_after(self, now: datetime) -> None:
        """Requests that have come true by what the list said are settled, wherever they wait before the frozen list."""
        after = 0
        while True:
            after = wiring.perform(
                window.look_after, region=self.order.region, now=now, after=after, limit=LOOKED_AT
            ).last
            if after == 0:
                return


def _work(rule: str, subject: int, region: str, particulars: Mapping[str, str | int]) -> sources.Work:
    """A task for the village; of somebody whose village is not known, for the kabupaten."""
    owner = Role.VILLAGE_OPERATOR if len(region) == LEVEL_DIGITS[Role.VILLAGE_OPERATOR] else Role.SUPERVISOR
    return sources.Work(rule, subject, region, owner.value, particulars)
