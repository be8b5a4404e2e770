"""Binds the ports to their adapters, and carries out one action in one transaction."""

from __future__ import annotations

import functools
import inspect
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from mutakhir import parameters
from mutakhir.core.actors import Actor, Held, Reach, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.deadlines import DatedDeadlines
from mutakhir.core.tasks import NewTask
from mutakhir.core.terms import Terms
from mutakhir.gateways import holidays
from mutakhir.gateways.blobs import Blobs
from mutakhir.queries import places
from mutakhir.store import access, looks, readings, sources
from mutakhir.store.models import Account, RoleHeld, Submitted
from mutakhir.store.register import PostgresRegister

R = TypeVar("R")


def clock() -> datetime:
    """The instant of now; the only clock that edges ask."""
    return datetime.now(UTC)


@functools.cache
def terms() -> Terms:
    found = parameters.load()
    return Terms(
        attributes=found.attributes,
        deadlines=DatedDeadlines(found.limits, holidays.working_days()),
        reasons={name: frozenset(codes) for name, codes in found.reasons.items()},
        ending=frozenset(
            code for code, one in found.reasons["not_eligible"].items() if one.ends_registration
        ),
        training=settings.TRAINING,
    )


def open_register() -> PostgresRegister:
    """A register for the transaction that is open now."""
    return PostgresRegister(authorities=terms().attributes.authorities, deadlines=terms().deadlines)


@functools.cache
def blobs() -> Blobs:
    return Blobs(settings.DATA / "blobs")


_reach: ContextVar[Reach] = ContextVar("whose reach questions and deeds have", default=access.NOTHING)


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Whatever is asked in the block sees what this actor may see; who sets nothing sees nothing.

    Every edge says it once: the pages for each request, a command for who typed it, the worker for the system.
    """
    mark = _reach.set(who.reach)
    try:
        yield
    finally:
        _reach.reset(mark)


_by_the_node: ContextVar[bool] = ContextVar("whether deeds are the node's own", default=False)


@contextmanager
def by_the_node() -> Iterator[None]:
    """Deeds of the block are the node's own: they take no role, so that no policy holds and thousands of rows are copied.

    For the worker and for lists taken in at the terminal, whose login owns the tables. The pages' login owns nothing: there
    the database refuses whatever is tried in here.
    """
    mark = _by_the_node.set(True)
    try:
        yield
    finally:
        _by_the_node.reset(mark)


class AlreadyDone(Exception):
    """The same form was sent twice; `answer` is what it was answered the first time."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("already done")
        self.answer = answer


def perform(
    action: Callable[..., R],
    *arguments: Any,
    actor: Actor | None = None,
    now: datetime,
    form: UUID | None = None,
    **told: Any,
) -> R:
    """Carry out one action in one transaction, with the reach of its actor, or of whoever is acting, and open the tasks
    that its result names.

    The tasks that its result names are opened with it. `form` is the number that the browser made for a form: sent
    again, it raises `AlreadyDone` with the first answer and changes nothing. Raises what the action raises; nothing is
    left half done then.
    """
    wanted = inspect.signature(action).parameters
    with writing(actor):
        if form is not None:
            _begin_form(form, action, actor, now)
        offered = {"register": open_register(), "terms": terms(), "now": now, "actor": actor}
        result = action(*arguments, **{name: offered[name] for name in offered if name in wanted}, **told)
        _open_tasks([one for one in getattr(result, "tasks", ()) if isinstance(one, NewTask)], now)
        if form is not None:
            Submitted.objects.filter(form=form).update(answer=_summary(result))
        return result


def _open_tasks(tasks: Sequence[NewTask], now: datetime) -> None:
    for task in tasks:
        today = today_in(task.region, now)
        due = terms().deadlines.due(task.limit, today) or today
        work = sources.Work(
            task.rule, task.subject, task.region, task.owner.value, task.particulars, task.caused_by
        )
        sources.open_tasks([work], source=None, now=now, due=due)


def _begin_form(form: UUID, action: Callable[..., Any], actor: Actor | None, now: datetime) -> None:
    row, created = Submitted.objects.get_or_create(
        form=form,
        defaults={"actor": actor.login if actor else "", "action": action.__name__, "answer": {}, "at": now},
    )
    if not created:
        raise AlreadyDone(row.answer if row.actor == (actor.login if actor else "") else {})


def _summary(result: Any) -> dict[str, Any]:
    number = getattr(result, "id", None) or getattr(result, "number", None)
    return {"id": number} if isinstance(number, int) else {}


class GivenUp(Exception):
    """Why the transaction of a look is rolled back."""


class Look:
    """One look at the database for everything that a page asks: begun by its first question."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._lines: list[Callable[[], None]] = []
        self.is_open = False

    def begin(self) -> None:
        if not self.is_open:
            self._open.enter_context(access.taken(access.READ, _reach.get()))
            self.is_open = True

    def end(self) -> None:
        """Commit; what is asked afterwards begins a look of its own."""
        self.is_open = False
        self._lines.clear()
        looks.forget()
        self._open.close()

    def log(self, line: Callable[[], None]) -> None:
        """Write a line of the log of reading, which stands with the look."""
        line()
        if self.is_open:
            self._lines.append(line)

    def begin_anew(self) -> None:
        """End it after a question failed whose error is its answer: what was read before is shown, and stays logged."""
        lines = list(self._lines)
        self.give_up()
        for line in lines:
            line()

    def give_up(self) -> None:
        """End it after something went wrong: nothing of it is shown, and nothing of it is kept."""
        if self.is_open:
            self.is_open = False
            self._lines.clear()
            looks.forget()
            error = GivenUp()
            self._open.__exit__(GivenUp, error, None)


_look: ContextVar[Look | None] = ContextVar("the look that questions share", default=None)


@contextmanager
def one_look() -> Iterator[Look]:
    """Questions of the block share one transaction, and what was read in it is logged in it too.

    For a page that only shows: to begin and end a transaction for each question costs more than most questions. A deed
    inside the block ends the look first and has a transaction of its own.
    """
    look = Look()
    mark = _look.set(look)
    try:
        with looks.remembering():
            yield look
            look.end()
    finally:
        _look.reset(mark)
        look.give_up()


def look_anew() -> None:
    """Something went wrong on the page: what is asked now begins anew."""
    if (look := _look.get()) is not None:
        look.give_up()


@contextmanager
def writing(actor: Actor | None = None) -> Iterator[None]:
    """A transaction of deeds, with the reach of an actor, or of whoever is acting."""
    if (look := _look.get()) is not None:
        look.end()
    if _by_the_node.get():
        with transaction.atomic():
            yield
        return
    with access.taken(access.WRITE, _reach.get() if actor is None else actor.reach):
        yield


@contextmanager
def reading() -> Iterator[None]:
    """Questions see one state of the database, as far as whoever is acting may, and cannot change it."""
    places.age(monotonic())
    if (look := _look.get()) is None:
        with access.taken(access.READ, _reach.get(), read_only=True):
            yield
        return
    look.begin()
    yield
    if access.is_broken():
        # A question that takes an error for an answer leaves nothing in which the next one could be asked.
        look.begin_anew()


def ask(question: Callable[..., R], *arguments: Any, **told: Any) -> R:
    """Ask one question inside a read-only transaction."""
    with reading():
        return question(*arguments, **told)


def ask_by_ticket(question: Callable[..., R], *arguments: Any, request: int | None = None, **told: Any) -> R:
    """Ask a question for somebody who shows a ticket: they see that one request, and before it is known, none."""
    with access.taken(access.TICKET, access.NOTHING, read_only=True, request=request):
        return question(*arguments, **told)


def resident_of(region: str) -> Actor:
    """A resident without an account: nobody knows who, only that it is about this region."""
    return Actor("resident", "", (Held(Role.APPLICANT, region),))


SUBJECTS_AT_MOST = 200
"""Whoever reads more than this reads a list, and its region is what is written down."""


def log_reading(
    actor: Actor,
    *,
    purpose: str,
    path: str,
    region: str,
    subject: int | None = None,
    subjects: Iterable[int] | None = None,
    now: datetime,
) -> None:
    """Write down who reads whose data, as what and for what, before the answer leaves.

    `subjects` are the numbers of the persons, families and requests that are shown, perhaps of nobody; where neither
    they nor one `subject` are told, a whole list of the region is.
    """
    shown = None if subjects is None and subject is None else sorted({*(subjects or ()), *_one(subject)})
    if shown is not None and len(shown) > SUBJECTS_AT_MOST:
        shown = None
    office = _office(actor, region)
    line = functools.partial(
        readings.write,
        at=now,
        actor=actor.login,
        purpose=purpose,
        path=path,
        subjects=shown,
        region=region,
        role=office.role.value if office else "",
        office=office.region if office else "",
    )
    if (look := _look.get()) is None:
        line()
    else:
        look.log(line)


def _one(subject: int | None) -> tuple[int, ...]:
    return () if subject is None else (subject,)


def _office(actor: Actor, region: str) -> Held | None:
    """As what somebody reads: the narrowest role that reaches the region, else the first one that they hold."""
    reaching = [held for held in actor.held if held.reaches(region)] or list(actor.held)
    return max(reaching, key=lambda held: len(held.region), default=None)


def actor_of(account: Account, *, now: datetime) -> Actor:
    """An account with the roles that it holds today."""
    held = [
        Held(Role(row.role), row.region)
        for row in (account.roles.order_by("id") if account.roles_read is None else account.roles_read)
        if row.from_day <= today_in(row.region, now)
        and (row.until_day is None or today_in(row.region, now) < row.until_day)
    ]
    return Actor(account.login, account.name, tuple(held) if account.is_active else ())


def account_by_number(number: int) -> Account | None:
    """An account together with its roles, in one plain query: every page asks it."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNT, [number])
        rows = cursor.fetchall()
    if not rows:
        return None
    account = Account.from_db(None, ACCOUNT_COLUMNS, rows[0][: len(ACCOUNT_COLUMNS)])
    held = (row[len(ACCOUNT_COLUMNS) :] for row in rows)
    account.roles_read = [RoleHeld.from_db(None, ROLE_COLUMNS, row) for row in held if row[0] is not None]
    return account


def _columns(model: type[Account | RoleHeld]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


ACCOUNT_COLUMNS, ROLE_COLUMNS = _columns(Account), _columns(RoleHeld)
ACCOUNT = (
    f"SELECT {', '.join(f'a.{name}' for name in ACCOUNT_COLUMNS)}, {', '.join(f'h.{name}' for name in ROLE_COLUMNS)} "  # noqa: S608
    "FROM account a LEFT JOIN role_held h ON h.account_id = a.id WHERE a.id = %s ORDER BY h.id"
)


def find_actor(login: str, *, now: datetime) -> Actor | None:
    account = Account.objects.filter(login=login).first()
    return actor_of(account, now=now) if account else None


def create_account(
    login: str,
    name: str,
    password: str,
    roles: Sequence[tuple[Role, str]],
    *,
    by: str,
    now: datetime,
    must_change: bool = True,
) -> Account:
    account = Account(login=login, name=name, created_at=now, created_by=by, must_change_password=must_change)
    account.set_password(password)
    with transaction.atomic():
        account.save()
        RoleHeld.objects.bulk_create(
            RoleHeld(account=account, role=role.value, region=region, from_day=today_in(region, now))
            for role, region in roles
        )
    return account


def randomness(count: int = 16) -> bytes:
    return secrets.token_bytes(count)
