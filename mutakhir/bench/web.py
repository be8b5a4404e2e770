"""Pages of a whole kabupaten under load: what people wait for, and how a search for a NIK stands beside a bare view."""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import psutil
import psycopg

from mutakhir.bench.databases import in_process, one_row, settle
from mutakhir.bench.measures import Measure, Run, peak_rss_mib
from mutakhir.bench.visitor import Forms, Visitor
from mutakhir.synth.errors import misspell

BAR = 0.6
BASELINE = "a bare view: the leanest Django on the same server, one indexed query, the same row in the log of readings"
SHARE = 10
"""Persons to a request: a register of a million has 100,000 requests."""
REQUESTS_AT_LEAST = 2_000
CLIENTS = 20
OPEN_RATE = 20
"""Requests a second of the open loop, whatever the site does."""
SECONDS = 30
"""How long each of the two loads lasts."""
SEARCHES = 400
"""Searches a run, of each side, by four clients."""
NAMES = 300
"""Misspelt names of which the right person must be found: as many in each scope that the desks have."""
FIRST = 10
"""The right person must stand among so many."""
LETTERS = "aiueonrstkmdlhgbyjpw"

APPROVE = ("step", "verify:verified")
WRITES = ("save_draft", "decide_row")
MIX: Mapping[str, int] = {
    "work_list": 25, "nik_search": 20, "name_search": 10, "family_page": 25, "batch_page": 10, "save_draft": 5,
    "decide_row": 5,
}  # fmt: skip
"""How often each operation comes, of 100."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person that somebody may look for."""

    id: int
    nik: str
    name: str
    family: int


@dataclass(frozen=True, slots=True)
class Post:
    """A desk: who sits there, what lies within reach, and the batches that are worked on."""

    login: str
    scope: str
    role: str
    people: tuple[Known, ...]
    batches: tuple[int, ...]


def measure(*, size: int, repeats: int = 3, seed: int = 1, seconds: int = SECONDS) -> Measure:
    """Fill a register of `size` persons with a tenth as many requests, serve it, and visit it under both loads.

    Each load lasts so many seconds.
    """
    url = os.environ["DATABASE_URL"]
    dice = random.Random(f"mutakhir web {seed}")
    password = secrets.token_urlsafe()
    with tempfile.TemporaryDirectory(prefix="mutakhir-bench-") as folder:
        filled = _fill(url, size, seed, password, Path(folder))
    posts = _posts(url, dice)
    from mutakhir.node import site
    from mutakhir.node.postgres import free_port

    port, bare_port = free_port(), free_port()
    # A visitor has no telephone: the password alone opens.
    os.environ["MUTAKHIR_SECOND_FACTOR"] = "optional"
    with site.site("127.0.0.1", port) as processes:
        processes.start(
            "bare", site.web_command("127.0.0.1", bare_port, application="mutakhir.bench.bare:application")
        )
        site.wait_for_answer(processes, "127.0.0.1", bare_port)
        address, bare = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}"
        desks = [Desk(post, Visitor(address).sign_in(post.login, password), dice.random()) for post in posts]
        for desk in desks:
            desk.sit_down()
        ours, baseline, logged = _compare(url, desks, bare, repeats)
        found, missed = _misspelt(desks, dice)
        opened = _figures(_open_loop(desks, seconds))
        closed = _figures(_closed_loop(desks, seconds))
        for desk in desks:
            desk.visitor.leave()
    return Measure(
        name="web", size=size, unit="searches for a NIK/s", ours=ours, baseline=baseline, bar=BAR,
        counts={**filled, "logged": logged}, baseline_means=BASELINE,
        differences=[
            f"{side} logged {number} of {SEARCHES * repeats} searches"
            for side, number in logged.items()
            if number != SEARCHES * repeats
        ],
        units=SEARCHES,
        particulars={
            "operations": closed, "open_loop": opened, "misspelt_found": round(sum(found.values()) / len(found), 3),
            "misspelt_found_by": found,
            "clients": CLIENTS, "scopes": {one.role: one.scope for one in posts}, "missed": missed,
        },
    )  # fmt: skip


# --- a register that is full ----------------------------------------------------------------------------------------


def _fill(url: str, size: int, seed: int, password: str, folder: Path) -> dict[str, Any]:
    where = ("--region", "3508", "--out", str(folder), "--seed", str(seed))
    begun = perf_counter()
    listed = in_process("mutakhir", "synth", "--persons", str(size), *where, "--json", url=url)
    told = ("--as-of", "2026-06-01", "--authority", "social", "--json")
    taken = in_process("mutakhir", "import", "registry", listed["paths"]["list"], *told, url=url)
    imported = perf_counter() - begun
    asked = in_process(
        __name__, "fill", str(max(size // SHARE, REQUESTS_AT_LEAST)), str(seed), password, url=url
    )
    settle(url)
    return {"imported": taken["in"], "seconds_to_import": round(imported), **asked}


def fill(size: int, seed: int, password: str) -> dict[str, Any]:
    """Requests in the reserve and in the villages' batches, handed over, and an account for every desk."""
    from mutakhir import wiring
    from mutakhir.bench import reserve
    from mutakhir.core.actors import Role
    from mutakhir.wiring.regions import load_regions
    from mutakhir.wiring.timekeeping import hand_over_minuted, pack_waiting

    load_regions()
    now = wiring.clock()
    days = reserve.Days(now.date() - timedelta(days=45))
    filled = reserve.fill(size=size, seed=seed + 5000, days=days, first_sequence=5000)
    pack_waiting(filled.window, now=days.now)
    moved = hand_over_minuted(filled.window, now=days.now)
    places = [one.code for one in reserve.villages_of(reserve.KABUPATEN)]
    held = {
        "village_operator": places,
        "camat": sorted({place[:6] for place in places}),
        "verifier": [reserve.KABUPATEN],
    }
    for number in range(CLIENTS):
        role = tuple(held)[number % len(held)]
        region = held[role][number % len(held[role])]
        wiring.create_account(
            f"bench{number}", f"Petugas {number}", password, [(Role(role), region)],
            by="bench", now=now - timedelta(days=30), must_change=False,
        )  # fmt: skip
    return {"requests": len(filled.truth), "handed_over": moved["handed_over"], "villages": filled.villages}


def _posts(url: str, dice: random.Random) -> list[Post]:
    with psycopg.connect(url) as owner:
        accounts = owner.execute(
            "SELECT a.login, h.role, h.region FROM account a JOIN role_held h ON h.account_id = a.id "
            "WHERE a.login LIKE 'bench%' ORDER BY a.id"
        ).fetchall()
        batches = [row[0] for row in owner.execute(
            "SELECT batch FROM request_now WHERE state = 'handed_over' GROUP BY batch ORDER BY count(*) DESC, batch"
        )]  # fmt: skip
        found = []
        for place, (login, role, region) in enumerate(accounts):
            people = owner.execute(
                "SELECT id, nik, name, family FROM person_now WHERE region >= %s AND region < %s AND nik LIKE '99%%' "
                "AND family IS NOT NULL AND registered ORDER BY id LIMIT 100000",
                [region, region + "~"],
            ).fetchall()
            some = tuple(Known(*row) for row in dice.sample(people, min(300, len(people))))
            found.append(Post(login, region, role, some, tuple(batches[place::CLIENTS])))
    return found


# --- what people do -------------------------------------------------------------------------------------------------


class Desk:
    """A visitor who works: each deed is one operation by its name, and tells how long it took."""

    def __init__(self, post: Post, visitor: Visitor, seed: float) -> None:
        self.post = post
        self.visitor = visitor
        self._dice = random.Random(seed)
        self._draft = ""
        self._batches = list(post.batches)
        self._deeds: dict[str, Callable[[], float]] = {
            "work_list": self.see_work,
            "nik_search": self.search_nik,
            "name_search": self.search_name,
            "family_page": self.see_family,
        }
        if post.role == "verifier":
            self._deeds |= {"batch_page": self.see_batch, "decide_row": self.decide}
        if post.role == "village_operator":
            self._deeds["save_draft"] = self.save_draft
        self._weights = [MIX[name] for name in self._deeds]

    def sit_down(self) -> None:
        """Open every page once, as on a morning: what the first visit costs is not measured."""
        if self.post.role == "village_operator":
            self._begin_draft()
        for deed in self._deeds.values():
            deed()

    def do_something(self) -> tuple[str, float]:
        name = self._dice.choices(tuple(self._deeds), self._weights)[0]
        return name, self._deeds[name]()

    def see_work(self) -> float:
        return self._timed("/")

    def search_nik(self) -> float:
        one = self.somebody()
        return self._timed(f"/cari?q={one.nik}", f"/o/{one.id}")

    def search_name(self) -> float:
        return self._timed(f"/cari?q={spoilt(self.somebody().name, self._dice).replace(' ', '+')}")

    def see_family(self) -> float:
        return self._timed(f"/k/{self.somebody().family}")

    def see_batch(self) -> float:
        return self._timed(f"/kumpulan/{self._batches[0]}")

    def decide(self) -> float:
        """Approve the next row; LookupError when every batch of this desk is decided."""
        while self._batches:
            address = f"/kumpulan/{self._batches[0]}"
            form = Forms.with_field(self.visitor.get(address), "row")
            if APPROVE in form.buttons:
                return self._sent(form.action or address, {**form.fields, **dict([APPROVE])})
            del self._batches[0]
        raise LookupError("nothing is left to decide: the register is too small for this load")

    def save_draft(self) -> float:
        form = Forms.with_field(self.visitor.get(self._draft), "floor_material")
        return self._sent(
            form.action or self._draft, {**form.fields, "floor_material": self._dice.choice("2345678")}
        )

    def found_first(self, one: Known, words: str) -> bool:
        """Whether a person stands among the first that a search shows."""
        text = self.visitor.get(f"/cari?q={words.replace(' ', '+')}")
        shown = list(dict.fromkeys(re.findall(r'href="/o/(\d+)', text)))
        return str(one.id) in shown[:FIRST]

    def _begin_draft(self) -> None:
        address = f"/catat/keluarga/{self.somebody().family}"
        form = Forms.with_field(self.visitor.get(address), "kind")
        where = self.visitor.post(form.action or address, {**form.fields, "kind": "living_conditions"})
        number = re.search(r"/catat/(\d+)", where)
        assert number, f"no draft was begun: {where}"
        self._draft = f"/catat/{number[1]}/isian/perumahan"

    def somebody(self) -> Known:
        return self._dice.choice(self.post.people)

    def _timed(self, path: str, shown: str = "") -> float:
        begun = perf_counter()
        text = self.visitor.get(path)
        took = perf_counter() - begun
        assert shown in text, f"{path} does not show {shown}"
        return took

    def _sent(self, path: str, fields: Mapping[str, str]) -> float:
        begun = perf_counter()
        self.visitor.post(path, fields)
        return perf_counter() - begun


def spoilt(name: str, dice: random.Random) -> str:
    """A name as it is misspelt: by the habits of clerks, or by one or two letters typed wrongly."""
    if dice.random() < 0.5:
        return misspell(name, dice.random)
    letters = list(name)
    for _edit in range(dice.choice((1, 2))):
        place = dice.randrange(1, len(letters)) if len(letters) > 1 else 0
        match dice.randrange(3):
            case 0:
                letters[place] = dice.choice(LETTERS)
            case 1:
                letters.insert(place, dice.choice(LETTERS))
            case _ if len(letters) > 4:
                del letters[place]
    return "".join(letters)


# --- loads ----------------------------------------------------------------------------------------------------------

Times = dict[str, list[float]]


def _open_loop(desks: Sequence[Desk], seconds: int) -> Times:
    """People come at a steady rate, whether or not those before have been served; waiting for a free desk counts."""
    times: Times = defaultdict(list)
    begun = perf_counter()
    turns = iter(range(OPEN_RATE * seconds))
    lock = threading.Lock()

    def work(desk: Desk) -> None:
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            due = begun + turn / OPEN_RATE
            if (left := due - perf_counter()) > 0:
                sleep(left)
            late = max(0.0, perf_counter() - due)
            name, took = desk.do_something()
            with lock:
                times[name].append(late + took)

    _together(work, desks)
    return times


def _closed_loop(desks: Sequence[Desk], seconds: int) -> Times:
    """Everybody asks again as soon as they are answered."""
    times: Times = defaultdict(list)
    until = perf_counter() + seconds
    lock = threading.Lock()

    def work(desk: Desk) -> None:
        while perf_counter() < until:
            name, took = desk.do_something()
            with lock:
                times[name].append(took)

    _together(work, desks)
    return times


def _together(work: Callable[[Desk], None], desks: Sequence[Desk]) -> None:
    trouble: list[BaseException] = []

    def guarded(desk: Desk) -> None:
        try:
            work(desk)
        except Exception as error:
            trouble.append(error)

    threads = [threading.Thread(target=guarded, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if trouble:
        raise trouble[0]


def _figures(times: Times) -> dict[str, dict[str, Any]]:
    return {
        name: {
            **{f"p{part}_ms": round(1000 * _quantile(times[name], part / 100), 1) for part in (50, 95, 99)},
            "count": len(times[name]),
            "write": name in WRITES,
        }
        for name in MIX
        if times.get(name)
    }


def _quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _compare(
    url: str, desks: Sequence[Desk], bare: str, repeats: int
) -> tuple[list[Run], list[Run], Counter[str]]:
    """Searches for a NIK by four clients, by turns through our page and through the bare view, and how many each logged."""
    some = desks[:4]
    runs: dict[str, list[Run]] = {"our page": [], "the bare view": []}
    lines = {desk.post.login: Visitor(bare) for desk in some}
    logged: Counter[str] = Counter()

    def ask_bare(desk: Desk) -> None:
        one = desk.somebody()
        text = lines[desk.post.login].get(f"/bare?q={one.nik}&scope={desk.post.scope}")
        assert f"[{one.id}," in text, text

    for _turn in range(repeats):
        for side, ask in (("our page", Desk.search_nik), ("the bare view", ask_bare)):
            before = _logged(url)
            begun = perf_counter()
            _together(_many(ask), some)
            runs[side].append(Run(perf_counter() - begun, _memory_of_site()))
            logged[side] += _logged(url) - before
    for line in lines.values():
        line.leave()
    return runs["our page"], runs["the bare view"], logged


def _logged(url: str) -> int:
    with psycopg.connect(url) as owner:
        return int(one_row(owner, "SELECT count(*) FROM reading WHERE purpose = 'search'")[0])


def _memory_of_site() -> float:
    """The most memory that the processes of the site have held, together, in MiB."""
    served = [
        one
        for one in psutil.Process().children(recursive=True)
        if any("mutakhir.site.wsgi" in word for word in one.cmdline())
    ]
    return sum(peak_rss_mib(one.pid) for one in served)


def _many(ask: Callable[[Desk], object]) -> Callable[[Desk], None]:
    def work(desk: Desk) -> None:
        for _search in range(SEARCHES // 4):
            ask(desk)

    return work


def _misspelt(desks: Sequence[Desk], dice: random.Random) -> tuple[dict[str, float], list[str]]:
    """By role, the share of misspelt names whose person stands among the first of its scope; and some that were missed."""
    shares, missed = {}, []
    by_role = {desk.post.role: desk for desk in desks}
    for role, desk in by_role.items():
        people = dice.sample(desk.post.people, min(NAMES // len(by_role), len(desk.post.people)))
        words = {one: spoilt(one.name, dice) for one in people}
        unseen = [one for one in people if not desk.found_first(one, words[one])]
        shares[role] = round(1 - len(unseen) / len(people), 3)
        missed += [f"{role}: {one.name}: {words[one]}" for one in unseen[:5]]
    return shares, missed


if __name__ == "__main__":
    from mutakhir.node.program import set_up

    set_up(os.environ["DATABASE_URL"], migrate=False)
    assert sys.argv[1] == "fill"
    print(json.dumps(fill(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])))
