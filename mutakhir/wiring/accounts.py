"""Personal accounts: created, given roles, handed over and ended by an administrator of the same region."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from mutakhir import parameters, wiring
from mutakhir.core.actors import KEEPERS, LEVEL_DIGITS, REVIEWERS, SYSTEM, Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.points import parse_point
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.queries.accounts import not_reviewed_since
from mutakhir.store.models import Account, AccountDeed, RegionRow, RoleHeld, Task

KABUPATEN_DIGITS = LEVEL_DIGITS[Role.ADMINISTRATOR]
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}$")
WORDS = [
    "padi",
    "jagung",
    "kopi",
    "teh",
    "pisang",
    "salak",
    "durian",
    "mangga",
    "kelapa",
    "nanas",
    "bayam",
    "wortel",
    "cabai",
    "tomat",
    "kunyit",
    "jahe",
]


@dataclass(frozen=True, slots=True)
class NewAccount:
    login: str
    name: str
    role: str
    region: str


@dataclass(frozen=True, slots=True)
class Created:
    """The account with its first password, which is shown once and must be changed at the first sign-in."""

    id: int
    login: str
    password: str


def first_password() -> str:
    """Four words and a number: it is read aloud and typed once."""
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def create(command: NewAccount, *, actor: Actor, now: datetime) -> Created:
    """A personal account with one role. Raises `Refused` with every reason."""
    reasons = [*_why_not_manage(actor, command.region), *_why_not_role(command.role, command.region)]
    if not LOGIN.match(command.login):
        reasons.append(Refusal.of("login-form"))
    elif Account.objects.filter(login=command.login).exists():
        reasons.append(Refusal.of("login-taken", login=command.login))
    if len(command.name.strip()) < 3:
        reasons.append(Refusal.of("account-unnamed"))
    if reasons:
        raise Refused(*reasons)
    password = first_password()
    account = wiring.create_account(
        command.login,
        command.name.strip(),
        password,
        [(Role(command.role), command.region)],
        by=actor.login,
        now=now,
    )
    note(account, "created", by=actor.login, now=now)
    return Created(account.pk, account.login, password)


def end(number: int, *, successor: str = "", actor: Actor, now: datetime) -> Account:
    """End an account: its roles end today; with a successor, they go over to that person's account."""
    account = _to_review(number, actor=actor)
    heir = _heir(successor, actor) if successor else None
    if successor and (heir is None or heir.pk == account.pk):
        raise Refused(Refusal.of("successor-unknown", login=successor))
    for held in _open_roles(account):
        if heir is not None:
            _give(heir, held.role, held.region, today_in(held.region, now))
        held.until_day = max(today_in(held.region, now), held.from_day)
        held.handed_over_to = heir.login if heir else None
        held.save(update_fields=["until_day", "handed_over_to"])
    account.is_active = False
    account.ended_at = now
    account.save(update_fields=["is_active", "ended_at"])
    note(account, "ended", by=actor.login, now=now)
    sign_out(account)
    return account


def review(number: int, *, actor: Actor, now: datetime) -> Account:
    """Write down that an account is still needed as it is: its roles, its places, the person."""
    account = _to_review(number, actor=actor)
    account.reviewed_at = now
    account.save(update_fields=["reviewed_at"])
    note(account, "reviewed", by=actor.login, now=now)
    return account


def end_sessions(number: int, *, actor: Actor, now: datetime) -> Account:
    """Sign somebody out wherever they are signed in, for a telephone that is lost."""
    account = _to_review(number, actor=actor)
    sign_out(account)
    note(account, "signed_out", by=actor.login, now=now)
    return account


def _to_review(number: int, *, actor: Actor) -> Account:
    """An open account of somebody else."""
    account = find(number, actor=actor, roles=REVIEWERS)
    if account.ended_at is not None:
        raise Conflict(Refusal.of("account-ended"))
    if account.login == actor.login:
        raise Refused(Refusal.of("own-account"))
    return account


def _heir(login: str, actor: Actor) -> Account | None:
    """Who takes the roles over: somebody that the administrator looks after, and nobody of another region."""
    heir = Account.objects.filter(login=login, is_active=True).first()
    if heir is None or any(_why_not_manage(actor, held.region, REVIEWERS) for held in heir.roles.all()):
        return None
    return heir


def give_role(number: int, *, role: str, region: str, actor: Actor, now: datetime) -> Account:
    """One more role for an account."""
    account = find(number, actor=actor)
    reasons = [*_why_not_manage(actor, region), *_why_not_role(role, region)]
    if reasons:
        raise Refused(*reasons)
    _give(account, role, region, today_in(region, now))
    note(account, f"role_given:{role}:{region}", by=actor.login, now=now)
    return account


def end_role(held_number: int, *, actor: Actor, now: datetime) -> Account:
    held = RoleHeld.objects.select_related("account").filter(pk=held_number).first()
    if held is None or not held.region.startswith(actor.offices()):
        raise Refused(Refusal.of("not-found"))
    reasons = _why_not_manage(actor, held.region)
    if reasons:
        raise Refused(*reasons)
    held.until_day = max(today_in(held.region, now), held.from_day)
    held.save(update_fields=["until_day"])
    note(held.account, f"role_ended:{held.role}:{held.region}", by=actor.login, now=now)
    sign_out(held.account)
    return held.account


def new_password(number: int, *, actor: Actor, now: datetime) -> Created:
    """A new first password for somebody who forgot theirs; one's own is changed by who knows it."""
    account = find(number, actor=actor)
    if account.login == actor.login:
        raise Refused(Refusal.of("own-account"))
    password = first_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    note(account, "password_given", by=actor.login, now=now)
    return Created(account.pk, account.login, password)


REMINDER = "accounts-unreviewed"


def remind(*, now: datetime) -> None:
    """Keep one open task for the head of Dinsos in each kabupaten where accounts wait to be looked at, and close it after."""
    waiting = _unreviewed(now)
    for task in Task.objects.filter(rule=REMINDER, closed_at__isnull=True):
        count = waiting.pop(task.region, 0)
        if count:
            task.particulars = {"count": count}
        else:
            task.closed_at, task.closed_by = now, SYSTEM.login
        task.save(update_fields=["particulars", "closed_at", "closed_by"])
    for region, count in waiting.items():
        today = today_in(region, now)
        within = parameters.load().signing_in(today).review_within_days
        Task.objects.create(
            rule=REMINDER,
            region=region,
            owner=Role.HEAD_OF_DINSOS.value,
            since=now,
            due=today + timedelta(days=within),
            particulars={"count": count},
        )


def _unreviewed(now: datetime) -> Counter[str]:
    """How many accounts wait to be looked at, by kabupaten."""
    rules = parameters.load().signing_in(today_in("", now))
    held = RoleHeld.objects.filter(
        until_day__isnull=True, account__in=Account.objects.filter(not_reviewed_since(now - rules.review))
    ).values_list("region", "account")
    found = {(region[:KABUPATEN_DIGITS], account) for region, account in held}
    return Counter(region for region, _ in found if len(region) == KABUPATEN_DIGITS)


def sign_out(account: Account) -> None:
    """End every session of an account, wherever it is open."""
    Account.objects.filter(pk=account.pk).update(session_mark=F("session_mark") + 1)


def note(account: Account, deed: str, *, by: str, now: datetime, reason: str = "") -> None:
    """Write down what was done with an account."""
    AccountDeed.objects.create(account=account, at=now, actor=by, deed=deed, reason=reason)


def find(number: int, *, actor: Actor, roles: frozenset[Role] = KEEPERS) -> Account:
    """The account, if it holds or held a role within the region for which the actor has one of some roles."""
    account = Account.objects.filter(pk=number).first()
    offices = actor.offices(roles)
    if account is None or not any(held.region.startswith(offices) for held in account.roles.all()):
        raise Refused(Refusal.of("not-found"))
    reasons = [
        reason for held in account.roles.all() for reason in _why_not_manage(actor, held.region, roles)
    ]
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    return account


def number_of(login: str) -> int:
    """The number of an account by its login. Raises `Refused` where there is none."""
    found = Account.objects.filter(login=login).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(Refusal.of("account-unknown", login=login))
    return int(found)


def _give(account: Account, role: str, region: str, day: date) -> None:
    held = RoleHeld.objects.filter(account=account, role=role, region=region, until_day__isnull=True)
    if not held.exists():
        RoleHeld.objects.create(account=account, role=role, region=region, from_day=day)


def _open_roles(account: Account) -> list[RoleHeld]:
    return list(account.roles.filter(until_day__isnull=True))


def _why_not_manage(actor: Actor, region: str, roles: frozenset[Role] = KEEPERS) -> list[Refusal]:
    if actor.has(roles, region):
        return []
    return [Refusal.of("role-missing", roles=",".join(sorted(roles)))]


def _why_not_role(role: str, region: str) -> list[Refusal]:
    if role not in {one.value for one in LEVEL_DIGITS}:
        return [Refusal.of("role-unknown", role=role)]
    if len(region) != LEVEL_DIGITS[Role(role)]:
        return [Refusal.of("role-level", roles=role)]
    if region and not RegionRow.objects.filter(code=region).exists():
        return [Refusal.of("region-unknown-code", code=region)]
    return []


def set_home(point: str, region: str, *, actor: Actor) -> Account:
    """Say where somebody who visits houses sets out from: a point, and the village or kecamatan.

    Either may be empty. Raises `Refused` for a point outside Indonesia and for a region that is in no list.
    """
    reasons = []
    plain = point.replace(" ", "")
    if plain and parse_point(plain) is None:
        reasons.append(Refusal.of("point-unreadable", attribute="point", value=point))
    if region and not RegionRow.objects.filter(code=region).exists():
        reasons.append(Refusal.of("village-unknown", to=region))
    if reasons:
        raise Refused(*reasons)
    account = Account.objects.get(login=actor.login)
    account.home_point, account.home_region = plain or None, region or None
    account.save(update_fields=["home_point", "home_region"])
    return account
