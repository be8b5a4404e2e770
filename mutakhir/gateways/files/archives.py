"""Archives: a ZIP file with several lists in it, unpacked into a folder that goes away again."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mutakhir.gateways.files.delimited import BLOCK_BYTES
from mutakhir.gateways.files.table import refuse

FILES_MOST = 500
UNPACKED_BYTES = 4 << 30
"""The most that all files of an archive may hold together when they are unpacked."""
SUSPECT_BYTES = 64 << 20
SUSPECT_TIMES = 200
"""A list shrinks to a tenth or a thirtieth; what is so large and shrank to less than this share is no list."""
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Packed:
    """One list: where it lies now, and under which name it came; of an archive the name begins with the archive's."""

    path: Path
    name: str


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Packed, ...]]:
    """The lists in an archive in the order of their names; any other file is itself the only one.

    FileRefused where the archive is locked, damaged, empty, or unpacks to more than a list can be. Nothing of it is
    left behind.
    """
    if not _is_archive(path):
        yield (Packed(path, path.name),)
        return
    with tempfile.TemporaryDirectory(prefix="mutakhir-") as folder:
        yield _unpack(path, Path(folder))


def _is_archive(path: Path) -> bool:
    """Whether a file is a ZIP of files; documents of office programs are ZIPs too, and say so inside."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
        with zipfile.ZipFile(path) as archive:
            return _OFFICE.isdisjoint(archive.namelist())
    except OSError as error:
        raise refuse("file-unreadable", name=path.name) from error
    except _BROKEN as error:
        raise refuse("file-damaged") from error


def _unpack(path: Path, folder: Path) -> tuple[Packed, ...]:
    found: list[Packed] = []
    names: set[str] = set()
    left = UNPACKED_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            lists = sorted(filter(_is_list, archive.infolist()), key=lambda one: one.filename)
            if not lists:
                raise refuse("file-empty")
            if len(lists) > FILES_MOST:
                raise refuse("file-too-many-lists", maximum=FILES_MOST)
            for number, info in enumerate(lists):
                if info.flag_bits & 0x1:
                    raise refuse("file-password-protected")
                # The name inside is never a path here, so that nothing is written anywhere else.
                target = folder / str(number)
                left -= _copy(archive, info, target, most=min(left, _most(info)))
                name = PurePosixPath(info.filename).name
                # What is written beside one list must not take the place of what was written beside another.
                while name in names:
                    name = f"{number}-{name}"
                names.add(name)
                found.append(Packed(target, f"{path.name}.{name}"))
    except _BROKEN as error:
        raise refuse("file-damaged") from error
    return tuple(found)


def _is_list(info: zipfile.ZipInfo) -> bool:
    """What archiving programs add by themselves begins with a dot or lies in a folder of its own."""
    parts = PurePosixPath(info.filename).parts
    added = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
    return bool(parts) and not info.is_dir() and not added


def _most(info: zipfile.ZipInfo) -> int:
    return max(SUSPECT_BYTES, info.compress_size * SUSPECT_TIMES)


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, *, most: int) -> int:
    """Unpack one file and return its bytes; what the archive says of its size is not believed."""
    size = 0
    with archive.open(info) as packed, target.open("wb") as file:
        while block := packed.read(BLOCK_BYTES):
            size += len(block)
            if size > most:
                raise refuse("file-too-large", maximum_mib=most >> 20)
            file.write(block)
    return size
