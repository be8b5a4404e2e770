"""Whatever is killed while the centre's answer is taken in: every accepted request is applied once, its facts once."""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mutakhir.bench.databases import copied, in_process, renamed
from tests.faults.interruption import kill_before, run, running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

SIZE, VILLAGES, CHUNK = 420, 6, 60

SENDING = """
import json, sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from mutakhir.node.program import set_up
set_up(sys.argv[1], migrate=False)
from django.db import connection
from openpyxl import load_workbook
from mutakhir import wiring
from mutakhir.actions import review, submission
from mutakhir.actions.facts import State, state_facts
from mutakhir.bench.reserve import HEAD, KABUPATEN, NOW, SUPERVISOR
from mutakhir.core.actors import SYSTEM, Actor, Held, Role
from mutakhir.core.flows.submission import Letter
from mutakhir.wiring.lists import send_list, write_answer
from mutakhir.wiring.timekeeping import pack_waiting

window, file = int(sys.argv[2]), Path(sys.argv[3])
head = Actor(HEAD, "", (Held(Role.VILLAGE_HEAD, KABUPATEN),))
verifier = Actor("verifier", "", (Held(Role.VERIFIER, KABUPATEN),))
pack_waiting(window, now=NOW)
with connection.cursor() as cursor:
    cursor.execute("SELECT id FROM batch_now")
    batches = [row[0] for row in cursor]
for batch in batches:
    wiring.perform(submission.hand_over, batch, actor=head, now=NOW)
with connection.cursor() as cursor:
    cursor.execute("SELECT id, version FROM request_now WHERE state = 'handed_over'")
    seen = dict(cursor.fetchall())
wiring.perform(review.decide, review.Decide(seen, "verify:verified"), actor=verifier, now=NOW)
frozen = wiring.perform(submission.finalise, submission.Finalise(window, KABUPATEN), actor=SUPERVISOR, now=NOW)
letter = Letter("460/117/2027", "2027-01-11", "Bupati Lumajang", frozen.digest, "2" * 64)
wiring.perform(submission.endorse, submission.Endorse(frozen.number, letter), actor=SUPERVISOR, now=NOW)
send_list(frozen.number, actor=SUPERVISOR, now=NOW)

# Meanwhile the register comes to contradict some of them.
with connection.cursor() as cursor:
    cursor.execute("SELECT id, body::text FROM request_now WHERE state = 'sent' ORDER BY id")
    sent = [(number, json.loads(body)) for number, body in cursor]
contradicted = [(n, body["changes"][0]) for n, body in sent if body["kind"] == "living_conditions"][::9]
values = [State(one["subject"], one["of"], {one["attribute"]: "other"}) for _, one in contradicted]
with wiring.transaction.atomic():
    state_facts(values, region=KABUPATEN, holds_from=NOW.date(), authority="social", source="test", actor=SYSTEM,
                now=NOW, register=wiring.open_register())

book = load_workbook(BytesIO(write_answer(frozen.number, outcome="ya")))
sheet = book.worksheets[0]
for row in range(2, sheet.max_row + 1, 5):
    sheet.cell(row=row, column=sheet.max_column - 1, value="tidak")
    sheet.cell(row=row, column=sheet.max_column, value="1")
book.save(file)
refused = [sheet.cell(row=row, column=place).value for row in range(2, sheet.max_row + 1, 5)
           for place in range(1, sheet.max_column + 1) if sheet.cell(row=1, column=place).value == "Nomor Permintaan"]
print(json.dumps({"submission": frozen.number, "sent": [n for n, _ in sent], "refused": refused,
                  "contradicted": [n for n, _ in contradicted]}))
"""
"""The whole way to a list at the centre, and the centre's answer: every fifth row no, the others yes."""

TAKING = f"""
import json, sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from mutakhir.node.program import set_up
set_up(sys.argv[1], migrate=False)
from mutakhir.bench.reserve import NOW, SUPERVISOR
from mutakhir.wiring import lists
lists.CHUNK = {CHUNK}
with Path(sys.argv[3]).open("rb") as stream:
    taken = lists.take_answer_file(
        stream, name="jawaban.xlsx", submission=int(sys.argv[2]), actor=SUPERVISOR, now=NOW + timedelta(days=14)
    )
print(json.dumps(asdict(taken)))
"""

AT_ONCE = "TRUE"
AFTER_A_CHUNK = "EXISTS (SELECT FROM event WHERE type = 'determined')"
AFTER_THREE = f"(SELECT count(*) FROM event WHERE type = 'determined') > {2 * CHUNK}"
POINTS = [
    ("event", AT_ONCE),
    ("event_body", AFTER_A_CHUNK),
    ("request_now", AFTER_A_CHUNK),
    ("dwelling_now", AT_ONCE),
    ("person_now", AFTER_A_CHUNK),
    ("family_now", AFTER_A_CHUNK),
    ("pending", AFTER_THREE),
    ("submission_now", AFTER_THREE),
]
"""The last one stands where every row is applied and only the list is not marked as answered yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A database with a list at the centre, the centre's answer as a file, and what must come of it."""

    url: str
    file: Path
    submission: str
    expected: dict[int, str]


@pytest.fixture(scope="module")
def sent(database_url: str) -> Iterator[Sent]:
    name = f"answer_{secrets.token_hex(4)}"
    url = renamed(database_url, name)
    with psycopg.connect(database_url, autocommit=True) as owner, tempfile.TemporaryDirectory() as folder:
        owner.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            truth, file = Path(folder, "truth.csv"), Path(folder, "jawaban.xlsx")
            filled = in_process(
                "mutakhir.bench.window", "fill", str(SIZE), "9", str(truth), str(VILLAGES), url=url
            )
            made = json.loads(run(SENDING, url, str(filled["window"]), str(file)).splitlines()[-1])
            yield Sent(url, file, str(made["submission"]), expectation(url, made))
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def expectation(url: str, made: dict[str, Any]) -> dict[int, str]:
    with psycopg.connect(url) as owner:
        numbers = dict(owner.execute("SELECT number, request FROM ticket").fetchall())
    expected = dict.fromkeys(made["sent"], "applied")
    expected |= dict.fromkeys(made["contradicted"], "conflict")
    expected |= {numbers[shown.replace("-", "")]: "refused" for shown in made["refused"]}
    assert len(expected) == len(made["sent"]) > 4 * CHUNK
    assert set(expected.values()) == {"applied", "conflict", "refused"}
    return expected


def check(url: str, sent: Sent) -> None:
    words = {
        ("determined", "applied"): "applied",
        ("determined", "contradicted"): "conflict",
        ("determined",): "refused",
    }
    with psycopg.connect(url) as owner:
        found = {
            number: words.get(tuple(types), str(types))
            for number, types in owner.execute(
                "SELECT subject, array_agg(type ORDER BY id) FROM event "
                "WHERE type IN ('determined', 'applied') OR (type = 'contradicted' AND subject IN "
                "(SELECT subject FROM event WHERE type = 'determined')) GROUP BY subject"
            )
        }
        assert found == sent.expected

        def none(query: str) -> bool:
            return owner.execute(query).fetchone() is None  # type: ignore[call-overload]

        # Facts of a request, told by the record they belong to: each wanted value once, caused by its determination.
        stated = (
            "SELECT e.record AS request, e.subject, a.key AS attribute, a.value, e.caused_by FROM event e "
            "JOIN event_body b ON b.event = e.id CROSS JOIN json_each(b.body -> 'attributes') a "
            "WHERE e.type = 'facts_stated' AND e.record IN (SELECT id FROM request_now)"
        )
        wanted = (
            "SELECT r.id AS request, (c ->> 'subject')::bigint AS subject, c ->> 'attribute' AS attribute, "
            "c -> 'wanted' AS value FROM request_now r CROSS JOIN json_array_elements(r.body -> 'changes') c "
            "WHERE r.state = 'applied'"
        )
        key = "request, subject, attribute, value::jsonb"
        assert not none(f"SELECT 1 FROM ({stated}) AS s")
        assert none(f"SELECT 1 FROM ({stated}) AS s GROUP BY request, subject, attribute HAVING count(*) > 1")
        assert none(f"SELECT {key} FROM ({stated}) AS s EXCEPT SELECT {key} FROM ({wanted}) AS w")
        assert none(f"SELECT {key} FROM ({wanted}) AS w EXCEPT SELECT {key} FROM ({stated}) AS s")
        assert none(
            f"SELECT 1 FROM ({stated}) AS s LEFT JOIN event d ON d.id = s.caused_by "
            "WHERE d.type IS DISTINCT FROM 'determined' OR d.subject <> s.request"
        )
        # What the register says now is what was asked for.
        current = " UNION ALL ".join(
            f"SELECT id, attributes FROM {table}" for table in ("person_now", "family_now", "dwelling_now")
        )
        assert none(
            f"SELECT 1 FROM ({wanted}) AS w LEFT JOIN ({current}) AS n ON n.id = w.subject "
            "WHERE n.attributes -> w.attribute IS DISTINCT FROM w.value::jsonb"
        )
        assert owner.execute(
            "SELECT state, (SELECT count(*) FROM event e WHERE e.subject = s.id AND e.type = 'answered') "
            "FROM submission_now s"
        ).fetchall() == [("answered", 1)]


def test_an_answer_that_nobody_disturbs(sent: Sent) -> None:
    with copied(sent.url) as url:
        taken = json.loads(run(TAKING, url, sent.submission, str(sent.file)))
        counts = {
            word: list(sent.expected.values()).count(word) for word in ("applied", "conflict", "refused")
        }
        assert (taken["applied"], taken["conflicts"], taken["refused_by_centre"], taken["again"]) == (
            counts["applied"], counts["conflict"], counts["refused"], 0,
        )  # fmt: skip
        check(url, sent)
        again = json.loads(run(TAKING, url, sent.submission, str(sent.file)))
        assert again["again"] == len(sent.expected)
        check(url, sent)


@pytest.mark.parametrize(("table", "once"), POINTS)
def test_killed_in_the_middle_and_taken_in_again(sent: Sent, table: str, once: str) -> None:
    with copied(sent.url) as url:
        with running(TAKING, url, sent.submission, str(sent.file)) as taking:
            kill_before(table, url, taking, once=once)
        run(TAKING, url, sent.submission, str(sent.file))
        check(url, sent)
