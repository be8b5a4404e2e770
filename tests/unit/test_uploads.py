"""Uploads: what is taken is a whole PDF, JPEG or PNG with nothing to run in it; all else is refused with a reason."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.gateways import uploads
from mutakhir.gateways.exif import Exif, Point
from mutakhir.gateways.uploads import USUAL_LIMITS, Limits, Upload, examine, serving_headers

WIB = ZoneInfo("Asia/Jakarta")

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqm"
    "x5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAIABAD"
    "ASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAEE/8QAHBAAAwABBQAAAAAAAAAAAAAAAAECQQORktHh/8QAFQEBAQAAAAAAAAAAAAAAAAAA"
    "AwT/xAAWEQADAAAAAAAAAAAAAAAAAAAAARH/2gAMAwEAAhEDEQA/AMqcZmt/Cp6WYvkugCaDJQ//2Q=="
)
PROGRESSIVE_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqm"
    "x5moq6T/wgALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/2gAIAQEAAAABk//EABUQAQEAAAAAAAAAAAAAAAAAAAAh/9oACAEBAAEF"
    "Akf/xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAY/Aj//xAAZEAACAwEAAAAAAAAAAAAAAAAAASFRcZH/2gAIAQEAAT8himYfT//aAAgBAQAA"
    "ABB//8QAGRAAAgMBAAAAAAAAAAAAAAAAAAFBkdHh/9oACAEBAAE/EE52cE51sP/Z"
)


def look(body: bytes, limits: Limits = USUAL_LIMITS) -> Upload | Refusal:
    return examine(body, limits=limits, zone=WIB)


def taken(body: bytes) -> Upload:
    found = look(body)
    assert isinstance(found, Upload), found
    return found


def refused(body: bytes, limits: Limits = USUAL_LIMITS) -> str:
    found = look(body, limits)
    assert isinstance(found, Refusal), found
    return found.rule


# Builders of files


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*extra: bytes, width: int = 3, height: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\x00" + b"\x80" * 3 for _ in range(2)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes, tail: bytes = b"") -> bytes:
    return JPEG[:2] + b"".join(segments) + JPEG[2:] + tail


def tiff(order: str, folders: dict[str, list[tuple[int, int, int, bytes]]]) -> bytes:
    """A TIFF block: the folders main, exif and gps, each a list of (tag, kind, units, value bytes)."""
    names = [name for name in ("main", "exif", "gps") if name in folders]
    pointers = {"exif": 0x8769, "gps": 0x8825}
    entries = {name: list(folders[name]) for name in names}
    for name in names[1:]:
        entries["main"].append((pointers[name], 4, 1, b"\x00\x00\x00\x00"))
    start, places = 8, {}
    for name in names:
        places[name] = start
        start += 2 + 12 * len(entries[name]) + 4
    for name in names[1:]:
        main = entries["main"]
        at = next(number for number, entry in enumerate(main) if entry[0] == pointers[name])
        main[at] = (pointers[name], 4, 1, struct.pack(order + "I", places[name]))
    out, values = b"", b""
    for name in names:
        out += struct.pack(order + "H", len(entries[name]))
        for tag, kind, units, value in entries[name]:
            if len(value) <= 4:
                field = value.ljust(4, b"\x00")
            else:
                field = struct.pack(order + "I", start + len(values))
                values += value
            out += struct.pack(order + "HHI", tag, kind, units) + field
        out += b"\x00\x00\x00\x00"
    head = b"II*\x00" if order == "<" else b"MM\x00*"
    return head + struct.pack(order + "I", 8) + out + values


def text(tag: int, words: str) -> tuple[int, int, int, bytes]:
    raw = words.encode() + b"\x00"
    return tag, 2, len(raw), raw


def rationals(order: str, tag: int, *parts: tuple[int, int]) -> tuple[int, int, int, bytes]:
    return tag, 5, len(parts), b"".join(struct.pack(order + "II", *part) for part in parts)


def burno(order: str = "<") -> bytes:
    """A photograph from 8° 4' 30.36" south, 113° 2' 15.6" east."""
    return tiff(
        order,
        {
            "main": [text(0x0132, "2026:10:12 11:00:00")],
            "exif": [text(0x9003, "2026:10:12 10:41:07")],
            "gps": [
                text(1, "S"),
                rationals(order, 2, (8, 1), (4, 1), (3036, 100)),
                text(3, "E"),
                rationals(order, 4, (113, 1), (2, 1), (156, 10)),
            ],
        },
    )


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, the first of them the catalogue."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return out + tail


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
PDF = pdf(CATALOGUE, PAGES, PAGE)


def packed(objects: bytes, *, name: bytes = b"/ObjStm", filters: bytes = b"/FlateDecode") -> bytes:
    head = b"9 0 "
    body = zlib.compress(head + objects) if filters else head + objects
    entry = b"/Filter " + filters if filters else b""
    return b"<< /Type %s /N 1 /First 4 %s /Length %d >>\nstream\n%s\nendstream" % (
        name,
        entry,
        len(body),
        body,
    )


def written(change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    """A PDF as another program writes it."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# What is taken


def test_whole_files_are_taken_for_what_they_are() -> None:
    assert taken(JPEG) == Upload("jpeg", len(JPEG), 16, 8)
    assert taken(PROGRESSIVE_JPEG) == Upload("jpeg", len(PROGRESSIVE_JPEG), 16, 8)
    assert taken(png()) == Upload("png", len(png()), 3, 2)
    assert taken(PDF) == Upload("pdf", len(PDF))


def test_a_pdf_of_another_program_is_taken() -> None:
    assert (
        taken(written(lambda writer: writer.add_metadata({"/Title": "Berita acara"}))).media_type
        == "application/pdf"
    )


def test_a_pdf_with_packed_objects_is_taken() -> None:
    assert taken(pdf(CATALOGUE, PAGES, PAGE, packed(b"<< /Title (Berita acara) >>"))).form == "pdf"


def test_what_phones_append_to_a_photograph_is_taken() -> None:
    notes = b"SEFH" + struct.pack("<III", 106, 0, 0)
    assert taken(jpeg_with(tail=JPEG)).width_pixels == 16
    assert taken(jpeg_with(tail=bytes(7) + JPEG + bytes(100))).width_pixels == 16
    assert taken(jpeg_with(tail=b"clock" + notes + struct.pack("<I", len(notes)) + b"SEFT")).form == "jpeg"
    assert taken(jpeg_with(tail=b"\x00\x00\x00\x18ftypmp42" + bytes(12))).form == "jpeg"


# Where and when


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photograph_says_when_and_where_it_was_taken(order: str) -> None:
    found = taken(jpeg_with(segment(0xE1, b"Exif\x00\x00" + burno(order)))).photograph
    assert found.taken_at == datetime(2026, 10, 12, 10, 41, 7, tzinfo=WIB)
    assert found.point == Point(-8.075100, 113.037667)
    assert taken(png(chunk(b"eXIf", burno(order)))).photograph == found


def test_the_offset_that_the_camera_wrote_holds() -> None:
    block = tiff("<", {"main": [], "exif": [text(0x9003, "2026:10:12 10:41:07"), text(0x9011, "+09:00")]})
    found = taken(jpeg_with(segment(0xE1, b"Exif\x00\x00" + block))).photograph
    assert found.taken_at == datetime(2026, 10, 12, 1, 41, 7, tzinfo=UTC)
    assert found.point is None


def test_without_a_camera_clock_the_satellites_count() -> None:
    gps = [text(29, "2026:10:12"), rationals("<", 7, (3, 1), (41, 1), (7, 1))]
    found = taken(jpeg_with(segment(0xE1, b"Exif\x00\x00" + tiff("<", {"main": [], "gps": gps})))).photograph
    assert found.taken_at == datetime(2026, 10, 12, 3, 41, 7, tzinfo=UTC)


def test_a_phone_without_a_place_has_no_point() -> None:
    nowhere = [
        text(1, "N"),
        rationals("<", 2, (0, 1), (0, 1), (0, 1)),
        text(3, "E"),
        rationals("<", 4, (0, 1), (0, 1), (0, 1)),
    ]
    unknown = [
        text(1, "N"),
        rationals("<", 2, (0, 0), (0, 0), (0, 0)),
        text(3, "E"),
        rationals("<", 4, (113, 1), (0, 1), (0, 1)),
    ]
    for gps in (nowhere, unknown):
        found = taken(jpeg_with(segment(0xE1, b"Exif\x00\x00" + tiff("<", {"main": [], "gps": gps}))))
        assert found.photograph == Exif()


@given(st.integers(0, len(burno()) - 1), st.integers(0, 255), st.integers(0, len(burno())))
def test_a_spoilt_block_never_stops_a_photograph(place: int, value: int, length: int) -> None:
    block = bytearray(burno())
    block[place] = value
    assert taken(jpeg_with(segment(0xE1, b"Exif\x00\x00" + bytes(block[:length])))).form == "jpeg"


# What is refused


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<?php system($_GET['c']); ?>",
        b"alert(document.cookie)",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(40),
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(30),
        b"\x7fELF" + bytes(60),
        b"\n" + PDF,
        b" " + JPEG,
    ],
)
def test_other_forms_are_refused(body: bytes) -> None:
    assert refused(body) == "upload-form-unknown"


def test_a_zip_is_refused_alone_and_behind_anything() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.html", "<script>alert(1)</script>")
    assert refused(out.getvalue()) == "upload-form-unknown"
    for start in (PDF, JPEG, png()):
        assert refused(start + out.getvalue()) == "upload-carries-more"
    assert refused(png(chunk(b"tEXt", out.getvalue()))) == "upload-carries-more"
    assert refused(jpeg_with(segment(0xFE, out.getvalue()))) == "upload-carries-more"


def test_an_empty_file_is_refused() -> None:
    assert refused(b"") == "upload-empty"


@pytest.mark.parametrize(
    "payload", [b"<?php phpinfo(); ?>", b"\n<script>alert(1)</script>", b"\n*/=alert(1)//", b"x"]
)
def test_what_stands_behind_a_file_is_refused(payload: bytes) -> None:
    for start in (PDF, JPEG, png()):
        assert refused(start + payload) == "upload-carries-more"


@pytest.mark.parametrize(
    "payload", [b"<?php phpinfo(); ?>", b"*/<script>alert(1)</script>/*", b"<!DOCTYPE HTML>"]
)
def test_programs_in_the_notes_of_a_picture_are_refused(payload: bytes) -> None:
    assert refused(png(chunk(b"tEXt", b"Comment\x00" + payload))) == "upload-carries-more"
    assert refused(jpeg_with(segment(0xFE, payload))) == "upload-carries-more"
    assert refused(jpeg_with(segment(0xE1, b"Exif\x00\x00" + payload))) == "upload-carries-more"
    assert refused(jpeg_with(tail=b"\x00\x00\x00\x18ftypmp42" + payload)) == "upload-carries-more"


@pytest.mark.parametrize("body", [JPEG, PROGRESSIVE_JPEG, png(chunk(b"tEXt", b"Author\x00Tutik")), PDF])
def test_a_cut_file_is_refused_wherever_it_is_cut(body: bytes) -> None:
    for length in range(9, len(body.rstrip(b"\n"))):
        assert refused(body[:length]) in {"upload-incomplete", "upload-damaged"}, length


def test_a_pdf_cut_in_a_later_addition_is_incomplete() -> None:
    assert refused(PDF + b"4 0 obj\n<< /Type /Annot") == "upload-incomplete"


def test_a_changed_picture_is_damaged() -> None:
    body = bytearray(png())
    body[45] ^= 1
    assert refused(bytes(body)) == "upload-damaged"
    assert refused(JPEG.replace(b"\xff\xc0", b"\xff\xd8")) == "upload-damaged"
    assert refused(png(width=0)) == "upload-damaged"


@given(st.binary(max_size=200), st.sampled_from([b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]))
def test_whatever_comes_is_answered(noise: bytes, start: bytes) -> None:
    assert isinstance(look(start + noise), Refusal)


@given(
    st.integers(0, len(PDF) - 1), st.integers(0, 255), st.sampled_from([PDF, JPEG, PROGRESSIVE_JPEG, png()])
)
def test_any_changed_byte_is_answered(place: int, value: int, start: bytes) -> None:
    body = bytearray(start)
    body[place % len(body)] = value
    assert isinstance(look(bytes(body)), Upload | Refusal)


def test_too_much_is_refused_with_both_sizes() -> None:
    limits = Limits(photo_bytes=5 << 20, scan_bytes=20 << 20, picture_pixels=1_000_000)
    photo = png(chunk(b"tEXt", b"x" * (11 << 20)))
    assert look(photo, limits) == Refusal.of("upload-photo-too-large", size_mb=12, limit_mb=5)
    scan = pdf(CATALOGUE, PAGES, PAGE, b"(" + b"x" * (20 << 20) + b")")
    assert look(scan, limits) == Refusal.of("upload-scan-too-large", size_mb=21, limit_mb=20)
    assert look(png(width=2000, height=501), limits) == Refusal.of(
        "upload-picture-too-wide", megapixels=2, limit_megapixels=1
    )


ACTIONS = [
    b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
    b"/OpenAction << /S /J#61vaScript /JS (app.alert\\(1\\)) >>",
    b"/OpenAction << /S /#4a#61#76#61#53#63#72#69#70#74 /JS (1) >>",
    b"/AA << /WC << /S/Launch/F (cmd.exe) >> >>",
    b"/OpenAction << /S /SubmitForm /F (http://192.0.2.1/) >>",
]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_pdf_that_acts_is_refused(action: bytes) -> None:
    acting = CATALOGUE[:-2] + action + b" >>"
    assert refused(pdf(acting, PAGES, PAGE)) == "upload-pdf-acts"
    assert refused(pdf(CATALOGUE, PAGES, PAGE, packed(b"<< " + action + b" >>"))) == "upload-pdf-acts"
    assert (
        refused(pdf(CATALOGUE, PAGES, PAGE, packed(b"<< " + action + b" >>", name=b"/Obj#53tm")))
        == "upload-pdf-acts"
    )


def test_an_action_far_inside_a_packed_group_is_found() -> None:
    for filler in (65_520, 1 << 16, (1 << 20) - 7, 3 << 20):
        objects = b"<< /Title (" + b"x" * filler + b") /OpenAction << /S /JavaScript /JS (1) >> >>"
        assert refused(pdf(CATALOGUE, PAGES, PAGE, packed(objects))) == "upload-pdf-acts"


def test_a_stream_cannot_be_hidden_behind_a_comment() -> None:
    hidden = b"% stream\n" + packed(b"<< /S /JavaScript >>")
    assert refused(pdf(CATALOGUE, PAGES, PAGE, hidden)) == "upload-pdf-acts"


def test_packed_groups_that_cannot_be_read_are_refused() -> None:
    body = base64.a85encode(zlib.compress(b"9 0 << /S /JavaScript >>"))
    strange = b"<< /Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode] /Length %d >>\nstream\n%s\nendstream"
    assert refused(pdf(CATALOGUE, PAGES, PAGE, strange % (len(body), body))) == "upload-pdf-closed"
    cut = packed(b"<< /Title (Berita acara) >>")
    broken = cut.replace(b"\nendstream", b"")[:-6] + b"\nendstream"
    assert refused(pdf(CATALOGUE, PAGES, PAGE, broken)) == "upload-pdf-closed"


def test_a_small_file_that_swells_is_refused_in_time() -> None:
    assert refused(pdf(CATALOGUE, PAGES, PAGE, packed(b"0" * (300 << 20)))) == "upload-pdf-closed"
    assert refused(pdf(CATALOGUE, PAGES, PAGE, packed(b"x"), b"stream\n" * 30_000)) == "upload-pdf-closed"


def test_pdfs_of_another_program_that_act_carry_or_lock_are_refused() -> None:
    def launch(writer: pypdf.PdfWriter) -> None:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd")}
        )
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Link"),
                NameObject("/A"): action,
                NameObject("/Rect"): ArrayObject([]),
            }
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([note])

    def alert(writer: pypdf.PdfWriter) -> None:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)

    assert refused(written(alert)) == "upload-pdf-acts"
    assert refused(written(launch)) == "upload-pdf-acts"
    assert (
        refused(written(lambda writer: writer.add_attachment("run.js", b"alert(1)"))) == "upload-carries-more"
    )
    assert (
        refused(written(lambda writer: writer.encrypt("rahasia", algorithm="RC4-128"))) == "upload-pdf-locked"
    )


# Giving back, and words


def test_a_file_is_given_back_to_be_saved_and_never_guessed_at() -> None:
    headers = serving_headers("jpeg", name='foto "lantai"\r\nX: 1/../é')
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"foto-lantai-X-1.jpg\"; filename*=UTF-8''foto%20%22lantai%22%0D%0AX%3A%201%2F..%2F%C3%A9.jpg"
    )
    assert not any(sign in value for value in headers.values() for sign in "\r\n")
    assert serving_headers("pdf", name="..")["Content-Disposition"].startswith(
        'attachment; filename="berkas.pdf"'
    )


def test_every_refusal_has_a_sentence_in_both_languages() -> None:
    source = Path(uploads.__file__).read_text("utf-8")
    rules = {word for word in source.split('"') if word.startswith("upload-")}
    assert len(rules) >= 10
    for rule in rules:
        for language in parameters.LANGUAGES:
            said = parameters.sentence(
                rule, language, size_mb=12, limit_mb=5, megapixels=108, limit_megapixels=100
            )
            assert said.endswith(".")
            assert "…" not in said
    said = parameters.load().say(Refusal.of("upload-photo-too-large", size_mb=12, limit_mb=5), "id")
    assert said == "Berkas 12 MB, paling besar 5 MB. Kami bisa mengecilkannya."
