"""Lists that leave the house and answers that come back: an action and a file, in one transaction."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from mutakhir import parameters, wiring
from mutakhir.actions import submission as submissions
from mutakhir.actions import window as windows
from mutakhir.core.actors import Actor
from mutakhir.core.change_requests import State
from mutakhir.core.flows.submission import ROLES
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.gateways import templates
from mutakhir.gateways.files import RejectedRow
from mutakhir.queries import lists

FILE_BYTES = 64 * 1024 * 1024
CHUNK = 2000
ANSWER_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt", ".tsv"})
"""What a file of answers may be called; what is in it decides."""


@dataclass(frozen=True, slots=True)
class SentList:
    number: int
    rows: int
    file: str
    left: dict[str, int]


def send_list(number: int, *, actor: Actor, now: datetime) -> SentList:
    """Compare an endorsed list once more, write its file in the ministry's template, and mark it as sent.

    Raises `Refused` where no window is open: the list is carried over as it is. Where every row leaves the list in
    this last comparison, nothing is sent: there is no file, and the rows say why.
    """
    with wiring.writing(actor):
        register = wiring.open_register()
        terms = wiring.terms()
        _, rows, left = submissions.prepare_sending(
            number, actor=actor, now=now, register=register, terms=terms
        )
        if not rows:
            return SentList(number, 0, "", dict(left))
        file = BytesIO()
        template = templates.load()
        templates.write_proposal(
            lists.proposal_rows(rows, parameters=parameters.load()), template=template, target=file
        )
        file.seek(0)
        stored = wiring.blobs().put(file, limit_bytes=FILE_BYTES)
        moved = submissions.send(
            number, file=stored.digest, actor=actor, now=now, register=register, terms=terms
        )
    return SentList(number, moved.moved, stored.digest, dict(left))


def write_call_answer(number: int, *, actor: Actor, now: datetime) -> SentList:
    """Answer a call by the centre with one file of everything that was packed for it."""
    with wiring.writing(actor):
        register = wiring.open_register()
        window = windows.find(number, register=register)
        if not actor.has(ROLES["send"], window.region):
            raise Refused(Refusal.of("role-missing", roles="supervisor"))
        rows = submissions.all_requests(
            register,
            states=(State.PACKED, State.HANDED_OVER, State.VERIFIED, State.FINALISED, State.ENDORSED),
            scope=window.region,
            window=number,
        )
        file = BytesIO()
        written = templates.write_proposal(
            lists.proposal_rows(rows, parameters=parameters.load()), template=templates.load(), target=file
        )
        file.seek(0)
        stored = wiring.blobs().put(file, limit_bytes=FILE_BYTES)
        windows.answer_call(
            number, digest=stored.digest, rows=written.rows, actor=actor, now=now, register=register
        )
    return SentList(number, written.rows, stored.digest, {})


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """What an answer file did; with `refused` rows nothing was done at all."""

    applied: int = 0
    refused_by_centre: int = 0
    conflicts: int = 0
    again: int = 0
    refused: tuple[RejectedRow, ...] = ()
    warnings: int = 0
    satisfied: int = 0


def take_answer_file(
    stream: BinaryIO, *, name: str, submission: int, actor: Actor, now: datetime
) -> TakenAnswer:
    """Read the centre's answer and apply it row by row.

    A file with a row that cannot be understood changes nothing; its rows are returned with their reasons. Rows go in
    by chunks, each in a transaction of its own; taken in again, rows that are done count as again.
    """
    stored = wiring.blobs().put(stream, limit_bytes=FILE_BYTES)
    with wiring.writing(actor):
        numbers = {one.ticket: one.id for one in lists.requests_of_list(submission) if one.ticket}
        found = submissions.find(submission, "answer", actor=actor, register=wiring.open_register())
    with (
        tempfile.TemporaryDirectory() as folder,
        wiring.blobs().open(stored.digest) as kept,
        wiring.acting(actor),
    ):
        suffix = Path(name).suffix.lower()
        copy = Path(folder) / f"jawaban{suffix if suffix in ANSWER_SUFFIXES else '.xlsx'}"
        copy.write_bytes(kept.read())
        # What an interrupted run left in conflict stands on the list no more, and was asked for all the same.
        answer = templates.read_answer(
            copy,
            template=templates.load(),
            asked=lambda ticket: ticket in numbers or wiring.ask(lists.has_left_list, ticket, submission),
        )
    if not answer.is_whole:
        return TakenAnswer(refused=answer.refused)
    counts: Counter[str] = Counter()
    listed = [row for row in answer.rows if row.request_number in numbers]
    counts["again"] = len(answer.rows) - len(listed)
    for start in range(0, len(listed), CHUNK):
        chunk = [
            submissions.Answer(numbers[row.request_number], row.outcome, row.reason_code)
            for row in listed[start : start + CHUNK]
        ]
        done = wiring.perform(submissions.answer, chunk, document=stored.digest, actor=actor, now=now)
        counts.update(
            applied=done.applied,
            refused=done.refused,
            conflicts=done.conflicts,
            again=done.again,
            satisfied=done.satisfied,
        )
    # A run that was interrupted after its last row has not marked the list yet.
    done_anew = counts["applied"] + counts["refused"] + counts["conflicts"] + counts["satisfied"]
    if done_anew or (answer.rows and found.answer is None):
        wiring.perform(submissions.take_answer, submission, file=stored.digest, actor=actor, now=now)
    return TakenAnswer(
        counts["applied"],
        counts["refused"],
        counts["conflicts"],
        counts["again"],
        warnings=sum(1 for row in answer.rows if row.warnings),
        satisfied=counts["satisfied"],
    )


def write_answer(submission: int, *, outcome: str, reason: str = "") -> bytes:
    """The sent file of a list with every row answered alike: for exercises, where no centre answers."""
    from openpyxl import load_workbook

    with transaction.atomic():
        found = wiring.open_register().submission(submission)
    if found is None or found.file is None:
        raise Refused(Refusal.of("not-found"))
    with wiring.blobs().open(found.file) as stream:
        book = load_workbook(BytesIO(stream.read()))
    sheet = book.worksheets[0]
    width = sheet.max_column
    for row in range(1, sheet.max_row + 1):
        answered = ("hasil", "alasan") if row == 1 else (outcome, reason)
        for place, value in enumerate(answered, start=1):
            sheet.cell(row=row, column=width + place, value=value)
    target = BytesIO()
    book.save(target)
    return target.getvalue()
