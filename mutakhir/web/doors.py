"""Doors that anybody may knock at: tries are counted by a keyed digest of who tries, and after too many it stays shut."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from mutakhir.store.models import Attempt


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody at a door, as a digest, and how many tries they have within a while."""

    who: str
    tries: int


@dataclass(frozen=True, slots=True)
class Door:
    """A door with the while after which a try is forgotten."""

    name: str
    within: timedelta

    def locked_until(self, knocks: Sequence[Knock], *, now: datetime) -> datetime | None:
        """When the next try is possible, None if one is possible now."""
        until = None
        for knock in knocks:
            recent = Attempt.objects.filter(door=self.name, who=knock.who, at__gt=now - self.within)
            last = recent.order_by("-at").values_list("at", flat=True)[knock.tries - 1 : knock.tries]
            # The try that uses up what is allowed is the one whose age decides.
            for at in last:
                until = max(until or now, at + self.within)
        return until

    def count(self, knocks: Sequence[Knock], *, now: datetime) -> None:
        """Remember a try that did not open the door, and forget those that no longer count."""
        Attempt.objects.filter(
            door=self.name, who__in=[knock.who for knock in knocks], at__lte=now - self.within
        ).delete()
        Attempt.objects.bulk_create(Attempt(door=self.name, who=knock.who, at=now) for knock in knocks)


def digest_of(text: str) -> str:
    """A mark from which nobody without the site's secret can tell what it stands for."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
