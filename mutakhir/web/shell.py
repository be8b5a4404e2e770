"""The frame of every page: who is signed in, for which place, and where they can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_noop

from mutakhir import wiring
from mutakhir.core.actors import Actor, Role
from mutakhir.queries.places import place
from mutakhir.queries.session import session_turns
from mutakhir.queries.turns import count_turns
from mutakhir.web.desk import home_region
from mutakhir.web.doors import digest_of
from mutakhir.web.refusals import language
from mutakhir.web.values import NavEntry, Shell

ENTRIES = {
    "work": (gettext_noop("Pekerjaan"), "home"),
    "record": (gettext_noop("Catat"), "plus"),
    "reserve": (gettext_noop("Cadangan"), "archive"),
    "people": (gettext_noop("Keluarga"), "users"),
    "sessions": (gettext_noop("Musyawarah"), "users-group"),
    "batches": (gettext_noop("Kumpulan"), "stack-2"),
    "windows": (gettext_noop("Jadwal"), "calendar-event"),
    "visits": (gettext_noop("Kunjungan"), "map-pin"),
    "accounts": (gettext_noop("Akun"), "user-cog"),
    "regions": (gettext_noop("Wilayah"), "map-pin"),
    "readings": (gettext_noop("Jejak"), "list-search"),
    "more": (gettext_noop("Lainnya"), "dots"),
}
VILLAGE = (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)
BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.VILLAGE_OPERATOR: ("work", "record", "reserve", "people", "more"),
    Role.VILLAGE_HEAD: ("work", "sessions", "reserve", "more"),
    Role.DATA_FILLER: ("work", "record", "batches", "people", "more"),
    Role.VERIFIER: ("work", "batches", "people", "more"),
    Role.SUPERVISOR: ("work", "batches", "windows", "people", "more"),
    Role.HEAD_OF_DINSOS: ("work", "batches", "accounts", "more"),
    Role.BUPATI_OFFICE: ("work", "batches", "more"),
    Role.CENTRE: ("work", "windows", "batches", "more"),
    Role.ADMINISTRATOR: ("accounts", "regions", "readings", "more"),
    Role.CAMAT: ("work", "people", "more"),
    Role.FIELD_CHECKER: ("work", "visits", "people", "more"),
    Role.PROVINCE: ("work", "windows", "people", "more"),
    Role.AUDITOR: ("people", "readings", "more"),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame, worked out only where a template asks for it: a fragment has none."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> Shell:
    actor = getattr(request, "actor", None)
    tongue = language()
    other = "en" if tongue == "id" else "id"
    switch = f"{reverse('language')}?ke={other}&kembali={request.path}"
    if actor is None or not actor.held:
        return Shell(language=tongue, language_url=switch, density="lega")
    first = actor.held[0].role
    region = home_region(actor)
    names = BY_ROLE.get(first, ("work", "more"))
    turns = _count_turns(request, actor) if "work" in names else 0
    nav = tuple(
        NavEntry(
            name=name,
            label=gettext(ENTRIES[name][0]),
            icon=ENTRIES[name][1],
            url=reverse(name),
            current=_is_current(request.path, reverse(name)),
            badge=turns if name == "work" else 0,
            primary=name == "record",
        )
        for name in names
    )
    return Shell(
        place=_place(region, first),
        user_name=actor.name,
        user_key=digest_of(f"account:{request.user.pk}")[:24],
        nav=nav,
        search_url=reverse("search") if "people" in names else "",
        account_url=reverse("account"),
        home_url=nav[0].url,
        language=tongue,
        language_url=switch,
        density="biasa" if len(region) == 10 else "padat",
    )


def _count_turns(request: HttpRequest, actor: Actor) -> int:
    """As many as the home page lists, which has counted them already: requests, lists, tasks, meetings of a village."""
    counted = getattr(request, "waiting", None)
    if counted is not None:
        return int(counted)
    now = request.now  # type: ignore[attr-defined]
    found = wiring.ask(count_turns, actor, now=now, deadlines=wiring.terms().deadlines)
    if any(held.role in VILLAGE for held in actor.held):
        found += len(wiring.ask(session_turns, actor, now=now, deadlines=wiring.terms().deadlines))
    return found


def _place(region: str, role: Role) -> str:
    if len(region) == 4 and role in (Role.VERIFIER, Role.SUPERVISOR, Role.HEAD_OF_DINSOS, Role.DATA_FILLER):
        return f"Dinsos {place(region).kabupaten}"
    return "Kementerian Sosial" if role is Role.CENTRE else place(region).shown


def _is_current(path: str, address: str) -> bool:
    return path == address if address == "/" else path.startswith(address)
