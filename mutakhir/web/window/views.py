"""The calendar: what is open, what comes, and a new window or call with its effect before it exists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions import window as actions
from mutakhir.core.actors import Role
from mutakhir.core.calendar import Opening, last_day_of_month, openings, today_in, zone_name_of
from mutakhir.core.dates import read_day
from mutakhir.core.flows.window import RECORDERS, Act, State, Window, instants_of, why_not, why_not_schedule
from mutakhir.core.kinds import PACKED
from mutakhir.core.refusals import Refusal
from mutakhir.gateways import holidays
from mutakhir.gateways.files import safe_cell
from mutakhir.queries.places import Place, places, search_places
from mutakhir.queries.window import Effect, effect, steps_of_window, windows_of_year
from mutakhir.queries.windows import window_by_number, windows_near
from mutakhir.queries.work import readiness
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk, carry_out, has_role, home_region, page, signed_in
from mutakhir.web.formats import write_day, write_day_short
from mutakhir.web.refusals import field_errors, language, say, word
from mutakhir.web.values import Cell, Column, FieldError, Row
from mutakhir.web.work.views import period_of

CHIPS = {
    State.SCHEDULED: "scheduled",
    State.OPEN: "open",
    State.CUT_OFF: "waiting",
    State.CLOSED: "closed",
    State.CANCELLED: "withdrawn",
}
FIELDS = {
    "cut-off-before-opening": "cut_off",
    "closing-before-cut-off": "closes",
    "act-number-missing": "act_number",
    "act-day-missing": "act_day",
    "window-overlaps": "opens",
    "window-in-past": "closes",
    "must-be-said": "reason",
}
FIRST_YEAR, LAST_YEAR = 2000, 2099
YEAR = re.compile(r"20\d\d", re.ASCII)
PER_VERIFIER = 120
"""Requests that a verifier checks on a working day; a starting value that the form lets everybody change."""


def state_word(state: State) -> str:
    return {
        State.SCHEDULED: _("Dijadwalkan"),
        State.OPEN: _("Terbuka"),
        State.CUT_OFF: _("Lewat batas masuk"),
        State.CLOSED: _("Ditutup"),
        State.CANCELLED: _("Dibatalkan"),
    }[state]


@signed_in()
def show_windows(request: Desk) -> HttpResponse:
    """The year as lanes, the next windows as a table, and a new one for who may set it."""
    typed_year = request.GET.get("tahun", "")
    today = today_in(home_region(request.actor), request.now)
    year = int(typed_year) if YEAR.fullmatch(typed_year) else today.year
    found = wiring.ask(windows_of_year, request.actor, year)
    if not typed_year and not any(one.days.closes >= today for one in found):
        year += 1
        found = wiring.ask(windows_of_year, request.actor, year)
    named = wiring.ask(places, {one.region for one in found})
    coming = [one for one in found if one.state(request.now) in (State.OPEN, State.CUT_OFF, State.SCHEDULED)]
    return page(
        request,
        "window/windows.html",
        {
            "year": year,
            "previous": year - 1 if year > FIRST_YEAR else None,
            "following": year + 1 if year < LAST_YEAR else None,
            "today": today,
            "period": wiring.ask(period_of, home_region(request.actor), request.now),
            "sentence": _today_sentence(coming, request.now, today),
            "lanes": _lanes(found, named),
            "columns": columns(),
            "rows": [
                _row(one, named[one.region], request.now) for one in sorted(found, key=_order(request.now))
            ],
            "may_schedule": has_role(request.actor, *RECORDERS),
        },
    )


def _order(now: datetime) -> Any:
    first = {State.OPEN: 0, State.CUT_OFF: 1, State.SCHEDULED: 2, State.CLOSED: 3, State.CANCELLED: 4}
    return lambda one: (first[one.state(now)], one.opens)


def columns() -> list[Column]:
    return [
        Column(_("Masa pemutakhiran")),
        Column(_("Dibuka")),
        Column(_("Batas masuk")),
        Column(_("Keadaan")),
        Column(_("Siap ikut"), align="right"),
    ]


def _today_sentence(coming: list[Window], now: datetime, today: date) -> str:
    open_now = [one for one in coming if one.state(now) is State.OPEN]
    if open_now:
        last = max(one.days.cut_off for one in open_now)
        return _("Masa pemutakhiran terbuka sampai {day}.").format(day=write_day(last, language()))
    later = [one for one in coming if one.state(now) is State.SCHEDULED]
    if later:
        first = min(one.days.opens for one in later)
        return _("Hari ini tidak ada masa yang terbuka. Berikutnya {day}.").format(
            day=write_day(first, language())
        )
    return _("Hari ini tidak ada masa yang terbuka. Belum ada jadwal.")


def title_of(window: Window, place: Place) -> str:
    where = place.shown if window.region else _("Nasional")
    kinds = ", ".join(word("kind", kind).lower() for kind in window.kinds) or _("semua jenis")
    name = window.name or kinds
    prefix = _("Permintaan data") + ": " if window.form == "call" else ""
    return f"{prefix}{where}, {name}"


def _lanes(found: tuple[Window, ...], named: dict[str, Place]) -> list[dict[str, Any]]:
    lanes: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        if one.marked is State.CANCELLED:
            continue
        where = named[one.region].shown if one.region else _("Nasional")
        kinds = ", ".join(word("kind", kind).lower() for kind in one.kinds) or _("semua jenis")
        days = one.days
        lanes.setdefault(f"{where}, {kinds}", []).append(
            {
                "starts_on": days.opens,
                "ends_on": days.closes,
                "kind": "proposed" if one.form == "call" else "planned",
                "url": f"/jadwal/{one.id}",
                "title": title_of(one, named[one.region]),
            }
        )
    return [{"label": label, "spans": spans} for label, spans in lanes.items()]


def _row(one: Window, place: Place, now: datetime) -> Row:
    days = one.days
    opens = f"{write_day_short(days.opens, language())} – {write_day_short(days.closes, language())}"
    waits = one.state(now) in (State.SCHEDULED, State.OPEN)
    ready = wiring.ask(readiness, one.region, kinds=one.kinds).ready if waits else None
    return Row(
        id=str(one.id),
        cells=(
            Cell(title_of(one, place), kind="link", url=f"/jadwal/{one.id}", sub=one.act.number),
            Cell(opens),
            Cell(write_day_short(days.cut_off, language())),
            Cell("", kind="chip", state=CHIPS[one.state(now)], word=state_word(one.state(now))),
            Cell(ready if ready is not None else "", kind="number" if ready is not None else "text"),
        ),
    )


@signed_in()
def download_windows(request: Desk, form: str) -> HttpResponse:
    """The calendar as CSV or iCalendar."""
    year = today_in(home_region(request.actor), request.now).year
    found = [one for at in (year, year + 1) for one in wiring.ask(windows_of_year, request.actor, at)]
    named = wiring.ask(places, {one.region for one in found})
    unique = {one.id: one for one in found if one.marked is not State.CANCELLED}.values()
    if form == "csv":
        lines = ["masa,kode_wilayah,dibuka,batas_masuk,ditutup,nomor_surat"]
        lines += [
            ",".join(
                '"' + str(safe_cell(text)).replace('"', '""') + '"'
                for text in (
                    title_of(one, named[one.region]),
                    one.region,
                    one.days.opens.isoformat(),
                    one.days.cut_off.isoformat(),
                    one.days.closes.isoformat(),
                    one.act.number,
                )
            )
            for one in unique
        ]
        response = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    else:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mutakhir//Jadwal//ID"]
        for one in unique:
            title = (
                title_of(one, named[one.region]).replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
            )
            lines += [
                "BEGIN:VEVENT",
                f"UID:window-{one.id}@mutakhir",
                f"DTSTAMP:{request.now:%Y%m%dT%H%M%SZ}",
                f"DTSTART:{one.opens:%Y%m%dT%H%M%SZ}",
                f"DTEND:{one.cut_off:%Y%m%dT%H%M%SZ}",
                f"SUMMARY:{title}",
                "END:VEVENT",
            ]
        folded = [part for line in [*lines, "END:VCALENDAR"] for part in _folded(line)]
        response = HttpResponse("\r\n".join([*folded, ""]), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="jadwal-{year}.{form}"'
    return response


LINE_BYTES = 75


def _folded(line: str) -> list[str]:
    """A line of a calendar file in parts of at most 75 bytes, each but the first behind a space."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > LINE_BYTES:
            parts.append(part)
            part = " "
        part += sign
    return [*parts, part]


# --- a new window ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a new window as it was typed, with what could be read of it."""

    raw: dict[str, Any]
    region: str
    kinds: tuple[str, ...]
    form: str
    days: Opening | None
    act: Act
    per_verifier: int
    errors: list[FieldError]


NAMES = (
    "region",
    "place",
    "opens",
    "cut_off",
    "closes",
    "act_number",
    "act_day",
    "act_signer",
    "name",
    "form",
    "repeat",
)


def _read_form(request: Desk, home: str) -> Typed:
    posted = request.POST if request.method == "POST" else request.GET
    raw: dict[str, Any] = {name: said(posted, name)[:200] for name in NAMES}
    raw["kinds"] = [kind for kind in posted.getlist("kinds") if kind in PACKED]
    raw["per_verifier"] = said(posted, "per_verifier")[:6] or str(PER_VERIFIER)
    raw["form"] = raw["form"] if raw["form"] in ("window", "call") else "window"
    region = "".join(sign for sign in raw["region"] if sign.isdecimal()) if raw["region"] != "all" else ""
    if not raw["region"]:
        region = home
    if region != home and not request.actor.sees(region):
        raise Http404
    errors: list[FieldError] = []
    read: dict[str, date | None] = {}
    today = today_in(home, request.now)
    for name in ("opens", "cut_off", "closes", "act_day"):
        read[name] = _read_near_day(raw[name], name, today, errors)
    if not raw["opens"] and raw["repeat"] in ("", "none"):
        errors.append(FieldError("opens", _("Tulis tanggal buka.")))
    if not raw["cut_off"] and raw["repeat"] in ("", "none"):
        errors.append(FieldError("cut_off", _("Tulis batas masuk, hari terakhir desa menyerahkan.")))
    days = None
    if read["opens"] and read["cut_off"]:
        closes = read["closes"] or last_day_of_month(read["cut_off"])
        if not read["opens"] <= read["cut_off"]:
            errors.append(FieldError("cut_off", say(Refusal.of("cut-off-before-opening"))))
        elif not read["cut_off"] <= closes:
            errors.append(FieldError("closes", say(Refusal.of("closing-before-cut-off"))))
        else:
            days = Opening(read["opens"], read["cut_off"], closes)
    per_verifier = (
        int(raw["per_verifier"]) if raw["per_verifier"].isdecimal() and int(raw["per_verifier"]) > 0 else 0
    )
    if not per_verifier:
        errors.append(
            FieldError("per_verifier", _("Tulis berapa permintaan yang diperiksa satu orang sehari."))
        )
    act = Act(raw["act_number"], read["act_day"].isoformat() if read["act_day"] else "", raw["act_signer"])
    return Typed(
        raw, region, tuple(raw["kinds"]), raw["form"], days, act, per_verifier or PER_VERIFIER, errors
    )


def _read_near_day(text: str, name: str, today: date, errors: list[FieldError]) -> date | None:
    if not text:
        return None
    # A near day lies before or after today; the reader of birth dates refuses the future, so "today" is moved.
    reading = read_day(text, today=date(2100, 12, 31))
    if isinstance(reading, Refusal) or reading is None or reading.precision != "day":
        errors.append(FieldError(name, _("Tulis tanggal seperti 4-1-2027.")))
        return None
    found = date.fromisoformat(reading.iso)
    if not 2000 <= found.year <= today.year + 10:
        errors.append(FieldError(name, _("Tahun {year}? Periksa tahunnya.").format(year=found.year)))
        return None
    return found


@signed_in(*RECORDERS)
def new_window(request: Desk) -> HttpResponse:
    """The form with its effect; then a page that says what will happen; then it is set."""
    home = home_region(request.actor)
    typed = _read_form(request, home)
    context: dict[str, Any] = {"typed": typed.raw, "home": home, **_options(request, typed, home)}
    asked = request.method == "POST" or "opens" in request.GET
    deed = request.POST.get("deed", "")
    if deed == "search":
        return page(request, "window/new.html", context)
    if not asked:
        return page(request, "window/new.html", context)
    planned = _planned(request, typed)
    if typed.errors or not planned:
        return page(request, "window/new.html", {**context, "errors": typed.errors})
    context["effect"] = _effect(request, typed, planned[0])
    if deed == "check":
        refused = _refusals(request, typed, planned)
        if refused:
            return _refused(request, context, refused)
    if deed == "save":
        done = carry_out(request, _schedule_all, typed, planned)
        if done.ok:
            made = reverse("window", args=[done.number]) + "?baru" if done.number else reverse("windows")
            return redirect(made)
        return _refused(request, context, done.refusals)
    if deed == "check":
        context |= {
            "planned": planned,
            "act": act_words(typed.act),
            "kinds_words": ", ".join(word("kind", kind) for kind in typed.kinds) or _("semua jenis"),
            "place": _("Nasional")
            if not typed.region
            else wiring.ask(places, [typed.region])[typed.region].shown,
        }
        return page(request, "window/check.html", context)
    return page(request, "window/new.html", context)


def _refused(request: Desk, context: dict[str, Any], refusals: Iterable[Refusal]) -> HttpResponse:
    """The form again with what was typed, and a way to each window that it would overlap."""
    told = list(refusals)
    numbers = {dict(one.particulars).get("id"): dict(one.particulars).get("other") for one in told}
    overlaps = [
        {"url": reverse("window", args=[number]), "label": label}
        for number, label in numbers.items()
        if isinstance(number, int)
    ]
    errors = field_errors(told, fields=FIELDS)
    return page(request, "window/new.html", {**context, "errors": errors, "overlaps": overlaps})


def act_words(act: Act) -> str:
    """S-121/MS/XI/2026, 10 November 2026, Sekjen."""
    day = write_day(date.fromisoformat(act.day), language()) if act.day else ""
    return ", ".join(part for part in (act.number, day, act.signer) if part)


def _planned(request: Desk, typed: Typed) -> tuple[Opening, ...]:
    """The days of every window that the form sets: one, or a year of a recurring calendar."""
    rule = parameters.load().opening_rules.get(typed.raw["repeat"])
    if rule is None:
        return (typed.days,) if typed.days else ()
    today = today_in(typed.region, request.now)
    first = typed.days.opens if typed.days else today
    until = date(first.year + 1, first.month, min(first.day, 28))
    return tuple(one for one in openings(rule, first, until) if one.opens >= min(first, today))


def _refusals(request: Desk, typed: Typed, planned: tuple[Opening, ...]) -> tuple[Refusal, ...]:
    others = wiring.ask(windows_near, typed.region)
    found: list[Refusal] = []
    for days in planned:
        opens, cut_off, closes = instants_of(days, zone_name_of(typed.region))
        found += why_not_schedule(
            region=typed.region,
            kinds=typed.kinds,
            opens=opens,
            cut_off=cut_off,
            closes=closes,
            act=typed.act,
            actor=request.actor,
            others=others,
            form=typed.form,
        )
    return tuple(dict.fromkeys(found))


def _schedule_all(
    typed: Typed, planned: tuple[Opening, ...], *, actor: Any, now: datetime, register: Any
) -> Window:
    """Set every window of the form, all or none; returns the first."""
    zone = zone_name_of(typed.region)
    made = [
        actions.schedule(
            actions.Schedule(
                typed.region,
                *instants_of(days, zone),
                typed.act,
                kinds=typed.kinds,
                zone=zone,
                name=typed.raw["name"],
                form=typed.form,
                as_of=days.opens.isoformat() if typed.form == "call" else None,
            ),
            actor=actor,
            now=now,
            register=register,
        )
        for days in planned
    ]
    return made[0]


def _effect(request: Desk, typed: Typed, days: Opening) -> dict[str, Any]:
    found: Effect = wiring.ask(
        effect,
        typed.region,
        kinds=typed.kinds,
        days=days,
        per_verifier=typed.per_verifier,
        now=request.now,
        working_days=holidays.working_days(),
    )
    fits = found.over == 0
    if not found.capacity:
        sentence = _("Belum ada pemeriksa yang bertugas di wilayah ini.")
    else:
        sentence = _("Dinsos butuh {needed} hari kerja, tersedia {available}").format(
            needed=found.needed, available=found.available
        )
    names = {one.day: one.name for one in parameters.load().holidays}
    return {
        "found": found,
        "fits": fits,
        "left": found.incomplete + found.undecided,
        "closing_url": _closing_url(typed, found.closing_that_fits) if found.capacity and not fits else "",
        "sentence": sentence,
        "bars": [
            {"day": one.day, "value": one.waiting + found.capacity, "label": ""}
            for one in found.days
            if one.waiting
        ],
        "holidays": [
            f"{write_day_short(day, language())}" + (f" ({names[day]})" if day in names else "")
            for day in found.holidays
        ],
        "closing_that_fits": found.closing_that_fits,
    }


def _closing_url(typed: Typed, day: date) -> str:
    """The same form with a closing by which everything can be checked."""
    told = [(name, value) for name, value in typed.raw.items() if name != "kinds" and value]
    told += [("kinds", kind) for kind in typed.kinds]
    kept = [(name, value) for name, value in told if name != "closes"]
    return f"{reverse('new_window')}?{urlencode([*kept, ('closes', f'{day.day}-{day.month}-{day.year}')])}"


def _options(request: Desk, typed: Typed, home: str) -> dict[str, Any]:
    scopes = [
        {
            "value": home or "all",
            "label": _("Nasional") if not home else wiring.ask(places, [home])[home].shown,
        }
    ]
    if typed.raw["place"]:
        scopes += [
            {"value": one.code, "label": one.display_name}
            for one in wiring.ask(search_places, typed.raw["place"], scope=home, limit=12)
        ]
    if typed.region and typed.region not in {one["value"] for one in scopes}:
        scopes.append(
            {"value": typed.region, "label": wiring.ask(places, [typed.region])[typed.region].shown}
        )
    rules = parameters.load().opening_rules
    words = {
        "twice_a_year": _("Januari dan Oktober"),
        "quarterly": _("Tiap tiga bulan"),
        "monthly": _("Tiap bulan, batas tanggal 17"),
        "always_open": _("Selalu terbuka"),
    }
    return {
        "scopes": scopes,
        "kind_options": [{"value": name, "label": word("kind", name)} for name in PACKED],
        "repeats": [
            {"value": "none", "label": _("Sekali saja")},
            *({"value": name, "label": words.get(name, name)} for name in rules),
        ],
        "forms": [
            {"value": "window", "label": _("Masa pemutakhiran")},
            {"value": "call", "label": _("Permintaan data dari pusat, tanpa masa")},
        ],
    }


# --- one window -----------------------------------------------------------------------------------------------------


@signed_in()
def show_window(request: Desk, number: int) -> HttpResponse:
    """One window: its act, its days, where its requests stand, and ending it."""
    window = _visible(request, number)
    errors: list[FieldError] = []
    if request.method == "POST":
        verb = "close" if request.POST.get("deed") == "close" else "cancel"
        done = carry_out(request, actions.end, number, verb, reason=said(request.POST, "reason"))
        if done.ok:
            return redirect("window", number)
        errors = field_errors(done.refusals, fields=FIELDS)
    place = wiring.ask(places, [window.region])[window.region]
    scope = max((window.region, home_region(request.actor)), key=len)
    steps = wiring.ask(steps_of_window, number, scope)
    counts = wiring.ask(readiness, scope, kinds=window.kinds)
    state = window.state(request.now)
    verb = "cancel" if state is State.SCHEDULED else "close"
    refused = why_not(window, verb, actor=request.actor, now=request.now, reason="-")
    return page(
        request,
        "window/window.html",
        {
            "window": window,
            "title": title_of(window, place),
            "days": window.days,
            "act": act_words(window.act),
            "made": "baru" in request.GET,
            "chip": CHIPS[state],
            "state_word": state_word(state),
            "kinds": ", ".join(word("kind", kind) for kind in window.kinds) or _("semua jenis"),
            "step_columns": [
                Column(_("Langkah")),
                Column(_("Giliran")),
                Column(_("Permintaan"), align="right"),
            ],
            "steps": [
                Row(
                    (
                        Cell(word("step", one.step) if one.step else _("Selesai")),
                        Cell(word("role", one.owner) if one.owner else ""),
                        Cell(one.count, kind="number"),
                    )
                )
                for one in steps
            ],
            "readiness": counts,
            "left": counts.incomplete + counts.undecided,
            "verb": verb,
            "ended": state in (State.CLOSED, State.CANCELLED),
            "refused": " ".join(say(one) for one in refused),
            "may_end": has_role(request.actor, *RECORDERS),
            "reason": said(request.POST, "reason"),
            "errors": errors,
            "review_url": f"/kumpulan/masa/{number}"
            if has_role(request.actor, Role.VERIFIER, Role.SUPERVISOR)
            else "",
        },
    )


def _visible(request: Desk, number: int) -> Window:
    window = wiring.ask(window_by_number, number)
    if window is None or not any(
        scope.startswith(window.region) or window.region.startswith(scope) for scope in request.actor.scopes()
    ):
        raise Http404
    return window
