"""The site while its database is away, and while several people do the same thing at the same instant."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.db import connection
from django.test import Client

from mutakhir import wiring
from mutakhir.node import postgres
from mutakhir.node.site import web_command
from mutakhir.store.models import Account, EventRow, Incident, RequestNow, Submitted
from tests.builders import CAST, PostgresGround, Walker
from tests.databases import apart, environment, migrated, used_by_django
from tests.web.pages import QUICK, account_of, load_places

ANSWER_SECONDS = 60.0
SMALL = {"shared_buffers": "16MB", "max_connections": "20"}
SETTING_UP = """
import sys
from mutakhir.node.program import set_up
set_up(sys.argv[1], migrate=True)
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from mutakhir import wiring
from mutakhir.core.actors import Role
account = wiring.create_account(
    "tutik", "Tutik", "kata-sandi", [(Role.VILLAGE_OPERATOR, "3508152001")], by="test", now=wiring.clock(), must_change=False
)
session = SessionStore()
session["_auth_user_id"] = str(account.pk)
session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
session["_auth_user_hash"] = account.get_session_auth_hash()
session.save()
print(session.session_key)
"""


# --- the database is away -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is really served, with a database server of its own."""

    port: int
    session: str
    data: Path
    log: Path

    def page(self, address: str, *, seconds: float = ANSWER_SECONDS) -> tuple[int, str]:
        """Status and text of a page, as somebody who is signed in sees it."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            asked.request("GET", address, headers={"Cookie": f"sessionid={self.session}"})
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
        finally:
            asked.close()

    def postmaster(self) -> psutil.Process:
        pid = next(self.data.glob("**/postmaster.pid")).read_text().split()[0]
        return psutil.Process(int(pid))


def until(happened: Callable[[], bool], seconds: float = ANSWER_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.05)


@contextmanager
def served(url: str, data: Path) -> Iterator[Site]:
    """The web server of a node, on a database that is there."""
    told = {**environment(url, data), "MUTAKHIR_SECRET": "s" * 40, "MUTAKHIR_HOSTS": "127.0.0.1"}
    made = subprocess.run(
        [sys.executable, "-c", SETTING_UP, url], env=told, capture_output=True, text=True, check=True
    )
    port = postgres.free_port()
    log = data / "site.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            web_command("127.0.0.1", port), env=told, stdout=output, stderr=output, start_new_session=True
        )
        try:
            site = Site(port, made.stdout.strip(), data, log)
            until(lambda: _listens(port))
            yield site
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(ANSWER_SECONDS)


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mutakhir-site-") as name:
        Path(name).chmod(0o755)
        (Path(name) / "s").mkdir(mode=0o700)
        yield Path(name)


PAGES = ("/", "/keluarga", "/sehat", "/p/1", "/masuk?next=/")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_while_the_database_is_away_pages_say_so_and_come_back_by_themselves(folder: Path) -> None:
    with postgres.server(folder / "data", sockets=folder / "s", options=SMALL) as url:
        impatient = f"{url}{'&' if '?' in url else '?'}connect_timeout=2"
        with served(impatient, folder) as site:
            # The server stands still before anybody is connected to it: who asks is told, and does not wait for ever.
            site.postmaster().send_signal(signal.SIGSTOP)
            status, text = site.page("/keluarga")
            assert status == 503
            assert "Permintaan Anda aman" in text
            site.postmaster().send_signal(signal.SIGCONT)
            until(lambda: site.page("/keluarga")[0] == 200)

            # It is killed while everybody is connected.
            workers = [one.pid for one in psutil.Process(_holder_of(site)).children(recursive=True)]
            site.postmaster().kill()
            until(lambda: site.page("/sehat")[0] == 503)
            for address in PAGES:
                status, text = site.page(address)
                assert status in (200, 503), address
                assert "Traceback" not in text, address
                assert "OperationalError" not in text, address
                if status == 503:
                    assert text.count("<h1") == 1
                    assert "Halaman ini belum bisa dibuka" in text

            # It is there again: the same processes go on, and who was signed in still is.
            with postgres.server(folder / "data", sockets=folder / "s", options=SMALL) as again:
                assert again == url
                until(lambda: site.page("/keluarga")[0] == 200)
                assert site.page("/sehat")[0] == 200
                assert [
                    one.pid for one in psutil.Process(_holder_of(site)).children(recursive=True)
                ] == workers


def _holder_of(site: Site) -> int:
    """The process that holds the site's port."""
    found = [
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if str(site.port) in (one.info["cmdline"] or []) and "granian" in (one.info["cmdline"] or [])
    ]
    return min(found)


# --- at the same instant --------------------------------------------------------------------------------------------


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do several things at the same instant, each on a connection of its own."""
    ready = threading.Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            ready.wait(ANSWER_SECONDS)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [one.result(ANSWER_SECONDS) for one in [threads.submit(do, deed) for deed in deeds]]


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


TOGETHER = 5


@pytest.fixture(scope="module")
def template(database_url: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), migrated(database_url) as name:
        yield name


@pytest.fixture
def walk(
    template: str, database_url: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Walker]:
    """A walk on a database of its own, in which what is done is really committed."""
    settings.PASSWORD_HASHERS = QUICK
    with django_db_blocker.unblock(), apart(database_url, template=template) as own, used_by_django(own):
        load_places()
        walker = Walker(PostgresGround())
        monkeypatch.setattr(wiring, "clock", lambda: walker.now)
        yield walker


def test_of_two_operators_one_is_told_what_the_other_changed_and_loses_nothing(walk: Walker) -> None:
    walk.must("record", "operator").must("prove", "operator").must("reserve", "operator")
    people = {who: client_of(account_of(CAST[who])) for who in ("operator", "other operator")}
    names = {who: CAST[who].name for who in people}
    address, seen = f"/p/{walk.number}/tarik", walk.request.version
    before = EventRow.objects.count()
    said = {who: f"Kata {names[who]} <b>pemohon</b> tidak jadi." for who in people}

    def deed(who: str) -> Callable[[], Any]:
        told = {"statement": said[who], "seen": seen, "form_id": str(uuid4())}
        return lambda: people[who].post(address, told)

    answers = dict(zip(people, at_once([deed(who) for who in people]), strict=True))
    assert sorted(one.status_code for one in answers.values()) == [302, 422]
    (loser,) = (who for who, one in answers.items() if one.status_code != 302)
    (winner,) = (who for who in people if who != loser)
    text = answers[loser].content.decode()
    assert names[winner] in text, "the other one is named"
    assert f"Kata {names[loser]} &lt;b&gt;pemohon&lt;/b&gt; tidak jadi." in text, "what was typed is lost"
    assert "<b>pemohon" not in text
    assert walk.state == "withdrawn"
    assert [event.type for event in walk.history].count("withdrawn") == 1
    assert walk.history[-1].actor == CAST[winner].login
    assert EventRow.objects.count() == before + 1
    assert not Incident.objects.exists()


def test_of_two_who_fill_in_one_draft_neither_overwrites_the_other_unseen(walk: Walker) -> None:
    walk.must("record", "operator")
    people = {who: client_of(account_of(CAST[who])) for who in ("operator", "other operator")}
    address = f"/catat/{walk.number}/isian/perumahan/floor_material?tampil=satu"
    version = walk.request.version
    for client in people.values():
        assert client.get(address).status_code == 200
    wanted = dict(zip(people, ("7", "5"), strict=True))

    def deed(who: str) -> Callable[[], Any]:
        told = {"floor_material": wanted[who], "seen": version, "form_id": str(uuid4())}
        return lambda: people[who].post(address, told)

    answers = dict(zip(people, at_once([deed(who) for who in people]), strict=True))
    done = [who for who, one in answers.items() if one.status_code == 302]
    last = next(one.wanted for one in walk.request.changes if one.attribute == "floor_material")
    if len(done) == 2:
        # Who had written last could go on with their own: then the other one came second and is the one that counts.
        raise AssertionError("both were taken in, and one of them was overwritten unseen")
    (loser,) = (who for who in people if who not in done)
    assert last == wanted[done[0]]
    text = answers[loser].content.decode()
    assert CAST[done[0]].name in text
    assert f'value="{wanted[loser]}" checked' in " ".join(text.split()) or "checked" in text
    assert not Incident.objects.exists()


def test_one_form_sent_five_times_at_once_is_carried_out_once(walk: Walker) -> None:
    house = walk.house
    clients = [client_of(account_of(CAST["operator"])) for _ in range(TOGETHER)]
    form = str(uuid4())
    told = {
        "kind": "living_conditions", "applicant": "Sri", "standing": "member", "birth_date_year": "1980", "form_id": form,
    }  # fmt: skip
    deeds = [lambda client=client: client.post(f"/catat/keluarga/{house.family}", told) for client in clients]
    answers = at_once(deeds)
    assert [one.status_code for one in answers] == [302] * TOGETHER
    (request,) = RequestNow.objects.all()
    assert {str(request.id) in one.headers["Location"] for one in answers} == {True}
    assert EventRow.objects.filter(kind="request").count() == 1
    assert Submitted.objects.filter(form=form).count() == 1

    walk.requests["A"] = request.id
    walk.must("prove", "operator").must("reserve", "operator")
    again = {"statement": "Tidak jadi.", "seen": walk.request.version, "form_id": str(uuid4())}
    deeds = [lambda client=client: client.post(f"/p/{request.id}/tarik", again) for client in clients]
    answers = at_once(deeds)
    assert [one.status_code for one in answers] == [302] * TOGETHER
    assert [event.type for event in walk.history].count("withdrawn") == 1
    assert not Incident.objects.exists()
