"""Uploads: which files from people are taken, judged by what is in them and never by what they are called."""

from __future__ import annotations

import re
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal
from urllib.parse import quote

from mutakhir.core.refusals import Refusal
from mutakhir.gateways import exif

Form = Literal["pdf", "jpeg", "png"]

MEDIA_TYPES: dict[Form, str] = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
SUFFIXES: dict[Form, str] = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken at most."""

    photo_bytes: int
    scan_bytes: int
    picture_pixels: int


USUAL_LIMITS = Limits(photo_bytes=5 << 20, scan_bytes=20 << 20, picture_pixels=100_000_000)


_NO_PHOTOGRAPH = exif.Exif()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept. Width, height and what the camera said are of pictures only."""

    form: Form
    size_bytes: int
    width_pixels: int = 0
    height_pixels: int = 0
    photograph: exif.Exif = _NO_PHOTOGRAPH

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.form]


def examine(body: bytes, *, limits: Limits, zone: tzinfo) -> Upload | Refusal:
    """Judge a file. `zone` is the zone of the place, for cameras that wrote their hour without one. Never raises.

    PDF, JPEG and PNG are taken, whole and with nothing in or behind them that a program could run.
    """
    if not body:
        return Refusal.of("upload-empty")
    try:
        if body.startswith(b"%PDF-"):
            _within("upload-scan-too-large", len(body), limits.scan_bytes)
            _examine_pdf(body)
            return Upload("pdf", len(body))
        if body.startswith(_PNG_START):
            return _picture("png", body, _walk_png(body), limits, zone)
        if body.startswith(b"\xff\xd8\xff"):
            return _picture("jpeg", body, _walk_jpeg(body), limits, zone)
    except _Unfit as found:
        return found.refusal
    return Refusal.of("upload-form-unknown")


def serving_headers(form: Form, *, name: str) -> dict[str, str]:
    """The headers under which a kept file is given back: as what it is, to be saved, never to be run or guessed at."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "berkas"
    suffix = SUFFIXES[form]
    return {
        "Content-Type": MEDIA_TYPES[form],
        "Content-Disposition": (
            f"attachment; filename=\"{plain}{suffix}\"; filename*=UTF-8''{quote(name, safe='')}{suffix}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


class _Unfit(Exception):
    def __init__(self, rule: str, **particulars: str | int) -> None:
        self.refusal = Refusal.of(rule, **particulars)


_MB_BYTES = 1 << 20


def _within(rule: str, size_bytes: int, limit_bytes: int) -> None:
    if size_bytes > limit_bytes:
        raise _Unfit(rule, size_mb=-(-size_bytes // _MB_BYTES), limit_mb=limit_bytes // _MB_BYTES)


# Pictures


@dataclass(frozen=True, slots=True)
class _Walk:
    width: int
    height: int
    exif_block: bytes


def _picture(form: Form, body: bytes, walk: _Walk, limits: Limits, zone: tzinfo) -> Upload:
    _within("upload-photo-too-large", len(body), limits.photo_bytes)
    if walk.width * walk.height > limits.picture_pixels:
        raise _Unfit(
            "upload-picture-too-wide",
            megapixels=-(-walk.width * walk.height // 1_000_000),
            limit_megapixels=limits.picture_pixels // 1_000_000,
        )
    _refuse_archive(body)
    return Upload(form, len(body), walk.width, walk.height, exif.read(walk.exif_block, zone=zone))


_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_PICTURE_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"fdAT"})


def _walk_png(body: bytes) -> _Walk:
    place = len(_PNG_START)
    width = height = 0
    seen_data = False
    exif_block = b""
    while True:
        if place + 12 > len(body):
            raise _Unfit("upload-incomplete")
        length, name = struct.unpack_from(">I4s", body, place)
        if not name.isalpha() or (width == 0) != (name == b"IHDR"):
            raise _Unfit("upload-damaged")
        end = place + 12 + length
        if end > len(body):
            raise _Unfit("upload-incomplete")
        data = body[place + 8 : end - 4]
        if zlib.crc32(name + data) != int.from_bytes(body[end - 4 : end], "big"):
            raise _Unfit("upload-damaged")
        if name == b"IHDR":
            if length != 13:
                raise _Unfit("upload-damaged")
            width, height = struct.unpack_from(">II", data)
            if not (0 < width < 1 << 31 and 0 < height < 1 << 31):
                raise _Unfit("upload-damaged")
        seen_data = seen_data or name == b"IDAT"
        if name not in _PNG_PICTURE_CHUNKS:
            _refuse_programs(data)
        if name == b"eXIf":
            exif_block = data
        place = end
        if name == b"IEND":
            break
    if not seen_data:
        raise _Unfit("upload-damaged")
    if place != len(body):
        raise _Unfit("upload-carries-more")
    return _Walk(width, height, exif_block)


_SOI, _EOI, _SOS, _COM, _APP1 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE1
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
_APPS = frozenset(range(0xE0, 0xF0))
_EXIF_START = b"Exif\x00\x00"
# In the coded picture FF 00 is a value and FF D0 to FF D7 are restarts; any other marker ends it.
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _walk_jpeg(body: bytes) -> _Walk:
    walk, end = _walk_one_jpeg(body, 0)
    while tail := body[end:].lstrip(b"\x00"):
        # Phones append smaller pictures, a moving picture or their own notes; nothing else may follow.
        start = len(body) - len(tail)
        if tail.startswith(b"\xff\xd8\xff"):
            _, end = _walk_one_jpeg(body, start)
            continue
        if not _is_camera_tail(body[end:]):
            raise _Unfit("upload-carries-more")
        _refuse_programs(tail)
        break
    return walk


def _walk_one_jpeg(body: bytes, start: int) -> tuple[_Walk, int]:
    place = start + 2
    width = height = 0
    exif_block = b""
    seen_scan = False
    while True:
        if place + 2 > len(body):
            raise _Unfit("upload-incomplete")
        if body[place] != 0xFF:
            raise _Unfit("upload-damaged")
        marker = body[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        place += 2
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        if marker in (0x00, _SOI):
            raise _Unfit("upload-damaged")
        if place + 2 > len(body):
            raise _Unfit("upload-incomplete")
        length = int.from_bytes(body[place : place + 2], "big")
        if length < 2:
            raise _Unfit("upload-damaged")
        if place + length > len(body):
            raise _Unfit("upload-incomplete")
        data = body[place + 2 : place + length]
        place += length
        if marker in _FRAMES:
            if len(data) < 6:
                raise _Unfit("upload-damaged")
            height, width = struct.unpack_from(">HH", data, 1)
        elif marker == _COM or marker in _APPS:
            _refuse_programs(data)
            if marker == _APP1 and data.startswith(_EXIF_START) and not exif_block:
                exif_block = data[len(_EXIF_START) :]
        elif marker == _SOS:
            seen_scan = True
            found = _SCAN_END.search(body, place)
            if found is None:
                raise _Unfit("upload-incomplete")
            place = found.start()
    if not (seen_scan and width and height):
        raise _Unfit("upload-damaged")
    return _Walk(width, height, exif_block), place


def _is_camera_tail(tail: bytes) -> bool:
    if tail[4:8] == b"ftyp":
        return True
    if tail.endswith(b"SEFT") and len(tail) >= 20:
        length = int.from_bytes(tail[-8:-4], "little")
        return tail[-8 - length :].startswith(b"SEFH")
    return False


_PROGRAMS = re.compile(
    rb"<\?php|<\?=|<%|<script|<html|<!doctype|<svg|<iframe|<body|javascript:|#!/", re.IGNORECASE
)
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_TAIL_BYTES = 66_000


def _refuse_programs(notes: bytes) -> None:
    """Notes beside a picture may be any text but no program: a server set up badly would run it."""
    if _PROGRAMS.search(notes):
        raise _Unfit("upload-carries-more")


def _refuse_archive(body: bytes) -> None:
    """A ZIP is read from its end, so one can stand behind or inside anything."""
    if _ARCHIVE_END in body[-_ARCHIVE_TAIL_BYTES:]:
        raise _Unfit("upload-carries-more")


# PDF

_PDF_HEAD = re.compile(rb"%PDF-[12]\.\d\s")
_PDF_TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\Z")
_PDF_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_PDF_PART = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
_WHITE = b"\x00\t\n\x0c\r "
_NAME_END = rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"
_NAME_SIGN = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_ACTS = (
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"Rendition",
    b"RichMedia",
    b"Movie",
)
_CARRIES = (b"EmbeddedFile", b"EmbeddedFiles")
_LOCKS = (b"Encrypt",)
_PACKS = b"ObjStm"
_PLAIN_NAME = re.compile(rb"/(" + b"|".join((*_ACTS, *_CARRIES, *_LOCKS, _PACKS)) + b")" + _NAME_END)
# A name may write any of its signs as # and two digits, and so hide what it says.
_ESCAPED_NAME = re.compile(rb"/(" + _NAME_SIGN + rb"{0,60}#[0-9A-Fa-f]{2}" + _NAME_SIGN + rb"{0,60})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKED_HEAD = re.compile(rb"[\s\x00]*[\d%]")
_INFLATED_BYTES_AT_MOST = 256 << 20
_INFLATE_STEP_BYTES = 1 << 16
_HEAD_BYTES = 4096
_STREAMS_AT_MOST = 20_000
_NAME_BYTES = 130


def _examine_pdf(body: bytes) -> None:
    if not _PDF_HEAD.match(body):
        raise _Unfit("upload-damaged")
    _examine_pdf_end(body)
    _refuse_archive(body)
    packs = _refuse_names(body)
    if packs and _packs_inflated(body) < packs:
        raise _Unfit("upload-pdf-closed")


def _examine_pdf_end(body: bytes) -> None:
    end = body.rfind(b"%%EOF")
    if end < 0:
        raise _Unfit("upload-incomplete")
    tail = body[end + 5 :]
    if tail.strip(_WHITE):
        raise _Unfit("upload-incomplete" if _PDF_PART.match(tail) else "upload-carries-more")
    found = _PDF_TAIL.search(body[max(0, end - 60) : end + 5])
    if found is None or not _PDF_TABLE.match(body, int(found[1])):
        raise _Unfit("upload-damaged")


def _refuse_names(text: bytes) -> int:
    """Refuse what acts, carries or locks; says how many packed groups of objects are announced."""
    packs = 0
    for name in _names(text):
        if name in _ACTS:
            raise _Unfit("upload-pdf-acts")
        if name in _CARRIES:
            raise _Unfit("upload-carries-more")
        if name in _LOCKS:
            raise _Unfit("upload-pdf-locked")
        packs += name == _PACKS
    return packs


def _names(text: bytes) -> Iterator[bytes]:
    for found in _PLAIN_NAME.finditer(text):
        yield found[1]
    for found in _ESCAPED_NAME.finditer(text):
        yield _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), found[1])


def _packs_inflated(body: bytes) -> int:
    """Look into every stream that could hold packed objects, whatever its dictionary says; counts those seen whole."""
    starts = [found.end() for found in _STREAM.finditer(body)]
    if len(starts) > _STREAMS_AT_MOST:
        raise _Unfit("upload-pdf-closed")
    ends = [found.start() for found in re.finditer(rb"endstream", body)]
    seen = 0
    left = _INFLATED_BYTES_AT_MOST
    for start in starts:
        place = bisect_left(ends, start)
        end = ends[place] if place < len(ends) else len(body)
        raw = body[start : min(end, start + _HEAD_BYTES)]
        try:
            head = zlib.decompressobj().decompress(raw, 64)
        except zlib.error:
            # Not deflated: what stands there in plain was read with the rest of the file.
            seen += _PACKED_HEAD.match(raw) is not None
            continue
        if _PACKED_HEAD.match(head):
            left -= _refuse_packed_names(body, start, end, left)
            seen += 1
    return seen


def _refuse_packed_names(body: bytes, start: int, end: int, left: int) -> int:
    """Refuse forbidden names in one deflated stream; says how many bytes it held."""
    inflater = zlib.decompressobj()
    before, size = b"", 0
    try:
        for place in range(start, end, _INFLATE_STEP_BYTES):
            rest = body[place : min(end, place + _INFLATE_STEP_BYTES)]
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, 16 * _INFLATE_STEP_BYTES)
                rest = inflater.unconsumed_tail
                size += len(piece)
                if size > left:
                    raise _Unfit("upload-pdf-closed")
                _refuse_names(before + piece)
                before = (before + piece)[-_NAME_BYTES:]
            if inflater.eof:
                return size
    except zlib.error:
        pass
    raise _Unfit("upload-pdf-closed")
