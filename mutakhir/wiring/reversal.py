"""Reverses an import as a whole in one transaction, some thousands of subjects at a time; or says what stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mutakhir import parameters, wiring
from mutakhir.actions import reversal
from mutakhir.actions.facts import Withdrawal
from mutakhir.core.actors import Actor
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.queries.imports import Standing, standing_on, two_headed
from mutakhir.store import feed, sources
from mutakhir.wiring.collector import no_collector
from mutakhir.wiring.imports import ABSENT, WRITTEN, Progress, appears_again


class StandsOn(Refused):
    """A list cannot be reversed, and this stands on it."""

    def __init__(self, name: str, standing: tuple[Standing, ...]) -> None:
        super().__init__(Refusal.of("import-stood-on", file=name, count=sum(one.count for one in standing)))
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Reversed:
    """What became of a list: of how many subjects something was withdrawn, and the tasks closed and opened again."""

    source: int
    name: str
    subjects: int
    tasks_closed: int
    tasks_reopened: int


@wiring.by_the_node()
def reverse(
    number: int,
    *,
    reason: str,
    actor: Actor,
    clock: Callable[[], datetime],
    report: Callable[[Progress], None],
    only_look: bool = False,
) -> Reversed | None:
    """Withdraw everything that a list said; whoever it alone made known is nobody again, and the file may come again.

    All of it or nothing. Raises `StandsOn` where something stands on the list, `Refused` where the person may not.
    With `only_look` nothing is changed, and the answer is None if nothing stands in the way.
    """
    found = sources.find(number)
    if found is None or not actor.sees(found.region):
        raise Refused(Refusal.of("import-unknown", number=number))
    with sources.one_at_a_time(), no_collector(), transaction.atomic():
        found = sources.find(number, locked=True)
        assert found is not None
        if reasons := reversal.why_not(
            actor,
            region=found.region,
            reason=None if only_look else reason,
            is_reversed=found.is_reversed,
        ):
            raise Refused(*reasons)
        of = sources.stage_said(number)
        _refuse_what_stands(found, _seats())
        if only_look:
            return None
        now = clock()
        sources.leave_seats()
        subjects = done = 0
        for withdrawals in _withdrawals():
            subjects += reversal.withdraw(
                withdrawals, source=f"source:{number}", reason=reason, actor=actor, now=now,
                register=wiring.open_register(),
            )  # fmt: skip
            done += len(withdrawals)
            report(Progress(done, of, done))
        closed, opened = _tasks(found, now)
        sources.mark_reversed(number, actor=actor.login, reason=reason, now=now)
        # Somebody at a screen may have begun something meanwhile; from here on nobody does until this is in force.
        sources.hold_requests()
        _refuse_what_stands(found, ())
    feed.number_events()
    sources.settle(WRITTEN, rows_in=subjects)
    return Reversed(number, found.name, subjects, closed, opened)


def _refuse_what_stands(found: sources.TakenIn, seats: tuple[Standing, ...]) -> None:
    if standing := (*standing_on(found.number), *seats):
        raise StandsOn(found.name, standing)


def _withdrawals(*, seated: bool = False) -> Iterator[list[Withdrawal]]:
    for part in sources.said(seated=seated):
        yield [Withdrawal(subject, versions) for subject, versions in part]


def _seats() -> tuple[Standing, ...]:
    """The families that would have two heads: somebody else became their head meanwhile."""
    after: dict[int, int] = {}
    for withdrawals in _withdrawals(seated=True):
        after |= reversal.heads_afterwards(withdrawals, register=wiring.open_register(), terms=wiring.terms())
    counted = Counter(after.values())
    others = sources.other_heads(counted)
    clashing = {family for family, count in counted.items() if count > 1 or family in others}
    return two_headed(clashing) if clashing else ()


def _tasks(found: sources.TakenIn, now: datetime) -> tuple[int, int]:
    known = parameters.load()
    closed = sources.close_tasks_of(
        found.number, note=known.sentence("import-reversed", "id", file=found.name), now=now
    )
    opened = sources.reopen_tasks(ABSENT, appears_again(found.name, found.as_of))
    return closed, opened
