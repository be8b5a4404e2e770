"""Rows of a list, read and checked, in batches that depend on the file alone; of a long file by a process of its own."""

from __future__ import annotations

import functools
import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

import msgspec

from mutakhir import parameters
from mutakhir.core.rules.intake import Entry, Occurrences
from mutakhir.core.rules.rows import RowRules
from mutakhir.gateways.layouts import open_records, read_mapping
from mutakhir.gateways.regions import find_by_names, read_regions

FAMILY_ROWS_MOST = 500
"""So many rows more than it should have a batch takes in, so that a family is not cut in two."""
_LENGTH_BYTES = 8


class ReadingStopped(Exception):
    """Whoever reads a file ended before the file did. `trace` is what it left for those who mend the program."""

    def __init__(self, code: int, trace: str) -> None:
        super().__init__(f"whoever reads the file ended with {code}")
        self.trace = trace


@dataclass(frozen=True, slots=True)
class Listed:
    """A file to be read, for the region being filled, in batches of so many rows.

    `as_of` is the day that it speaks of, `today` the one on which it is read. A `production` node takes no number of
    the training region. A `mapping` is the file that describes a layout which this program does not know.
    """

    path: str
    region: str
    as_of: date
    today: date
    production: bool
    batch_rows: int
    mapping: str | None = None


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows in their order, and the cells of those that are rejected, by the number of the row."""

    entries: list[Entry]
    cells: dict[int, tuple[str, ...]]


def read_batches(listed: Listed, *, rows: int) -> Generator[RowBatch]:
    """The batches of a file of so many rows. One batch is read here; of more, each is read while the last is at work."""
    return read_here(listed) if rows <= listed.batch_rows else read_apart(listed)


def read_here(listed: Listed) -> Generator[RowBatch]:
    table, layout = open_records(
        Path(listed.path),
        constants={"decile_version": listed.as_of.isoformat()},
        mapping=read_mapping(Path(listed.mapping)) if listed.mapping else None,
    )
    rules = RowRules(
        parameters.load().attributes,
        today=listed.today,
        known=_is_region,
        scope=listed.region,
        production=listed.production,
        named=functools.partial(find_by_names, scope=listed.region),
    )
    occurrences = Occurrences()
    most = listed.batch_rows
    batch = RowBatch([], {})
    with table:
        for row in table.rows:
            entry = occurrences.enter(rules.validate(layout.read(row)))
            entries = batch.entries
            if len(entries) >= most and (
                entry.row.family_key is None
                or entry.row.family_key != entries[-1].row.family_key
                or len(entries) >= most + FAMILY_ROWS_MOST
            ):
                yield batch
                batch = RowBatch([], {})
            batch.entries.append(entry)
            if entry.row.rejected:
                batch.cells[entry.row.row_number] = tuple(map(str, row[1]))
    if batch.entries:
        yield batch


def read_apart(listed: Listed) -> Generator[RowBatch]:
    """The same batches, each read by a process of its own while the caller works on the one before.

    The process ends with this one, however that ends: nobody takes what it writes then. If it ends before the file
    does, ReadingStopped says so.
    """
    decode = msgspec.msgpack.Decoder(RowBatch).decode
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(msgspec.msgpack.encode(listed))
            process.stdin.close()
            while (part := _receive(process.stdout)) is not None:
                yield decode(part)
        finally:
            # At the end of the file it has ended by itself; otherwise nobody wants the rest.
            process.stdout.close()
            if process.wait() and sys.exc_info()[0] is None:
                complaints.seek(0)
                raise ReadingStopped(process.returncode, complaints.read().decode(errors="replace"))


def _send(stream: IO[bytes], part: bytes) -> None:
    stream.write(len(part).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(part)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes | None:
    """The next part; None at the end, and where the other side stopped in the middle of a part."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    part = stream.read(wanted := int.from_bytes(length, "big"))
    return part if len(part) == wanted else None


@functools.cache
def _regions_of(kabupaten: str) -> frozenset[str]:
    return frozenset(region.code for region in read_regions(kabupaten))


def _is_region(code: str) -> bool:
    return code in _regions_of(code[:4])


def main() -> None:
    """The process of its own: from standard input which file, to standard output its batches."""
    # Whoever interrupts the import means the caller; this process follows when nobody takes what it writes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Rows hold no cycles, and looking for some would be a fifth of the work.
    gc.disable()
    listed = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Listed)
    encode = msgspec.msgpack.Encoder().encode
    try:
        for batch in read_here(listed):
            _send(sys.stdout.buffer, encode(batch))
    except BrokenPipeError:
        # What is left in the buffer goes nowhere, without a complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
