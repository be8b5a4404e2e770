"""Accounts and their roles, for administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from mutakhir.queries.places import Place, places
from mutakhir.store.models import Account, AccountDeed, RoleHeld

PAGE = 50


@dataclass(frozen=True, slots=True)
class RoleSeen:
    id: int
    role: str
    place: Place
    from_day: date
    until_day: date | None
    handed_over_to: str | None


@dataclass(frozen=True, slots=True)
class AccountSeen:
    id: int
    login: str
    name: str
    is_active: bool
    ended_at: datetime | None
    must_change_password: bool
    last_sign_in: datetime | None
    second_factor_since: datetime | None
    reviewed_at: datetime
    """When it was made or looked at last."""
    roles: tuple[RoleSeen, ...]


@dataclass(frozen=True, slots=True)
class DeedSeen:
    """Something that was done with an account. `about` is the role and region of a role."""

    at: datetime
    who: str
    deed: str
    about: tuple[str, Place] | None
    reason: str


def within(scopes: Iterable[str], field: str = "region") -> Q:
    """A condition for rows whose region lies in one of the scopes; no scope is nothing."""
    condition = Q(pk__in=[])
    for scope in scopes:
        condition |= Q(**{f"{field}__gte": scope, f"{field}__lt": scope + "~"})
    return condition


def names_of(logins: Iterable[str]) -> dict[str, str]:
    """The names of accounts; what has no account (the system, a resident) is absent."""
    return dict(Account.objects.filter(login__in=set(logins)).values_list("login", "name"))


def names_or_logins(logins: Iterable[str]) -> dict[str, str]:
    """The same, where a login without an account stands for itself."""
    wanted = set(logins)
    named = names_of(wanted)
    return {login: named.get(login) or login for login in wanted}


def accounts(
    scopes: Iterable[str],
    *,
    words: str = "",
    reviewed_before: datetime | None = None,
    after: str = "",
    limit: int = PAGE,
) -> list[AccountSeen]:
    """Accounts with a role in some scopes, in order of login, behind a login."""
    held = RoleHeld.objects.filter(within(scopes)).values("account")
    rows = Account.objects.filter(pk__in=held, login__gt=after).order_by("login")
    if reviewed_before is not None:
        rows = rows.filter(not_reviewed_since(reviewed_before))
    if words:
        rows = rows.filter(Q(login__icontains=words) | Q(name__icontains=words))
    return _seen(list(rows[:limit]))


def not_reviewed_since(instant: datetime) -> Q:
    """A condition for accounts that are open and were neither made nor looked at after an instant."""
    made = Q(reviewed_at__isnull=True, created_at__lte=instant)
    return Q(is_active=True) & (made | Q(reviewed_at__lte=instant))


def count_unreviewed(scopes: Iterable[str], *, before: datetime) -> int:
    held = RoleHeld.objects.filter(within(scopes)).values("account")
    return Account.objects.filter(not_reviewed_since(before), pk__in=held).count()


def deeds(number: int, *, limit: int = PAGE) -> list[DeedSeen]:
    """What was done with an account, the latest first."""
    rows = list(AccountDeed.objects.filter(account=number).order_by("-id")[:limit])
    told = [row.deed.split(":") for row in rows]
    named = places(parts[2] for parts in told if len(parts) == 3)
    who = names_or_logins(row.actor for row in rows)
    return [
        DeedSeen(
            row.at,
            who[row.actor],
            parts[0],
            (parts[1], named[parts[2]]) if len(parts) == 3 else None,
            row.reason,
        )
        for row, parts in zip(rows, told, strict=True)
    ]


def account(number: int) -> AccountSeen | None:
    found = _seen(list(Account.objects.filter(pk=number)))
    return found[0] if found else None


def _seen(rows: list[Account]) -> list[AccountSeen]:
    held = list(RoleHeld.objects.filter(account__in=rows).order_by("id"))
    named = places(one.region for one in held)
    by_account: dict[int, list[RoleSeen]] = {}
    for one in held:
        by_account.setdefault(one.account_id, []).append(
            RoleSeen(one.pk, one.role, named[one.region], one.from_day, one.until_day, one.handed_over_to)
        )
    return [
        AccountSeen(
            row.pk,
            row.login,
            row.name,
            row.is_active,
            row.ended_at,
            row.must_change_password,
            row.last_login,
            row.second_factor_since,
            row.reviewed_at or row.created_at,
            tuple(by_account.get(row.pk, ())),
        )
        for row in rows
    ]
