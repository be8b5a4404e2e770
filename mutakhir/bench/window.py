"""Packing a reserve into the batches of an open window, beside bare psycopg that writes the same rows."""

from __future__ import annotations

import json
import os
import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, LiteralString

import psycopg
from psycopg.types.string import TextLoader

from mutakhir.bench.databases import by_turns, digests_of, in_process, one_row, settle
from mutakhir.bench.measures import Measure, Run, peak_rss_mib

BATCH = 5_000
"""Requests a transaction, on both sides."""
BAR = 0.5

BASELINE = (
    "bare psycopg: the finished rows, as values, by COPY into the same tables and, where they replace others, into a "
    "stage and from there, with the same indexes and constraints and as many rows a transaction"
)

# --- the whole measurement ------------------------------------------------------------------------------------------


def measure(*, size: int, repeats: int = 3, seed: int = 1) -> Measure:
    """Fill a reserve, then pack it and write it bare, by turns, each on a fresh copy of the scratch database."""
    url = os.environ["DATABASE_URL"]
    counts: dict[str, Any] = {}
    untrue: list[str] = []
    with tempfile.TemporaryDirectory(prefix="mutakhir-bench-") as folder:
        truth, finished = Path(folder, "truth.csv"), Path(folder, "finished")
        filled = in_process(__name__, "fill", str(size), str(seed), str(truth), url=url)
        settle(url)
        marks = before(url)

        def packed(copy: str, first: bool) -> Run:
            done = in_process(__name__, "pack", str(filled["window"]), url=copy)
            untrue.extend(disagreements(copy, marks, truth))
            if first:
                counts.update({name: filled[name] for name in ("villages", "events_before")})
                counts.update(counted(copy, marks))
                finish(copy, marks, finished)
            return Run(**done)

        ours, baseline, differences = by_turns(
            url,
            repeats,
            ours=packed,
            bare=lambda copy: Run(**in_process(__name__, "write", str(finished), url=copy)),
            digests=lambda copy: digests(copy, marks),
        )
    return Measure(
        name="window", size=size, unit="requests/s", ours=ours, baseline=baseline, bar=BAR, counts=counts,
        differences=list(dict.fromkeys([*untrue, *differences])), baseline_means=BASELINE,
    )  # fmt: skip


# --- our side -------------------------------------------------------------------------------------------------------


def pack(window: int) -> Run:
    """Pack everything that is ready, as the node's job does: one transaction after the other until nothing is left."""
    from mutakhir import wiring
    from mutakhir.bench.reserve import NOW
    from mutakhir.wiring.timekeeping import pack_waiting

    wiring.terms()
    wiring.ask(lambda: wiring.open_register().windows(""))
    begun = perf_counter()
    pack_waiting(window, now=NOW, batch=BATCH)
    return Run(perf_counter() - begun, peak_rss_mib())


# --- the bare side --------------------------------------------------------------------------------------------------

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows of one transaction by table."""


def finish(url: str, marks: Mapping[str, int], file: Path) -> None:
    """Keep the rows that packing wrote, a transaction after the other, as values of Python."""
    with psycopg.connect(url) as owner:
        owner.adapters.register_loader("json", TextLoader)
        ranges = owner.execute(
            "SELECT min(first), max(last) FROM pending WHERE first > %s GROUP BY xmin::text ORDER BY 1",
            [marks["event"]],
        ).fetchall()
        with file.open("wb") as stream:
            for first, last in ranges:
                told = {"first": first, "last": last}
                rows: Rows = {
                    table: owner.execute(f"SELECT * FROM {table} WHERE {where}", told).fetchall()
                    for table, where in WRITTEN.items()
                }
                pickle.dump(rows, stream)


SUBJECTS = "SELECT subject FROM event WHERE id BETWEEN %(first)s AND %(last)s"
WRITTEN: Mapping[str, LiteralString] = {
    "event": "id BETWEEN %(first)s AND %(last)s ORDER BY id",
    "event_body": "event BETWEEN %(first)s AND %(last)s ORDER BY event",
    "pending": "first BETWEEN %(first)s AND %(last)s ORDER BY first",
    "batch_now": f"id IN ({SUBJECTS}) ORDER BY id",
    "request_now": f"id IN ({SUBJECTS}) ORDER BY id",
}
"""The tables that packing writes, and which of their rows a transaction wrote. Only those of requests replace others."""


def write(file: Path, url: str) -> Run:
    """Write finished rows: COPY what is new, COPY what replaces into a stage, one statement from there.

    Rows that were put into the form of COPY beforehand are written no faster: the server is what takes the time.
    """
    transactions: list[Rows] = []
    with file.open("rb") as stream:
        while stream.peek(1):
            transactions.append(pickle.load(stream))  # noqa: S301 (our own file)
    with psycopg.connect(url) as owner:
        names = [
            f'"{name}"'
            for (name,) in owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'request_now'::regclass AND attnum > 0 "
                "AND NOT attisdropped ORDER BY attnum"
            )
        ]
        settings = ", ".join(f"{name} = excluded.{name}" for name in names if name != '"id"')
        replace = f"INSERT INTO request_now SELECT * FROM stage ON CONFLICT (id) DO UPDATE SET {settings}"
        owner.execute("CREATE TEMP TABLE stage (LIKE request_now) ON COMMIT DELETE ROWS")
        owner.commit()
        begun = perf_counter()
        for tables in transactions:
            for table in ("event", "event_body", "batch_now", "pending"):
                _copy(owner, table, tables[table])
            _copy(owner, "stage", tables["request_now"])
            owner.execute(replace)
            owner.commit()
        return Run(perf_counter() - begun, peak_rss_mib())


def _copy(owner: psycopg.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with owner.cursor().copy(f"COPY {table} FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)


# --- what both sides left behind ------------------------------------------------------------------------------------


def before(url: str) -> dict[str, int]:
    """The last event that was there before anything was packed."""
    with psycopg.connect(url) as owner:
        return {"event": one_row(owner, "SELECT coalesce(max(id), 0) FROM event")[0]}


CANONICAL: Mapping[str, str] = {
    "event": """
        SELECT concat_ws('|', e.kind, coalesce(b.region || '#' || b.number, e.subject::text), e.version, e.type,
               e.schema, e.holds_from, e.holds_to, e.recorded_at, e.actor, e.region, e.authority, e.record,
               e.caused_by, e.reason, o.body::jsonb - 'batch', t.region || '#' || t.number)
        FROM event e LEFT JOIN batch_now b ON b.id = e.subject LEFT JOIN event_body o ON o.event = e.id
        LEFT JOIN batch_now t ON t.id::text = o.body ->> 'batch' WHERE e.id > %(event)s""",
    "commitment": """
        SELECT (e.commitment = sha256(o.salt || convert_to(o.body::text, 'UTF8')))::text
        FROM event e JOIN event_body o ON o.event = e.id WHERE e.id > %(event)s""",
    "pending": """
        SELECT e.id - %(event)s || ' of ' || count(*)::text FROM pending p JOIN event e ON e.id BETWEEN p.first AND p.last
        WHERE p.first > %(event)s GROUP BY e.id""",
    "request_now": """
        SELECT (to_jsonb(r) - 'batch' - 'body')::text || (r.body::jsonb - 'batch')::text
               || coalesce(t.region || '#' || t.number, '-')
        FROM request_now r LEFT JOIN batch_now t ON t.id = r.batch""",
    "batch_now": """
        SELECT (to_jsonb(b) - 'id' - 'body')::text || (b.body::jsonb - 'id')::text FROM batch_now b""",
    "ticket": "SELECT to_jsonb(k)::text FROM ticket k",
}
"""Each row that packing may touch as one line of text that says the same on both sides.

Numbers that a sequence gave (events, batches) are left out or said by what they stand for: a batch by its village and
its place among the village's batches. Salts are random, and commitments with them: instead of being compared, each
commitment is checked against its salt and body.
"""


def digests(url: str, marks: Mapping[str, int]) -> dict[str, str]:
    """Count and digest of every table, and whether each commitment is right."""
    return digests_of(url, CANONICAL, marks, all_true="commitment")


def outcomes(url: str, marks: Mapping[str, int]) -> dict[int, str]:
    """What became of each request: by the one event that it got, or `stays` if it got none."""
    words = {"packed": "packed", "satisfied": "satisfied", "contradicted": "conflict"}
    with psycopg.connect(url) as owner:
        return {
            number: "+".join(words.get(type_, type_) for type_ in types) or "stays"
            for number, types in owner.execute(
                "SELECT r.id, coalesce(array_agg(e.type ORDER BY e.id) FILTER (WHERE e.id IS NOT NULL), '{}') "
                "FROM request_now r LEFT JOIN event e ON e.subject = r.id AND e.id > %s GROUP BY r.id",
                [marks["event"]],
            )
        }


def disagreements(url: str, marks: Mapping[str, int], truth: Path) -> list[str]:
    """Where the outcomes are not those of the truth file, by pairs of outcomes."""
    from mutakhir.bench.reserve import read_truth

    expected, found = read_truth(truth), outcomes(url, marks)
    pairs = Counter(
        (expected.get(number, "unknown"), found.get(number, "missing"))
        for number in expected.keys() | found.keys()
    )
    return [
        f"{count} requests should be {should} and are {are}"
        for (should, are), count in sorted(pairs.items())
        if should != are
    ]


def counted(url: str, marks: Mapping[str, int]) -> dict[str, Any]:
    with psycopg.connect(url) as owner:
        events, batches = one_row(
            owner,
            "SELECT (SELECT count(*) FROM event WHERE id > %(event)s), (SELECT count(*) FROM batch_now)",
            marks,
        )
    return {
        "outcomes": dict(sorted(Counter(outcomes(url, marks).values()).items())),
        "events_written": events,
        "batches": batches,
    }


def main(word: str, *arguments: str) -> dict[str, Any]:
    """One side, or the filling, in a process of its own on the database of DATABASE_URL."""
    from mutakhir.node.program import set_up

    url = os.environ["DATABASE_URL"]
    set_up(url, migrate=word == "fill")
    match word:
        case "fill":
            from mutakhir.bench import reserve

            size, seed, truth, *few = arguments
            places = reserve.villages_of(reserve.KABUPATEN)[: int(few[0]) if few else None]
            filled = reserve.fill(size=int(size), seed=int(seed), villages=places)
            reserve.write_truth(filled.truth, Path(truth))
            return {"window": filled.window, "villages": filled.villages, "events_before": filled.events}
        case "pack":
            run = pack(int(arguments[0]))
        case "write":
            run = write(Path(arguments[0]), url)
        case _:
            raise ValueError(word)
    return {"seconds": run.seconds, "peak_rss_mib": run.peak_rss_mib}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
