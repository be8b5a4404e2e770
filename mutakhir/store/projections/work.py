"""Windows, meetings, batches, lists, visits, annulments, erasures and changes of regions as they stand."""

from __future__ import annotations

from collections.abc import Iterable

from mutakhir.core.flows.annulment import Annulment
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.erasure import Erasure
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.submission import Batch, Submission
from mutakhir.core.flows.visit import Visit, owner_of
from mutakhir.core.flows.window import Window
from mutakhir.core.region_changes import RegionChange
from mutakhir.store import rows


def show_windows(windows: Iterable[Window]) -> None:
    columns = (
        "id",
        "region",
        "form",
        "kinds",
        "opens",
        "cut_off",
        "closes",
        "marked",
        "closed_at",
        "version",
        "body",
    )
    rows.upsert(
        "window_now",
        "id",
        columns,
        [
            (
                one.id,
                one.region,
                one.form,
                list(one.kinds),
                one.opens,
                one.cut_off,
                one.closes,
                one.marked.value,
                one.closed_at,
                one.version,
                rows.encode(one),
            )
            for one in windows
        ],
    )


def show_sessions(sessions: Iterable[Session]) -> None:
    rows.upsert(
        "session_now",
        "id",
        ("id", "region", "state", "day", "version", "body"),
        [(one.id, one.region, one.state.value, one.day, one.version, rows.encode(one)) for one in sessions],
    )


def show_batches(batches: Iterable[Batch]) -> None:
    rows.upsert(
        "batch_now",
        "id",
        ("id", "region", '"window"', "number", "handed_over_at", "version", "body"),
        [
            (one.id, one.village, one.window, one.number, one.handed_over_at, one.version, rows.encode(one))
            for one in batches
        ],
    )


def show_submissions(submissions: Iterable[Submission]) -> None:
    rows.upsert(
        "submission_now",
        "id",
        ("id", "region", '"window"', "state", "since", "version", "body"),
        [
            (one.id, one.region, one.window, one.state.value, one.since, one.version, rows.encode(one))
            for one in submissions
        ],
    )


def show_visits(visits: Iterable[Visit], *, deadlines: Deadlines) -> None:
    columns = (
        "id",
        "region",
        "about",
        "family",
        "state",
        "owner",
        "checker",
        "since",
        "due",
        "version",
        "body",
    )
    rows.upsert(
        "visit_now",
        "id",
        columns,
        [
            (
                one.id,
                one.region,
                one.about,
                one.family,
                one.state.value,
                owner_of(one),
                one.checker,
                one.since,
                one.due(deadlines),
                one.version,
                rows.encode(one),
            )
            for one in visits
        ],
    )


def show_annulments(annulments: Iterable[Annulment]) -> None:
    rows.upsert(
        "annulment_now",
        "id",
        ("id", "region", "request", "state", "since", "version", "body"),
        [
            (
                one.id,
                one.region,
                one.request,
                one.state.value,
                one.decided_at or one.asked_at,
                one.version,
                rows.encode(one),
            )
            for one in annulments
        ],
    )


def show_erasures(erasures: Iterable[Erasure]) -> None:
    rows.upsert(
        "erasure_now",
        "id",
        ("id", "region", "person", "state", "since", "version", "body"),
        [
            (
                one.id,
                one.region,
                one.person,
                one.state.value,
                one.done_at or one.decided_at or one.asked_at,
                one.version,
                rows.encode(one),
            )
            for one in erasures
        ],
    )


def show_region_changes(changes: Iterable[RegionChange]) -> None:
    rows.upsert(
        "region_change_now",
        "id",
        ("id", "region", "day", "left_over", "underway", "version", "body"),
        [
            (one.id, one.region, one.day, len(one.left), len(one.underway), one.version, rows.encode(one))
            for one in changes
        ],
    )
