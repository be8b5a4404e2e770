"""Documents: what is printed says what it was given, on every page, and can be read back out of the PDF."""

from __future__ import annotations

import functools
import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pypdf
import pytest
import segno

from mutakhir.core import digests, tickets
from mutakhir.gateways import documents
from mutakhir.gateways.documents.codes import make_code
from mutakhir.gateways.documents.values import (
    Agenda,
    AgendaRow,
    AttendanceList,
    Attendee,
    DecisionRow,
    Document,
    Endorsement,
    Foot,
    Leaving,
    Letterhead,
    ListRow,
    Meeting,
    Minutes,
    NameList,
    Place,
    Receipt,
    Responsibility,
    Signature,
    StatementRow,
)
from mutakhir.gateways.documents.wording import count, day_in_words, hour, in_words, instant
from mutakhir.gateways.uploads import USUAL_LIMITS, Upload, examine

WIB = ZoneInfo("Asia/Jakarta")
PRINTED_AT = datetime(2026, 10, 14, 11, 46, tzinfo=WIB)
NAMES = (
    "Tumini",
    "Siti Nur Khasanah binti Haji Muhammad Syamsuddin Al-Banjari",
    "Raden Ayu Kusumaningtyas Prawirodirdjo",
    "Suparman",
    "Ni Luh Putu Sri Wahyuningsih",
    "Bambang",
)
KINDS = (
    "Kondisi rumah: lantai",
    "Anggota keluarga bertambah: kelahiran",
    "Pindah datang",
    "Usulan baru masuk data",
)
PLACE = Place("Desa Burno", "Kecamatan Senduro", "Kabupaten Lumajang")
VILLAGE_HEAD = Letterhead(
    ("Pemerintah Kabupaten Lumajang", "Kecamatan Senduro", "Desa Burno"),
    "Jalan Raya Senduro Nomor 1, Burno, Senduro, Lumajang 67361",
    "Telepon 0334-555-0142, pos-el burno@desa.example",
)
REGENT_HEAD = Letterhead(
    ("Bupati Lumajang",), "Jalan Alun-Alun Utara Nomor 7, Lumajang 67316", "Telepon 0334-555-0100"
)
MEETING = Meeting(
    day=date(2026, 10, 14),
    begins=time(9, 0),
    ends=time(11, 30),
    zone="WIB",
    venue="Balai Desa Burno",
    leader="Sutikno",
    leader_office="Ketua BPD",
    secretary="Tutik Handayani",
    secretary_office="operator desa",
)
HEAD = Signature("Kepala Desa Burno", "Slamet Riyadi", stamp=True)
SIGNATURES = (HEAD, Signature("Ketua BPD", "Sutikno"), Signature("Operator desa", "Tutik Handayani"))


def ticket(number: int) -> str:
    return tickets.from_random(hashlib.sha256(number.to_bytes(4, "big")).digest())


def person(number: int) -> str:
    return f"{NAMES[number % len(NAMES)]} {number}"


def nik(number: int) -> str:
    return f"990801{41 + number % 20:02d}0788{number % 9999 + 1:04d}"


def list_rows(size: int) -> tuple[ListRow, ...]:
    return tuple(
        ListRow(
            ticket=ticket(number),
            name=person(number),
            nik=nik(number),
            no_kk=f"9908010101{number % 9999 + 1:06d}",
            address=f"Dusun Krajan, RT {number % 9 + 1:02d}/RW 01",
            village=f"Desa Burno, Kec. Senduro {number % 3}",
            kind=KINDS[number % len(KINDS)],
            result="Disetujui" if number % 5 else "Tidak disetujui",
        )
        for number in range(size)
    )


def foot(number: str, rows: tuple[ListRow, ...] = ()) -> Foot:
    digest = digests.list_digest({"ticket": row.ticket, "nik": row.nik} for row in rows)
    return Foot(number, "https://mutakhir.example/periksa/4M7K", PRINTED_AT, "Tutik Handayani", digest)


def receipt() -> Receipt:
    return Receipt(
        office="Pemerintah Desa Burno",
        region="Kec. Senduro, Kab. Lumajang",
        number="7K4Q3M8T6QXA",
        name="Tumini",
        kind="Kondisi rumah: lantai",
        received_at=datetime(2026, 10, 12, 10, 46, tzinfo=WIB),
        received_by="Tutik Handayani, operator desa",
        step="Menunggu masa pemutakhiran, 4 Januari 2027",
        host="mutakhir.example/t",
        address="https://mutakhir.example/t/7K4Q3M8T6QXA",
        telephone="0334-555-0142",
        printed_at=PRINTED_AT,
    )


def agenda(size: int = 12) -> Agenda:
    return Agenda(
        letterhead=VILLAGE_HEAD,
        place=PLACE,
        meeting=replace(MEETING, ends=None),
        topics=(
            "Pembukaan oleh Kepala Desa",
            "Pembahasan permintaan warga satu per satu",
            "Pembacaan keputusan",
        ),
        rows=tuple(
            AgendaRow(
                ticket(number),
                person(number),
                f"Dusun Krajan, RT {number % 9 + 1:02d}/RW 01",
                KINDS[number % len(KINDS)],
                date(2026, 9, 1) + timedelta(days=number % 30),
                "Kurang 1: foto lantai" if number % 4 == 0 else "",
            )
            for number in range(size)
        ),
        signatures=(HEAD,),
        foot=replace(foot("400.9/11/2026"), digest=""),
    )


def attendance(size: int = 24) -> AttendanceList:
    return AttendanceList(
        letterhead=VILLAGE_HEAD,
        place=PLACE,
        meeting=MEETING,
        people=tuple(Attendee(person(n), f"RT {n % 9 + 1:02d}/RW 01", "Dusun Krajan") for n in range(size)),
        blank_rows=6,
        signatures=(Signature("Ketua BPD", "Sutikno"), HEAD),
        foot=replace(foot("400.9/12/2026"), digest=""),
    )


def minutes(size: int = 12) -> Minutes:
    return Minutes(
        letterhead=VILLAGE_HEAD,
        place=PLACE,
        meeting=MEETING,
        number="400.9/13/427.95.07/2026",
        elements=(
            ("Perangkat desa", 6),
            ("BPD", 5),
            ("Ketua RT dan RW", 11),
            ("Babinsa", 1),
            ("Wakil warga", 21),
        ),
        rows=tuple(
            DecisionRow(
                ticket(number),
                person(number),
                f"Dusun Krajan, RT {number % 9 + 1:02d}/RW 01",
                KINDS[number % len(KINDS)],
                number % 5 != 0,
                "" if number % 5 else "Lantai sudah keramik menurut ketua RT",
            )
            for number in range(size)
        ),
        signatures=(*SIGNATURES, Signature("Wakil warga", "Siti Aminah")),
        foot=foot("400.9/13/427.95.07/2026", list_rows(size)),
        appeal_until=date(2026, 11, 13),
        notes=("Foto lantai Tumini 5 dilengkapi sebelum 20 Oktober 2026.",),
    )


def responsibility(size: int = 12) -> Responsibility:
    return Responsibility(
        letterhead=VILLAGE_HEAD,
        place=PLACE,
        number="400.9/14/427.95.07/2026",
        signed_on=date(2026, 10, 14),
        signed_at="Burno",
        signer="Slamet Riyadi",
        office="Kepala Desa Burno",
        reason="jalan menuju balai desa tertutup tanah longsor",
        rows=tuple(
            StatementRow(
                ticket(n), person(n), f"Dusun Krajan, RT {n % 9 + 1:02d}/RW 01", KINDS[n % len(KINDS)]
            )
            for n in range(size)
        ),
        signature=Signature("Kepala Desa Burno", "Slamet Riyadi", stamp=True, duty_stamp=True),
        foot=foot("400.9/14/427.95.07/2026", list_rows(size)),
    )


def name_list(size: int = 60) -> NameList:
    rows = list_rows(size)
    return NameList(
        letterhead=VILLAGE_HEAD,
        place=PLACE,
        belongs_to="Berita Acara Musyawarah Desa Nomor 400.9/13/427.95.07/2026 tanggal 14 Oktober 2026",
        rows=rows,
        signed_at="Burno",
        signed_on=date(2026, 10, 14),
        signatures=(HEAD, Signature("Operator desa", "Tutik Handayani")),
        foot=foot("400.9/13/427.95.07/2026", rows),
    )


def endorsement(size: int = 60) -> Endorsement:
    rows = list_rows(size)
    return Endorsement(
        letterhead=REGENT_HEAD,
        kabupaten="Kabupaten Lumajang",
        number="400.9/2114/427.1/2026",
        signed_at="Lumajang",
        signed_on=date(2026, 10, 28),
        to=(
            "Menteri Sosial Republik Indonesia",
            "c.q. Kepala Pusat Data dan Informasi",
            "Kesejahteraan Sosial",
            "di Jakarta",
        ),
        period="masa pemutakhiran Oktober 2026",
        finalised_on=date(2026, 10, 26),
        finalised_by="Dinas Sosial Kabupaten Lumajang",
        rows=rows,
        signature=Signature("Bupati Lumajang", "Dra. Endang Lestari, M.Si.", stamp=True),
        foot=foot("400.9/2114/427.1/2026", rows),
        copies_to=(
            "Gubernur Jawa Timur",
            "Kepala Dinas Sosial Provinsi Jawa Timur",
            "Inspektur Kabupaten Lumajang",
        ),
    )


def leaving() -> Leaving:
    return Leaving(
        letterhead=VILLAGE_HEAD,
        place=PLACE,
        head_office="Kepala Desa Burno",
        foot=replace(foot("F-07"), digest=""),
    )


SAMPLES: dict[str, Document] = {
    "receipt": receipt(),
    "agenda": agenda(),
    "attendance": attendance(),
    "minutes": minutes(),
    "responsibility": responsibility(),
    "name_list": name_list(),
    "endorsement": endorsement(),
    "leaving": leaving(),
}


@functools.cache
def printed(name: str) -> bytes:
    return documents.print_pdf(SAMPLES[name])


def pages_of(body: bytes) -> list[str]:
    """The text of every page, with its line ends as spaces."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(body)).pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


EVERY = pytest.mark.parametrize("name", sorted(SAMPLES))
WITH_FOOT = pytest.mark.parametrize("name", sorted(SAMPLES.keys() - {"receipt"}))


# What every document has


@WITH_FOOT
def test_every_page_says_which_document_it_is_and_which_page(name: str) -> None:
    document = SAMPLES[name]
    assert not isinstance(document, Receipt)
    pages = pages_of(printed(name))
    for order, text in enumerate(pages, start=1):
        assert f"halaman {order} dari {len(pages)}" in text
        assert f"Dokumen {document.foot.number}" in text
        assert "Periksa keaslian: https://mutakhir.example/periksa/4M7K" in text
        assert "Dicetak 14 Oktober 2026, 11.46 WIB oleh Tutik Handayani" in text
        assert bool(document.foot.digest) == ("Sidik daftar:" in text)
        if document.foot.digest:
            assert digests.shown(document.foot.digest) in text


@EVERY
def test_the_paper_is_the_one_that_was_asked_for(name: str) -> None:
    wanted = {"receipt": (210, 148), "name_list": (297, 210)}.get(name, (210, 297))
    for sheet in pypdf.PdfReader(io.BytesIO(printed(name))).pages:
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == list(wanted)


@EVERY
def test_the_same_values_give_the_same_bytes(name: str) -> None:
    assert documents.print_pdf(SAMPLES[name]) == printed(name)


@EVERY
def test_the_title_and_the_hour_of_printing_stand_in_the_file(name: str) -> None:
    found = pypdf.PdfReader(io.BytesIO(printed(name))).metadata
    assert found is not None
    assert found.title == SAMPLES[name].title
    assert found.creation_date == PRINTED_AT


@EVERY
def test_only_our_font_is_used_and_it_is_in_the_file(name: str) -> None:
    fonts = {
        font["/BaseFont"]
        for page in pypdf.PdfReader(io.BytesIO(printed(name))).pages
        for font in (entry.get_object() for entry in page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Roboto-(Regular|Bold|Italic)", font) for font in fonts)


def test_a_machine_without_fonts_prints_the_same(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>", "utf-8")
    code = (
        "import sys; from tests.unit import test_documents as here; from mutakhir.gateways import documents; "
        "sys.stdout.buffer.write(documents.print_pdf(here.SAMPLES['minutes']))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "HOME": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    assert made.stdout == printed("minutes")


def test_threads_print_the_same_as_one_alone() -> None:
    names = sorted(SAMPLES) * 3
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda name: documents.print_pdf(SAMPLES[name]), names))
    assert found == [printed(name) for name in names]


@EVERY
def test_our_own_documents_may_be_uploaded(name: str) -> None:
    found = examine(printed(name), limits=USUAL_LIMITS, zone=WIB)
    assert isinstance(found, Upload)
    assert found.form == "pdf"


@EVERY
def test_the_page_holds_no_script_and_no_outside_address(name: str) -> None:
    html = documents.page(SAMPLES[name])
    assert "<script" not in html
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?!data:)|@import|url\(", html)


# Each document


def test_the_receipt_is_one_sheet_with_the_number_and_without_identifiers() -> None:
    (text,) = pages_of(printed("receipt"))
    for words in (
        "Pemerintah Desa Burno",
        "Tanda terima permintaan",
        "7K4Q-3M8T-6QXA",
        "Tumini",
        "Kondisi rumah: lantai",
        "12 Oktober 2026, 10.46 WIB",
        "Tutik Handayani, operator desa",
        "Menunggu masa pemutakhiran, 4 Januari 2027",
        "mutakhir.example/t",
        "Layanan ini gratis.",
        "Tanda terima ini bukan janji menerima bantuan.",
        "0334-555-0142",
    ):
        assert words in text
    assert not re.search(r"\d{16}", squeezed(text))


def test_a_receipt_with_long_words_stays_one_sheet() -> None:
    long = replace(
        receipt(), name=NAMES[1] * 2, kind=KINDS[1] * 3, step="Menunggu pemeriksaan Dinas Sosial " * 4
    )
    (text,) = pages_of(documents.print_pdf(long))
    assert squeezed(NAMES[1] * 2) in squeezed(text)
    assert "0334-555-0142" in text


def test_the_agenda_has_every_request_without_identifiers_or_whole_numbers() -> None:
    text = " ".join(pages_of(printed("agenda")))
    for row in agenda().rows:
        assert squeezed(row.name) in squeezed(text)
        assert row.ticket[-4:] in text
        assert tickets.shown(row.ticket) not in text
        assert row.ticket not in text
    assert not re.search(r"\d{16}", squeezed(text))
    assert "1. Pembukaan oleh Kepala Desa" in text
    assert "Rabu, 14 Oktober 2026" in text


def test_the_attendance_list_has_places_to_sign_and_blank_rows() -> None:
    text = " ".join(pages_of(printed("attendance")))
    for order in range(1, 31):
        assert text.count(f"{order}.") >= 1
    for attendee in attendance().people:
        assert squeezed(attendee.name) in squeezed(text)
    assert "Slamet Riyadi" in text


def test_the_minutes_tell_the_meeting_and_every_decision() -> None:
    text = " ".join(pages_of(printed("minutes")))
    for words in (
        "PEMERINTAH KABUPATEN LUMAJANG",
        "DESA BURNO",
        "BERITA ACARA MUSYAWARAH DESA",
        "Nomor 400.9/13/427.95.07/2026",
        "Rabu tanggal empat belas bulan Oktober tahun dua ribu dua puluh enam (14-10-2026)",
        "pukul 09.00 sampai dengan pukul 11.30 WIB",
        "dihadiri 44 (empat puluh empat) orang",
        "12 (dua belas) permintaan",
        "disetujui 9 (sembilan) dan yang tidak disetujui 3 (tiga)",
        "sampai dengan tanggal 13 November 2026",
        "belum merupakan penetapan penerima bantuan sosial",
    ):
        assert words in text
    for row in minutes().rows:
        assert tickets.shown(row.ticket) in text
        assert squeezed(row.name) in squeezed(text)
    for signature in minutes().signatures:
        assert signature.name in text
        assert signature.office in text


def test_minutes_without_refusals_speak_of_no_objection() -> None:
    all_fit = replace(minutes(), rows=tuple(replace(row, fit=True, reason="") for row in minutes().rows))
    assert "keberatan" not in " ".join(pages_of(documents.print_pdf(all_fit)))


def test_the_statement_of_responsibility_has_reason_stamp_and_annex() -> None:
    first, *rest = pages_of(printed("responsibility"))
    for words in (
        "TANGGUNG JAWAB MUTLAK",
        "tertutup tanah longsor",
        "meterai Rp10.000",
        "Burno, 14 Oktober 2026",
    ):
        assert words in first
    annex = " ".join(rest)
    assert "LAMPIRAN" in annex
    assert all(tickets.shown(row.ticket) in annex for row in responsibility().rows)


@pytest.mark.parametrize("form", ["masked", "full"])
def test_the_list_shows_identifiers_only_as_asked(form: Literal["masked", "full"]) -> None:
    body = documents.print_pdf(replace(name_list(), nik_form=form))
    text = squeezed(" ".join(pages_of(body)))
    for row in name_list().rows:
        assert (row.nik in text) == (form == "full")
        assert (row.no_kk in text) == (form == "full")
        assert f"{row.nik[:6]}······{row.nik[12:]}" in text or form == "full"
    assert bool(re.search(r"99\d{14}", text)) == (form == "full")


def test_a_long_list_repeats_its_head_and_numbers_its_rows() -> None:
    listed = name_list(300)
    pages = pages_of(documents.print_pdf(listed))
    assert len(pages) > 15
    shown: list[str] = []
    for text in pages:
        found = re.findall(r"(\d+) ((?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4})", text)
        if found:
            assert text.count("No. Nomor permintaan Nama NIK") == 1
        shown += [f"{order} {number}" for order, number in found]
    assert shown == [f"{order} {tickets.shown(row.ticket)}" for order, row in enumerate(listed.rows, start=1)]
    assert "Jumlah: 300 (tiga ratus) permintaan." in pages[-1]
    assert "Slamet Riyadi" in pages[-1]


def test_the_endorsement_carries_the_digest_of_its_annex() -> None:
    letter = endorsement()
    first, *rest = pages_of(printed("endorsement"))
    for words in (
        "BUPATI LUMAJANG",
        "400.9/2114/427.1/2026",
        "Lumajang, 28 Oktober 2026",
        "Menteri Sosial Republik Indonesia",
        "menyampaikan 60 (enam puluh) usulan",
        "difinalisasi pada tanggal 26 Oktober 2026",
        "tidak dengan sendirinya menjadikan yang bersangkutan penerima bantuan sosial",
        "Dra. Endang Lestari, M.Si.",
        "Gubernur Jawa Timur",
    ):
        assert words in first
    shown = digests.shown(digests.list_digest({"ticket": row.ticket, "nik": row.nik} for row in letter.rows))
    assert first.count(shown) == 2
    annex = squeezed(" ".join(rest))
    assert all(row.nik in annex and tickets.shown(row.ticket) in annex for row in letter.rows)
    assert "LAMPIRANSURATBUPATILUMAJANG" in annex
    assert "Jumlah 60" in first


def test_the_statement_of_leaving_is_one_sheet_blank_or_filled() -> None:
    (blank,) = pages_of(printed("leaving"))
    assert "SURAT PERNYATAAN MENGUNDURKAN DIRI" in blank
    filled = replace(
        leaving(),
        name="Tumini",
        nik=nik(1),
        no_kk="9908010101000001",
        birth="Lumajang, 1 Juli 1988",
        head_name="Slamet Riyadi",
    )
    (text,) = pages_of(documents.print_pdf(filled))
    assert nik(1) in text
    assert "Lumajang, 1 Juli 1988" in text
    assert text.count("Tumini") == 2


# Words that could be more than words


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=http://192.0.2.1/x.png>",
        'Nur\'aini & "Anak"',
        "{{ document }}",
        "</td></table>",
    ],
)
def test_names_are_words_and_nothing_else(words: str) -> None:
    first = replace(minutes().rows[0], name=words)
    text = " ".join(pages_of(documents.print_pdf(replace(minutes(), rows=(first, *minutes().rows[1:])))))
    assert squeezed(words) in squeezed(text)


@pytest.mark.parametrize(
    "html",
    [
        '<p>x<img src="http://192.0.2.1/x.png"></p>',
        '<p>x<img src="file:///etc/hostname"></p>',
        '<link rel="stylesheet" href="http://192.0.2.1/x.css"><p>x</p>',
        '<style>@import url("file:///etc/x.css"); p { background: url(http://192.0.2.1/x.png) }</style><p>x</p>',
        "<style>@font-face { font-family: X; src: url(http://192.0.2.1/x.ttf) } p { font-family: X }</style><p>x</p>",
    ],
)
def test_a_page_cannot_reach_outside(html: str) -> None:
    with pytest.raises(documents.Unprintable, match=r"192\.0\.2\.1|file:///etc"):
        documents.render(html, title="x", printed_at=PRINTED_AT)


def test_the_hour_of_printing_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        documents.render("<p>x</p>", title="x", printed_at=PRINTED_AT.replace(tzinfo=None))


def test_a_coat_of_arms_is_drawn_and_only_a_picture_is_one() -> None:
    row = b"\x00" + b"\x20\x60\xa0" * 2
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * 2)),
        (b"IEND", b""),
    ]
    crest = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    with_crest = replace(leaving(), letterhead=replace(VILLAGE_HEAD, crest=crest))
    reader = pypdf.PdfReader(io.BytesIO(documents.print_pdf(with_crest)))
    assert "/XObject" in reader.pages[0]["/Resources"]
    with pytest.raises(ValueError, match="PNG or a JPEG"):
        documents.page(replace(leaving(), letterhead=replace(VILLAGE_HEAD, crest=b"<svg/>")))


# Codes and words


@pytest.mark.parametrize(
    "address", ["https://mutakhir.example/t", "https://mutakhir.example/periksa/" + "7K4Q" * 20]
)
def test_a_code_is_drawn_module_by_module_with_its_quiet_zone(address: str) -> None:
    code = make_code(address)
    wanted = segno.make_qr(address, error="m", boost_error=False)
    drawn = [[0] * code.side for _ in range(code.side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v", code.outline):
        for place in range(int(x), int(x) + int(width)):
            drawn[int(y)][place] = 1
    assert drawn == [[int(module) for module in row] for row in wanted.matrix_iter(scale=1, border=4)]
    assert code.side_mm(28) == pytest.approx(28 * code.side / (code.side - 8), abs=0.01)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (2026, "dua ribu dua puluh enam"),
        (11_000, "sebelas ribu"),
        (101_100, "seratus satu ribu seratus"),
        (1_000_000, "satu juta"),
        (26_512_318, "dua puluh enam juta lima ratus dua belas ribu tiga ratus delapan belas"),
    ],
)
def test_numbers_are_written_in_words(value: int, words: str) -> None:
    assert in_words(value) == words


def test_days_and_hours_are_written_as_in_letters() -> None:
    moment = datetime(2026, 1, 5, 2, 4, tzinfo=UTC)
    assert instant(moment.astimezone(WIB)) == "5 Januari 2026, 09.04 WIB"
    assert instant(moment.astimezone(ZoneInfo("Asia/Makassar"))) == "5 Januari 2026, 10.04 WITA"
    assert instant(moment.astimezone(ZoneInfo("Asia/Jayapura"))) == "5 Januari 2026, 11.04 WIT"
    assert instant(moment.astimezone(timezone(timedelta(hours=1)))) == "5 Januari 2026, 03.04"
    assert hour(time(9, 5)) == "09.05"
    assert count(1_284_000) == "1.284.000"
    assert day_in_words(date(2027, 8, 17)) == "tujuh belas bulan Agustus tahun dua ribu dua puluh tujuh"
