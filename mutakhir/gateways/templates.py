"""Templates: proposals out in the ministry's columns, and the centre's answer back in, row by row."""

from __future__ import annotations

import functools
import json
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Literal

from mutakhir import parameters
from mutakhir.core import digests, tickets
from mutakhir.core.attributes import Text, Value
from mutakhir.core.refusals import Refusal
from mutakhir.gateways.files import (
    Cells,
    ErrorCell,
    FileRefused,
    FormulaCell,
    RejectedRow,
    Sheet,
    bare_cell,
    open_table,
    write_workbook,
)
from mutakhir.gateways.layouts import plain

Written = Literal["text", "words", "code", "day"]
Outcome = Literal["yes", "no"]

REQUEST_NUMBER = "request_number"
"""The name under which a row to be written carries its request's ticket, with or without hyphens."""
ROW_NUMBER = "row_number"
OTHER_REASON = "other"

ANSWER_RULES: Mapping[str, str] = MappingProxyType(
    {
        "answer-columns-missing": "An answer has the column of our request number and the column hasil, or nothing of "
        "it is read.",
        "answer-request-unknown": "A row with a number that was not in the proposal cannot be applied.",
        "answer-request-doubled": "A number in several rows with different outcomes cannot be applied.",
        "answer-outcome-missing": "A row without an outcome cannot be applied; silence is no answer.",
        "answer-outcome-unknown": "A row with an outcome that is neither yes nor no cannot be applied.",
        "answer-reason-unknown": "A reason that the list does not have is kept in the centre's own words.",
        "answer-reason-missing": "A refusal without a reason is taken in, and the centre is asked for one.",
    }
)
"""What is checked in an answer, by rule id."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    header: str
    from_: str
    as_: Written = "text"
    width: int = 14


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    name: str
    columns: tuple[TemplateColumn, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A file of another body: its sheets and columns, and how its answer comes back.

    `complete` names the attributes without which that body sends a row back. `answers` is by plain word.
    """

    name: str
    title: Text
    reference: str
    confirmed: bool
    complete: tuple[str, ...]
    sheets: tuple[TemplateSheet, ...]
    request_headers: frozenset[str]
    outcome_headers: frozenset[str]
    reason_headers: frozenset[str]
    reasons: str
    answers: Mapping[str, Outcome]

    def lacking(self, row: Mapping[str, Value]) -> tuple[str, ...]:
        """The attributes that the other body asks for and a row does not have."""
        return tuple(name for name in self.complete if row.get(name) in (None, ""))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was written: the number of rows and the digest of their content."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What the centre says of one request. `raw` is its outcome and reason as they stand in the file."""

    row_number: int
    request_number: str
    outcome: Outcome
    reason_code: str | None
    raw: str
    warnings: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer file. It may be applied only if `refused` is empty: nothing is done by halves."""

    rows: tuple[AnswerRow, ...]
    refused: tuple[RejectedRow, ...]
    headers: Cells
    findings: tuple[Refusal, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.refused


@functools.cache
def load(name: str = "siksng-usulan") -> Template:
    """A template by its name. KeyError if there is none; a mistake in its table raises ValueError."""
    file = resources.files(parameters).joinpath("templates").joinpath(f"{name}.toml")
    if not file.is_file():
        raise KeyError(name)
    return _template(tomllib.loads(file.read_text(encoding="utf-8")))


def write_proposal(
    rows: Iterable[Mapping[str, Value]], *, template: Template, target: Path | BinaryIO
) -> Proposal:
    """Write rows in a template's columns as XLSX, every cell as text; the same rows give the same bytes.

    A row holds attribute values by name, `request_number`, and the names that the template asks for besides
    (`request_kind`, `village_name`, ...); what it lacks stays empty. Rows are read once and memory does not
    grow with them.
    """
    first, *others = template.sheets
    count = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:

        def first_rows() -> Iterator[list[str]]:
            nonlocal count
            for row in rows:
                count += 1
                numbered = {**row, ROW_NUMBER: count}
                for sheet in template.sheets:
                    kept.write(json.dumps(_cells(sheet, numbered), ensure_ascii=False) + "\n")
                yield _cells(first, numbered)

        def later_rows(place: int) -> Iterator[list[str]]:
            kept.seek(0)
            for number, line in enumerate(kept):
                if number % len(template.sheets) == place:
                    yield json.loads(line)

        write_workbook(
            target,
            [
                _sheet(first, first_rows()),
                *(_sheet(sheet, later_rows(place)) for place, sheet in enumerate(others, start=1)),
            ],
        )
        digest = digests.list_digest(_digest_row(first, cells) for cells in later_rows(0))
    return Proposal(count, digest)


def digest_of_rows(rows: Iterable[Mapping[str, Value]], *, template: Template) -> str:
    """The digest of what `write_proposal` writes for these rows: over the cells of the first sheet, not the bytes."""
    first = template.sheets[0]
    return digests.list_digest(
        _digest_row(first, _cells(first, {**row, ROW_NUMBER: number}))
        for number, row in enumerate(rows, start=1)
    )


def read_answer(
    path: Path | str,
    *,
    template: Template,
    asked: Callable[[str], bool],
) -> Answer:
    """Read the answer to a proposal: the same file with the columns `hasil` and `alasan`.

    `asked` says whether a request number, 12 signs without hyphens, was sent in the proposal that this answers.
    FileRefused where the columns are not there. Rows that cannot be applied are all in `refused`.
    """
    headers_wanted = (template.request_headers, template.outcome_headers)

    def is_header(cells: Cells) -> bool:
        plains = frozenset(map(plain, cells))
        return all(plains & wanted for wanted in headers_wanted)

    with open_table(path, is_header=is_header) as table:
        plains = [plain(header) for header in table.headers]
        places = _answer_places(template, table.headers, plains)
        read: dict[str, list[tuple[AnswerRow, Cells]]] = {}
        refused: list[RejectedRow] = []
        for number, cells in table.rows:
            found = _read_answer_row(template, places, number, cells, headers=table.headers, asked=asked)
            if isinstance(found, AnswerRow):
                read.setdefault(found.request_number, []).append((found, cells))
            else:
                refused.append(RejectedRow(number, cells, found))
        headers, findings = table.headers, table.findings
    rows: list[AnswerRow] = []
    for answers in read.values():
        if len({(row.outcome, row.reason_code, row.raw) for row, _ in answers}) == 1:
            rows.append(answers[0][0])
            continue
        said = ", ".join(str(row.row_number) for row, _ in answers)
        refused.extend(
            RejectedRow(
                row.row_number,
                cells,
                (Refusal.of("answer-request-doubled", number=tickets.shown(row.request_number), rows=said),),
            )
            for row, cells in answers
        )
    return Answer(
        rows=tuple(sorted(rows, key=lambda row: row.row_number)),
        refused=tuple(sorted(refused, key=lambda row: row.row_number)),
        headers=headers,
        findings=findings,
    )


def _answer_places(template: Template, headers: Cells, plains: list[str]) -> tuple[int, int, int | None]:
    found: list[int | None] = []
    missing: list[str] = []
    for wanted, name, required in (
        (template.request_headers, "Nomor Permintaan", True),
        (template.outcome_headers, "hasil", True),
        (template.reason_headers, "alasan", False),
    ):
        places = [place for place, header in enumerate(plains) if header in wanted]
        if len(places) > 1:
            raise FileRefused(
                Refusal.of("file-column-doubled", columns=", ".join(headers[place] for place in places))
            )
        if not places and required:
            missing.append(name)
        found.append(places[0] if places else None)
    if missing:
        raise FileRefused(Refusal.of("answer-columns-missing", columns=", ".join(missing)))
    request, outcome, reason = found
    assert request is not None
    assert outcome is not None
    return request, outcome, reason


def _read_answer_row(
    template: Template,
    places: tuple[int, int, int | None],
    number: int,
    cells: Cells,
    *,
    headers: Cells,
    asked: Callable[[str], bool],
) -> AnswerRow | tuple[Refusal, ...]:
    width = max(place for place in places if place is not None) + 1
    padded = cells + ("",) * (width - len(cells))
    reasons: list[Refusal] = []
    for place in places:
        if place is not None and isinstance(padded[place], FormulaCell | ErrorCell):
            reasons.append(Refusal.of("cell-formula", column=headers[place]))
    if reasons:
        return tuple(reasons)
    written = bare_cell(padded[places[0]]).strip()
    request = tickets.normalise(written)
    if request is None or not asked(request):
        reasons.append(Refusal.of("answer-request-unknown", number=written))
    said = bare_cell(padded[places[1]]).strip()
    outcome = template.answers.get(_word(said))
    if not said:
        reasons.append(Refusal.of("answer-outcome-missing"))
    elif outcome is None:
        reasons.append(Refusal.of("answer-outcome-unknown", value=said))
    if reasons or request is None or outcome is None:
        return tuple(reasons)
    why = "" if places[2] is None else bare_cell(padded[places[2]]).strip()
    raw = f"{said}: {why}" if why else said
    if outcome == "yes":
        return AnswerRow(number, request, "yes", None, raw)
    code = _reason_codes(template.reasons).get(_word(why))
    if code is not None:
        return AnswerRow(number, request, "no", code, raw)
    warning = Refusal.of("answer-reason-unknown", value=why) if why else Refusal.of("answer-reason-missing")
    return AnswerRow(number, request, "no", OTHER_REASON, raw, (warning,))


def _word(text: str) -> str:
    """An answer for comparing: letters and digits in lower case, a number without its decimals."""
    return plain(text.removesuffix(".0"))


@functools.cache
def _reason_codes(list_name: str) -> Mapping[str, str]:
    """The codes of a list of reasons by their plain code, official text or label."""
    codes: dict[str, str] = {}
    for code, reason in parameters.load().reasons[list_name].items():
        for text in (code, reason.official, *reason.label.values()):
            if text:
                codes.setdefault(_word(text), code)
    return MappingProxyType(codes)


def _sheet(sheet: TemplateSheet, rows: Iterable[list[str]]) -> Sheet:
    return Sheet(
        name=sheet.name,
        headers=[column.header for column in sheet.columns],
        rows=rows,
        widths=[column.width for column in sheet.columns],
    )


def _digest_row(sheet: TemplateSheet, cells: list[str]) -> dict[str, object]:
    return dict(zip((column.header for column in sheet.columns), cells, strict=True))


def _cells(sheet: TemplateSheet, row: Mapping[str, Value]) -> list[str]:
    table = parameters.load().attributes
    cells: list[str] = []
    for column in sheet.columns:
        value = row.get(column.from_)
        if value is None:
            cells.append("")
        elif column.from_ == REQUEST_NUMBER:
            signs = tickets.normalise(str(value))
            if signs is None:
                raise ValueError(f"not a request number: {value}")
            cells.append(tickets.shown(signs))
        elif column.as_ == "words":
            cells.append(table.words(column.from_, value, "id"))
        elif column.as_ == "day":
            year, month, day = str(value).split("-")
            cells.append(f"{day}-{month}-{year}")
        else:
            cells.append(str(value))
    return cells


def _template(table: dict[str, Any]) -> Template:
    name = table["name"]
    attributes = parameters.load().attributes
    answer = table["answer"]
    answers: dict[str, Outcome] = {}
    for outcome in ("yes", "no"):
        for word in answer[outcome]:
            if answers.setdefault(_word(word), outcome) != outcome:
                raise ValueError(f"template {name}: {word} means yes and no")
    sheets = tuple(
        TemplateSheet(
            name=sheet["name"],
            columns=tuple(
                TemplateColumn(
                    header=column["header"],
                    from_=column["from"],
                    as_=column.get("as", "text"),
                    width=column.get("width", 14),
                )
                for column in sheet["columns"]
            ),
        )
        for sheet in table["sheets"]
    )
    for sheet in sheets:
        if not any(column.from_ == REQUEST_NUMBER for column in sheet.columns):
            raise ValueError(f"template {name}: sheet {sheet.name} does not carry the request number")
        for column in sheet.columns:
            if column.as_ == "words" and column.from_ not in attributes:
                raise ValueError(f"template {name}: {column.from_} is no attribute and has no words")
    return Template(
        name=name,
        title=MappingProxyType(dict(zip(parameters.LANGUAGES, table["title"], strict=True))),
        reference=table["reference"],
        confirmed=table["confirmed"],
        complete=tuple(table["complete"]),
        sheets=sheets,
        request_headers=frozenset(map(plain, answer["request"])),
        outcome_headers=frozenset(map(plain, answer["outcome"])),
        reason_headers=frozenset(map(plain, answer["reason"])),
        reasons=answer["reasons"],
        answers=MappingProxyType(answers),
    )
