"""Taking a list of persons into an empty register, beside bare psycopg that brings the same rows in."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, LiteralString

import psutil
import psycopg

from mutakhir.bench.databases import by_turns, digests_of, in_process, one_row, settle
from mutakhir.bench.measures import Measure, Run, peak_rss_mib
from mutakhir.synth.errors import NIK_ERRORS

KABUPATEN = "3508"
AS_OF = date(2026, 11, 1)
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
BAR = 0.7
BLOCK_BYTES = 1 << 18

BASELINE = (
    "bare psycopg: finished rows, salted and committed to, by COPY into a stage and from there by one statement a "
    "table, with the same tables, indexes and constraints, all in one transaction; then the feed and the statistics"
)

# --- the whole measurement ------------------------------------------------------------------------------------------


def measure(*, size: int, repeats: int = 3, seed: int = 1) -> Measure:
    """Write a list of `size` persons with the errors of the field, then take it in and bring it in bare, by turns."""
    url = os.environ["DATABASE_URL"]
    counts: dict[str, Any] = {}
    false: list[str] = []
    with tempfile.TemporaryDirectory(prefix="mutakhir-bench-") as folder:
        finished = Path(folder, "finished")
        begun = perf_counter()
        listed = write_list(Path(folder, "list"), size=size, seed=seed)
        counts["list"] = {**listed["counts"], "written_in_s": round(perf_counter() - begun, 1)}
        settle(url)

        def taken_in(copy: str, first: bool) -> Run:
            done = in_process(__name__, "take", listed["list"], folder, url=copy)
            false.extend(untrue(copy, Path(listed["truth"]), done["counts"]))
            if first:
                counts.update(taken_in=done["counts"], bytes_per_person=bytes_per_person(copy))
                finish(copy, finished)
            return Run(done["seconds"], done["peak_rss_mib"])

        ours, baseline, differences = by_turns(
            url,
            repeats,
            ours=taken_in,
            bare=lambda copy: Run(**in_process(__name__, "write", str(finished), url=copy)),
            digests=digests,
        )
    return Measure(
        name="import", size=size, unit="persons/s", ours=ours, baseline=baseline, bar=BAR, counts=counts,
        differences=list(dict.fromkeys([*false, *differences])), baseline_means=BASELINE,
    )  # fmt: skip


def write_list(folder: Path, *, size: int, seed: int) -> dict[str, Any]:
    """A list in the layout of P3KE with what is true of each row beside it."""
    from mutakhir.bench.reserve import villages_of
    from mutakhir.synth import files
    from mutakhir.synth.errors import Rates

    written = files.write(
        folder, layout="p3ke", format="csv", seed=seed, persons=size, villages=villages_of(KABUPATEN),
        rates=Rates(), today=AS_OF,
    )  # fmt: skip
    counts = {name: written.counts[name] for name in ("persons", "rows", "families")}
    return {"list": str(written.paths["list"]), "truth": str(written.paths["truth"]), "counts": counts}


# --- our side -------------------------------------------------------------------------------------------------------


def take(file: Path) -> dict[str, Any]:
    """Take a list in as `mutakhir import registry` does; the memory is that of all its processes together."""
    from mutakhir import wiring
    from mutakhir.wiring.imports import List, import_registry
    from mutakhir.wiring.terminal import TERMINAL

    wiring.terms()
    wiring.ask(lambda: wiring.open_register().windows(""))
    peaks: dict[int, float] = {}

    def look(_: object) -> None:
        for child in psutil.Process().children(recursive=True):
            peaks[child.pid] = max(peaks.get(child.pid, 0.0), peak_rss_mib(child.pid))

    told = List(file, "social", AS_OF, KABUPATEN)
    begun = perf_counter()
    done = import_registry(told, actor=TERMINAL, clock=lambda: NOW, report=look)
    seconds = perf_counter() - begun
    return {"seconds": seconds, "peak_rss_mib": peak_rss_mib() + sum(peaks.values()), "counts": done.counts}


# --- the bare side --------------------------------------------------------------------------------------------------

STAGE: LiteralString = """
SELECT e.*, b.salt, b.body, p.name, p.name_key, p.nik, p.birth_date, p.sex, p.family, p.relation, p.registered,
       m.since, f.no_kk, f.dwelling, coalesce(p.attributes, f.attributes, d.attributes) AS attributes, i.kinds, i.values
FROM event e
JOIN event_body b ON b.event = e.id
LEFT JOIN person_now p ON p.id = e.subject
LEFT JOIN membership_open m ON m.person = e.subject
LEFT JOIN family_now f ON f.id = e.subject
LEFT JOIN dwelling_now d ON d.id = e.subject
LEFT JOIN LATERAL (
    SELECT array_agg(kind) AS kinds, array_agg(value) AS values FROM identifier WHERE subject = e.subject
) i ON true
ORDER BY e.id
"""
"""A finished row for each event of the list: every subject has one."""
STATEMENTS: tuple[LiteralString, ...] = (
    """INSERT INTO event SELECT id, subject, kind, version, type, schema, holds_from, holds_to, recorded_at, actor, region,
       authority, record, caused_by, reason, commitment FROM stage""",
    "INSERT INTO event_body (event, salt, body) SELECT id, salt, body FROM stage",
    """INSERT INTO person_now (id, region, name, name_key, nik, birth_date, sex, family, relation, registered, attributes,
       version) SELECT subject, region, name, name_key, nik, birth_date, sex, family, relation, registered, attributes,
       version FROM stage WHERE kind = 'person'""",
    """INSERT INTO family_now (id, region, no_kk, dwelling, attributes, version)
       SELECT subject, region, no_kk, dwelling, attributes, version FROM stage WHERE kind = 'family'""",
    """INSERT INTO dwelling_now (id, region, attributes, version)
       SELECT subject, region, attributes, version FROM stage WHERE kind = 'dwelling'""",
    """INSERT INTO membership_open (person, family, relation, since)
       SELECT subject, family, relation, since FROM stage WHERE kind = 'person' AND family IS NOT NULL""",
    """INSERT INTO identifier (kind, value, subject, since)
       SELECT i.kind, i.value, subject, holds_from FROM stage, unnest(kinds, values) AS i (kind, value)""",
    "INSERT INTO name_now (key) SELECT DISTINCT name_key FROM stage WHERE name_key <> ''",
    """INSERT INTO feed (position, event, numbered_at)
       SELECT row_number() OVER (ORDER BY id), id, clock_timestamp() FROM stage""",
    "UPDATE feed_head SET position = (SELECT count(*) FROM stage)",
)
TABLES = (
    "event", "event_body", "feed", "person_now", "family_now", "dwelling_now", "membership_open", "identifier", "name_now",
)  # fmt: skip


def finish(url: str, file: Path) -> None:
    """Keep the rows that the import wrote in the form of COPY: reading it costs the bare side next to nothing."""
    with (
        psycopg.connect(url) as owner,
        file.open("wb") as stream,
        owner.cursor().copy(f"COPY ({STAGE}) TO STDOUT") as parts,
    ):
        stream.writelines(parts)


def write(file: Path, url: str) -> Run:
    """Bring finished rows in: one COPY, then one statement a table."""
    with psycopg.connect(url) as owner:
        owner.execute(f"CREATE TEMP TABLE stage AS {STAGE} WITH NO DATA")
        owner.commit()
        begun = perf_counter()
        with file.open("rb") as stream, owner.cursor().copy("COPY stage FROM STDIN") as copy:
            while block := stream.read(BLOCK_BYTES):
                copy.write(block)
        for statement in STATEMENTS:
            owner.execute(statement)
        owner.commit()
        owner.execute("SELECT gin_clean_pending_list('name_now_trigrams')")
        for table in TABLES:
            owner.execute(f"ANALYZE {table}")
        owner.commit()
        return Run(perf_counter() - begun, peak_rss_mib())


# --- what both sides left behind ------------------------------------------------------------------------------------

CANONICAL: Mapping[str, LiteralString] = {
    "event": "SELECT (to_jsonb(e) - 'commitment')::text FROM event e",
    "event_body": "SELECT event || ' ' || body::text FROM event_body",
    "commitment": """SELECT (e.commitment = sha256(b.salt || convert_to(b.body::text, 'UTF8')))::text
                     FROM event e JOIN event_body b ON b.event = e.id""",
    "feed": "SELECT concat_ws(' ', position, event) FROM feed",
    "feed_head": "SELECT concat_ws(' ', register, position) FROM feed_head",
    "person_now": "SELECT to_jsonb(p)::text FROM person_now p",
    "family_now": "SELECT to_jsonb(f)::text FROM family_now f",
    "dwelling_now": "SELECT to_jsonb(d)::text FROM dwelling_now d",
    "membership_open": "SELECT to_jsonb(m)::text FROM membership_open m",
    "membership_closed": "SELECT (to_jsonb(m) - 'id')::text FROM membership_closed m",
    "identifier": "SELECT (to_jsonb(i) - 'id')::text FROM identifier i",
    "name_now": "SELECT key FROM name_now",
    "task": "SELECT to_jsonb(t)::text FROM task t",
}
"""Each row that the list brings in as one line of text that says the same on both sides.

Left out is what has no meaning: keys that only count, the moment of a number in the feed, and salts, which are random;
instead of being compared, each commitment is checked against its salt and body.
"""


def digests(url: str) -> dict[str, str]:
    return digests_of(url, CANONICAL, {}, all_true="commitment")


REJECTED_OF = 100_000
"""Of so many rows one may name nobody: without a number, and with a name such as Nan, which programs write for nothing."""
NUMBER_WRONG = frozenset(NIK_ERRORS) - {"dotted_nik"}
"""The errors of a list after which a row does not carry the NIK of its person."""


def untrue(url: str, truth: Path, taken: Mapping[str, int]) -> list[str]:
    """Where the register is not what the list was made from: rows, families, who is together, and whose number."""
    listed = persons = apart = wrong = 0
    true_family: dict[int, str] = {}
    with psycopg.connect(url) as owner:
        source = one_row(owner, "SELECT id FROM source")[0]
        known = iter(owner.execute("SELECT id & 4294967295, nik, family FROM person_now ORDER BY id"))
        families = one_row(owner, "SELECT count(*) FROM family_now")[0]
        if one_row(owner, "SELECT count(*) FROM person_now WHERE id >> 32 <> %(source)s", {"source": source})[
            0
        ]:
            return ["there are persons who are in no row of the list"]
    number, nik, family = next(known, (0, None, None))
    for row in _rows(truth):
        listed += 1
        # The header is the first row of the file.
        if number != int(row["row"]) + 1:
            continue
        persons += 1
        apart += true_family.setdefault(family, row["family"]) != row["family"]
        # Some errors have a particular after a colon.
        errors = {error.partition(":")[0] for error in row["errors"].split(";")}
        if NUMBER_WRONG.isdisjoint(errors):
            wrong += nik != row["nik"]
        number, nik, family = next(known, (0, None, None))
    most = 1 + listed // REJECTED_OF
    return [
        f"there should be {should} {name} and there are {found}"
        for name, found, should in (
            ("rows in or rejected", taken["in"] + taken["rejected"], listed),
            ("persons", persons, taken["in"]),
            ("families", families, len(set(true_family.values()))),
            ("persons in another's family", apart, 0),
            ("persons with another's number", wrong, 0),
            ("rows rejected, at most", max(taken["rejected"], most), most),
        )
        if found != should
    ]


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="") as stream:
        yield from csv.DictReader(stream)


def bytes_per_person(url: str) -> dict[str, int]:
    """What a person takes on the disk with indexes: the events with their bodies and places, and what is shown of now."""
    history = ("event", "event_body", "feed")
    with psycopg.connect(url) as owner:
        persons = one_row(owner, "SELECT count(*) FROM person_now")[0]
        sizes = {
            table: one_row(owner, f"SELECT pg_total_relation_size('{table}')")[0] / persons
            for table in TABLES
        }
    events = sum(sizes[table] for table in history)
    return {
        "history": round(events),
        "now": round(sum(sizes.values()) - events),
        "both": round(sum(sizes.values())),
    }


def main(word: str, *arguments: str) -> dict[str, Any]:
    """One side in a process of its own on the database of DATABASE_URL."""
    url = os.environ["DATABASE_URL"]
    match word:
        case "take":
            file, data = arguments
            # What is kept of the file goes away with the bench.
            os.environ["MUTAKHIR_DATA"] = data
            from mutakhir.node.program import set_up

            set_up(url, migrate=False)
            return take(Path(file))
        case "write":
            run = write(Path(arguments[0]), url)
            return {"seconds": run.seconds, "peak_rss_mib": run.peak_rss_mib}
        case _:
            raise ValueError(word)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
