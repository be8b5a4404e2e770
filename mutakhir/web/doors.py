"""Doors that anybody may knock at: tries are counted by a keyed digest of who tries, and after too many it stays shut."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from mutakhir.store.models import Attempt


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody at a door, as a digest, and how many tries they have within a while.

    `forgiven` says that whoever comes in has shown that the earlier tries were theirs: they are forgotten.
    """

    who: str
    tries: int
    forgiven: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """A door with the while after which a try is forgotten. Tries are counted in the database, for all processes."""

    name: str
    within: timedelta

    def knock(self, knocks: Sequence[Knock], *, now: datetime) -> datetime | None:
        """Count a try before it is looked at. Until when the door stays shut, None where it may be tried.

        Counted first, and one after the other, so that many tries at once are not more than are allowed.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                for who in sorted(knock.who for knock in knocks):
                    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [who])
            until = self._shut_until(knocks, now=now)
            if until is None:
                self._of(knocks).filter(at__lte=now - self.within).delete()
                Attempt.objects.bulk_create(
                    Attempt(door=self.name, who=knock.who, at=now) for knock in knocks
                )
        return until

    def opened(self, knocks: Sequence[Knock], *, now: datetime) -> None:
        """It was the right key: this try does not count."""
        self._of(knocks).filter(at=now).delete()
        self._of([knock for knock in knocks if knock.forgiven]).delete()

    def _shut_until(self, knocks: Sequence[Knock], *, now: datetime) -> datetime | None:
        until = None
        for knock in knocks:
            recent = self._of([knock]).filter(at__gt=now - self.within)
            last = recent.order_by("-at").values_list("at", flat=True)[knock.tries - 1 : knock.tries]
            # The try that uses up what is allowed is the one whose age decides.
            for at in last:
                until = max(until or now, at + self.within)
        return until

    def _of(self, knocks: Sequence[Knock]) -> QuerySet[Attempt]:
        return Attempt.objects.filter(door=self.name, who__in=[knock.who for knock in knocks])


def digest_of(text: str) -> str:
    """A mark from which nobody without the site's secret can tell what it stands for."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def address_of(request: HttpRequest) -> str:
    """Who asks: the address at the other end, or behind a proxy of our own the last one that it names."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if address in settings.PROXIES:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return address
