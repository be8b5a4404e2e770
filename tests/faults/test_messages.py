"""What the database says is for its log: people read a sentence in their language, on pages and at the terminal."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from mutakhir import parameters
from mutakhir.store.models import EventRow, Incident
from tests.builders import CAST, Walker
from tests.databases import environment
from tests.faults.test_site import template, walk
from tests.web.pages import account_of

__all__ = ["template", "walk"]
NIK = "9908014507880003"
RAW = re.compile(
    r"violates|constraint|permission denied|canceling|terminating|relation|duplicate key|reading_|"
    r"SQLSTATE|ERROR|DETAIL|CONTEXT|psycopg|django|Traceback|DataError|File \"",
    re.IGNORECASE,
)
"""Words in which PostgreSQL and Python speak of a fault."""
TRIGGER = """
CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN {breaks} RETURN NEW; END $$;
CREATE TRIGGER break_off BEFORE INSERT ON reading FOR EACH ROW EXECUTE FUNCTION break_off();
"""
RAISED = (
    "RAISE EXCEPTION 'duplicate key value violates unique constraint' USING ERRCODE = '{}', DETAIL = 'Key (nik)=("
    + NIK
    + ")';"
)


@dataclass(frozen=True)
class Breaking:
    """A way in which the database refuses what it is asked, the rule that speaks of it, and how a page is answered."""

    statement: str
    rule: str
    status: int = 500


def raised(code: str, rule: str) -> Breaking:
    return Breaking(TRIGGER.format(breaks=RAISED.format(code)), rule)


BREAKINGS = {
    "a constraint": Breaking(
        "ALTER TABLE reading ADD CONSTRAINT reading_never CHECK (false) NOT VALID", "database-contradicts"
    ),
    "not permitted": Breaking(
        "DO $$ BEGIN EXECUTE format('REVOKE INSERT ON reading FROM %I', current_user || '_log'); END $$",
        "database-forbids",
    ),
    "a limit of time": Breaking(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''300ms''', current_database()); END $$;"
        + TRIGGER.format(breaks="PERFORM pg_sleep(30);"),
        "database-slow",
    ),
    "a lost connection": Breaking(
        TRIGGER.format(breaks="PERFORM pg_terminate_backend(pg_backend_pid());"), "database-away", 503
    ),
    "a lock": raised("55P03", "database-busy"),
    "a deadlock": raised("40P01", "database-busy"),
    "no connection left": raised("53300", "database-busy"),
    "a full disk": raised("53100", "database-full"),
    "a broken index": raised("XX001", "database-fault"),
}


def broken(breaking: Breaking) -> None:
    """Let every line of the log of reading fail from now on, whoever connects."""
    with connection.cursor() as cursor:
        cursor.execute(breaking.statement)
    connection.close()


def sentence(rule: str, language: str) -> str:
    return parameters.load().sentence(rule, language)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", BREAKINGS)
def test_a_page_says_it_in_the_language_of_its_reader(walk: Walker, name: str, language: str) -> None:
    breaking = BREAKINGS[name]
    client = Client()
    client.force_login(account_of(CAST["operator"]))
    client.cookies["django_language"] = language
    address = f"/o/{walk.house.wife}"
    assert client.get(address).status_code == 200
    broken(breaking)
    answer = client.get(address)
    assert answer.status_code == breaking.status
    text = html.unescape(answer.content.decode())
    words = sentence(breaking.rule, language)
    if breaking.status == 503:
        words = {"id": "Permintaan Anda aman. Coba lagi sebentar.", "en": "Your request is safe."}[language]
    assert words in text
    assert not RAW.search(re.sub(r"<[^>]*>", " ", text)), RAW.search(text)
    assert NIK not in text
    assert "Siti" not in text, "what could not be logged is not shown"
    kept = list(Incident.objects.values_list("path", flat=True))
    assert kept == ([] if breaking.status == 503 else [address]), "the details are kept for who mends it"


@pytest.mark.parametrize(
    ("name", "language"),
    [("a constraint", "id"), ("not permitted", "en"), ("a limit of time", "id"), ("a lost connection", "en")],
)
def test_a_command_says_it_too_and_keeps_the_details_in_a_file(
    walk: Walker, name: str, language: str, tmp_path: Path
) -> None:
    breaking = BREAKINGS[name]
    assert walk.house.wife
    broken(breaking)
    told = {**environment(_address(), tmp_path), "MUTAKHIR_LANGUAGE": language}
    done = subprocess.run(
        [sys.executable, "-m", "mutakhir", "show", NIK], env=told, capture_output=True, text=True, check=False
    )
    words, file = done.stderr.splitlines()
    assert words == f"{sentence(breaking.rule, language)} [{breaking.rule}]"
    assert done.returncode == (5 if breaking.rule == "database-away" else 1)
    assert not done.stdout, "what could not be logged is not shown"
    kept = Path(file)
    assert kept.parent == tmp_path
    assert kept.stat().st_mode & 0o077 == 0
    assert "Traceback" in kept.read_text()


def test_a_form_that_breaks_changes_nothing_and_says_so(walk: Walker) -> None:
    walk.must("record", "operator").must("prove", "operator").must("reserve", "operator")
    client = Client()
    client.force_login(account_of(CAST["operator"]))
    before = EventRow.objects.count()
    broken(Breaking("ALTER TABLE event ADD CONSTRAINT event_never CHECK (false) NOT VALID", ""))
    told = {"statement": "Tidak jadi.", "seen": walk.request.version, "form_id": str(uuid4())}
    answer = client.post(f"/p/{walk.number}/tarik", told)
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 500
    assert sentence("database-contradicts", "id") in text
    assert not RAW.search(re.sub(r"<[^>]*>", " ", text))
    assert EventRow.objects.count() == before
    assert "event_never" in Incident.objects.get().trace


def _address() -> str:
    """The database that Django works on now, as a program is told it."""
    told = connection.get_connection_params()
    user, password, host = (
        quote(str(told.get(name) or ""), safe="") for name in ("user", "password", "host")
    )
    return f"postgresql://{user}:{password}@/{told['dbname']}?host={host}&port={told.get('port') or 5432}"
