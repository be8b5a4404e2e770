"""The invented people, requests and figures that the gallery shows; every NIK has the training prefix 99."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from mutakhir.web import values

WIB = timezone(timedelta(hours=7))
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 42, tzinfo=WIB)
LONG_NAME = "Raden Ajeng Siti Nurhaliza Kusumaningtyas binti Abdurrahman Wahid Sastrowidjojo"
LONG_WORD = "Karangpawitanwetankulonlordaerahpegunungan"
NIK, NO_KK, TICKET = "9908014507880003", "9908011203150007", "7K4Q3M8T6QXA"

COMPONENTS = (
    "action-bar",
    "app-bar",
    "as-of-band",
    "back-link",
    "bar-list",
    "bottom-nav",
    "bulk-preview",
    "card",
    "cause-card",
    "check-list",
    "chip",
    "columns",
    "conflict-box",
    "cursor-pager",
    "data-table",
    "date-fields",
    "day-bars",
    "deed",
    "document-page",
    "empty-state",
    "error-summary",
    "evidence-viewer",
    "family-card",
    "figure",
    "file-field",
    "filter-chips",
    "fold",
    "job-progress",
    "key-help",
    "lanes",
    "language-switch",
    "legend",
    "line-chart",
    "meter",
    "nik",
    "nik-field",
    "notice",
    "period-strip",
    "person-card",
    "photo-field",
    "place-picker",
    "problem-page",
    "purpose-prompt",
    "qr",
    "radio-list",
    "readiness-list",
    "reason-picker",
    "receipt",
    "request-card",
    "review-row",
    "review-shell",
    "save-state",
    "search-box",
    "section-head",
    "select-field",
    "selection-line",
    "side-nav",
    "skip-link",
    "stacked-bar",
    "step-head",
    "step-list",
    "sticky-actions",
    "strip",
    "summary-list",
    "tabs",
    "text-area",
    "text-field",
    "three-way",
    "ticket-entry",
    "ticket-head",
    "timeline",
    "waiting-line",
    "work-row",
)
"""Every component with a page of its own."""

SHOWN_WITH = {
    "badge": "bottom-nav",
    "draft-done": "text-field",
    "field": "text-field",
    "field-set": "radio-list",
    "form-id": "text-field",
    "logo": "app-bar",
    "place-results": "place-picker",
    "value": "three-way",
    "ways": "conflict-box",
    "work-list": "work-row",
}
"""Small parts -> the component whose page shows them."""

PAGES = (
    "saved",
    "entry",
    "locked",
    "staff",
    "reserve",
    "focus",
    "check",
    "review",
    "calendar",
    "ticket",
    "receipt",
    "document",
)
"""Sample pages, one for each layout and for the widest uses."""

FRAGMENTS = ("answer",)
"""What the sample pages fetch: parts of a page."""


def build_shell(*, language: str, density: str) -> values.Shell:
    """A village operator's shell."""
    return values.Shell(
        place="Desa Burno · Senduro",
        user_name="Tutik H.",
        user_key="galeri",
        search_url="#cari",
        account_url="#akun",
        home_url="#depan",
        language=language,
        language_url="#bahasa",
        density=density,
        nav=(
            values.NavEntry("work", "Pekerjaan", "home", "#kerja", current=True, badge=3),
            values.NavEntry("record", "Catat", "plus", "#catat", primary=True),
            values.NavEntry("reserve", "Cadangan", "archive", "#cadangan"),
            values.NavEntry("families", "Keluarga", "users", "#keluarga", badge=100_000),
            values.NavEntry("more", "Lainnya", "dots", "#lainnya"),
        ),
    )


def build_requests() -> dict[str, Any]:
    """What waits: rows, cards, checks and periods."""
    checks = (
        values.Check(True, "Isian lengkap"),
        values.Check(False, "Foto depan rumah belum ada", url="#foto"),
        values.Check(True, "Sudah diputus musyawarah 3 Okt"),
        values.Check(
            False, "3 keluarga di RT ini meminta perubahan yang sama pada hari yang sama", state="warning"
        ),
    )
    work = (
        values.WorkItem(
            "Ponirah",
            "#1",
            "Foto lantai buram. Ambil ulang fotonya, lalu kirim lagi.",
            "late",
            days=2,
            who="Anda",
            since=date(2026, 11, 15),
            until=date(2026, 11, 22),
        ),
        values.WorkItem(
            "Wagiman bin Karto",
            "#2",
            "Kepala keluarga tercatat meninggal 19 Nov di Dukcapil. Tentukan kepala keluarga pengganti.",
            "yours",
            who="Anda",
            since=date(2026, 11, 20),
            until=date(2026, 12, 3),
        ),
        values.WorkItem(
            LONG_NAME,
            "#3",
            f"Pindah masuk dari Desa {LONG_WORD}. Pastikan keluarga ini tinggal di Burno.",
            "yours",
            who="Anda",
            since=date(2026, 11, 21),
            until=date(2026, 12, 8),
        ),
    )
    others = (
        values.WorkItem(
            "Muhammad Arif Hidayat",
            "#4",
            "Perbaikan nama.",
            "waiting",
            who="Dukcapil Lumajang",
            word="Menunggu Dukcapil",
            since=date(2026, 11, 12),
            until=None,
            note="biasanya 14 hari",
        ),
        values.WorkItem(
            "Kumpulan Oktober 2026",
            "#5",
            "100.000 permintaan.",
            "waiting",
            word="Menunggu Bupati",
            who="Bupati Lumajang",
            since=date(2026, 11, 9),
            until=date(2026, 11, 30),
        ),
    )
    finished = (
        values.WorkItem(
            "Jumadi", "#6", "Kondisi rumah diperbarui dan sudah berlaku di register.", "done", note="kemarin"
        ),
    )
    cards = (
        values.RequestCard(
            "Tumini",
            "#1",
            "Kondisi rumah berubah",
            "RT 02 RW 01",
            "incomplete",
            count=1,
            checks=checks[:3],
            deed_label="Ambil foto",
            deed_url="#foto",
            deed_icon="camera",
            waiting_days=63,
            ticket=TICKET,
        ),
        values.RequestCard(
            LONG_NAME,
            "#2",
            "Keluarga baru",
            "RT 05 RW 02",
            "incomplete",
            count=2,
            checks=checks,
            deed_label="Lengkapi",
            deed_url="#isi",
            deed_icon="pencil",
            waiting_days=9,
        ),
        values.RequestCard(
            "Sumiyem",
            "#3",
            "Keluar atas permintaan sendiri",
            "RT 04 RW 01",
            "ready",
            waiting_days=0,
            who="Dinsos Lumajang",
            since=date(2026, 11, 20),
            until=date(2027, 1, 15),
        ),
        values.RequestCard(
            "Paiman",
            "#4",
            "Kondisi rumah berubah",
            "RT 01 RW 02",
            "locked",
            refused="Belum bisa diubah: salinan dikunci sampai 31 Desember.",
            waiting_days=1,
        ),
    )
    period = values.Period(
        "Nasional, semua jenis",
        date(2027, 1, 4),
        date(2027, 1, 15),
        date(2027, 1, 17),
        days=41,
        kinds="semua jenis perubahan",
        ready=38,
        incomplete=14,
    )
    return {
        "checks": checks,
        "work": work,
        "others": others,
        "finished": finished,
        "cards": cards,
        "period": period,
        "period_open": values.Period(
            "Bansos",
            date(2026, 11, 20),
            date(2026, 12, 11),
            days=1,
            is_open=True,
            kinds="bansos",
            ready=0,
            incomplete=0,
        ),
        "period_large": values.Period(
            "Bansos", date(2026, 12, 1), date(2026, 12, 11), days=7, ready=100_000, incomplete=1
        ),
        "period_early": values.Period(
            "Bansos", date(2026, 11, 1), date(2026, 11, 11), closed_early_reason="penetapan dimajukan."
        ),
    }


def build_comparisons() -> dict[str, Any]:
    """Comparisons, conflicts, history, causes."""
    ways = (
        values.Way("Pakai 5 orang", name="way", value="current"),
        values.Way("Angka itu keliru", url="#keliru"),
    )
    return {
        "ways": ways,
        "three": (
            values.Comparison(
                "Jumlah anggota",
                "4 orang",
                "5 orang",
                "4 orang",
                "conflict",
                current_source="Dukcapil, lahir 3 Nov 2026",
                ways=ways,
                sentence="Jumlah anggota mengikuti Dukcapil, jadi tidak diubah di sini.",
            ),
            values.Comparison(
                "Lantai", "Semen", "Semen", "Tanah", "will_change", seen_source="Desa, 14 Mar 2024"
            ),
            values.Comparison(
                "Sumber air",
                "Sumur terlindung",
                "Sumur tak terlindung",
                "Sumur tak terlindung",
                "same",
                current_source="Dinsos, 2 Nov 2026",
            ),
            values.Comparison(
                "Alamat tinggal",
                "Jalan Raya Senduro nomor 12 dekat pasar",
                "Jalan Raya Senduro nomor 12 dekat pasar",
                "Jalan Raya Senduro nomor 21 dekat balai desa",
                "will_change",
            ),
            values.Comparison("Alamat pada KTP", None, None, f"Jalan {LONG_WORD} nomor 12", "not_here"),
        ),
        "pairs": (
            values.Pair("Nama", "Siti Aminah", "St. Aminah", "will_change", "Mirip"),
            values.Pair("Tanggal lahir", "5 Juli 1988", "5 Juli 1988", "same"),
            values.Pair("Nama ibu", "Kartini", None, "unseen", "Tidak diketahui"),
            values.Pair("Jenis kelamin", "Perempuan", "Laki-laki", "conflict", "Berbeda"),
        ),
        "timeline": (
            values.TimelineDay(
                date(2026, 11, 3),
                (
                    values.TimelineEntry(
                        "Jumlah anggota",
                        "4",
                        "5",
                        "Dispendukcapil Lumajang",
                        "petugas",
                        "kelahiran",
                        date(2026, 10, 28),
                        NOW,
                        "KLH-0042",
                        "#k",
                        "#bukti",
                    ),
                    values.TimelineEntry(
                        "Telepon", None, "0334-555-0142", "Tutik Handayani", "operator desa"
                    ),
                ),
            ),
            values.TimelineDay(
                date(2024, 3, 14),
                (
                    values.TimelineEntry(
                        "Lantai",
                        "Kayu atau papan",
                        "Semen atau bata merah",
                        LONG_NAME,
                        "operator desa",
                        "kunjungan rumah",
                    ),
                ),
            ),
        ),
        "causes": (
            values.Cause(
                "BPJS Kesehatan memakai salinan 31 Agustus",
                "Mereka menerima berkas sebulan sekali; berkas September dan Oktober belum diambil.",
                "BPJS Kesehatan, petugas data pelanggan",
                "late",
                days=24,
                since=date(2026, 8, 31),
                until=date(2026, 10, 31),
                deed="Ambil berkas Oktober. 1.204 perubahan menunggu di sana.",
                code="U1",
                evidence_url="#bukti",
            ),
            values.Cause(
                "Masa pemutakhiran belum dibuka",
                "Siap di cadangan sejak 15 Oktober.",
                "Pusat",
                "waiting",
                since=date(2026, 10, 15),
                until=date(2027, 1, 4),
                code="W1",
                way_label="Lihat jadwal",
                way_url="#jadwal",
            ),
            values.Cause(
                "Tanpa sebab yang dikenal", "Petugas memeriksa.", "Dinsos Lumajang", "unseen", code="-"
            ),
        ),
        "steps": (
            values.Step("done", "Dicatat di kantor desa", "12 Oktober 2026, Desa Burno"),
            values.Step("done", "Diputus musyawarah desa", "14 Oktober 2026, disetujui"),
            values.Step("now", "Menunggu masa pemutakhiran", "Sekarang. Dibuka 4 Januari 2027."),
            values.Step("next", "Diperiksa Dinas Sosial Lumajang", "Paling lama 15 hari kerja", "users"),
            values.Step("next", "Disahkan Bupati, ditetapkan Menteri", "Biasanya 30 hari", "file-text"),
            values.Step("next", "Berlaku di register", "Anda mendapat kabar di sini", "home"),
        ),
        "steps_late": (
            values.Step("done", "Dicatat di kantor desa"),
            values.Step("late", "Diputus musyawarah desa", "Lewat 2 hari. Atasan sudah diberi tahu."),
        ),
        "steps_stopped": (
            values.Step("done", "Dicatat di kantor desa"),
            values.Step("stopped", "Ditarik atas permintaan Anda", "20 Oktober 2026"),
        ),
    }


def build_people() -> dict[str, Any]:
    """People, families, answers."""
    return {
        "person": values.Person(
            "Siti Aminah",
            NIK,
            "5 Juli 1988",
            "Lumajang",
            "RT 03 RW 01, Desa Burno",
            "Slamet Riyadi",
            "suami",
            "Sama, dicek hari ini 10.41",
            "done",
            "Ada di register",
            "#orang",
        ),
        "person_long": values.Person(LONG_NAME, address=f"Dusun {LONG_WORD}"),
        "family": values.Family(
            "Slamet Riyadi",
            NO_KK,
            "RT 03 RW 01, Desa Burno",
            "#keluarga",
            (
                values.Member("Slamet Riyadi", "Kepala", "1984"),
                values.Member("Siti Aminah", "Istri", "1988", "#orang"),
                values.Member(LONG_NAME, "Anak", "2012"),
                values.Member("Nur Aisyah", "Anak", "2026", "", "draft", "Baru"),
            ),
        ),
        "family_headless": values.Family(
            "", note="Kepala keluarga meninggal 19 November. Pengganti belum ditentukan."
        ),
        "floors": tuple(
            values.Option(str(number), label, recorded=number == 6)
            for number, label in enumerate(
                (
                    "Marmer atau granit",
                    "Keramik",
                    "Parket, vinil, atau karpet",
                    "Ubin, tegel, atau teraso",
                    "Kayu atau papan",
                    "Semen atau bata merah",
                    "Bambu",
                    "Tanah",
                    "Lainnya",
                ),
                1,
            )
        ),
        "yes_no": (values.Option("1", "Ya"), values.Option("2", "Tidak")),
        "insurances": (
            values.Option("1", "PBI", hint="dibayar pemerintah", recorded=True),
            values.Option("2", "Mandiri"),
            values.Option("4", LONG_NAME, refused="belum bisa dipilih"),
        ),
        "reasons": (
            values.Option("photo", "Foto tidak jelas"),
            values.Option("minutes", "Berita acara tidak memuat nama"),
            values.Option("other", "Lainnya"),
        ),
        "purposes": (
            values.Option("request", "Mengurus permintaan"),
            values.Option("check", "Memeriksa kumpulan"),
            values.Option("other", "Lainnya"),
        ),
        "places": (
            {"code": "3508130001", "label": "Desa Burno", "detail": "Kec. Senduro, Kab. Lumajang"},
            {"code": "3508130002", "label": "Desa Kandangan", "detail": "Kec. Senduro, Kab. Lumajang"},
        ),
        "errors": (
            values.FieldError("nik-wrong", "NIK baru 15 angka, kurang 1."),
            values.FieldError("floor-wrong", "Pilih bahan lantai."),
        ),
        "summary": (
            values.SummaryRow("Lantai", "Tanah", "#ubah", hint="sebelumnya Semen"),
            values.SummaryRow("Telepon", "", "#ubah"),
            values.SummaryRow("Nama", LONG_NAME),
        ),
        "photo": {
            "url": "/static/mutakhir.svg",
            "label": "Foto lantai",
            "taken_at": NOW,
            "width": 240,
            "height": 160,
        },
    }


def build_lists() -> dict[str, Any]:
    """Tables, filters, reviews, charts."""
    columns = (
        values.Column("Masa pemutakhiran"),
        values.Column("Dibuka"),
        values.Column("Batas", hide_phone=True),
        values.Column("Keadaan"),
        values.Column("Siap ikut", align="right"),
    )

    def make_row(name: str, opens_on: date, cut_off_on: date, state: str, ready: int, key: str) -> values.Row:
        cells = (
            values.Cell(name, "link", "#masa"),
            values.Cell(opens_on, "day"),
            values.Cell(cut_off_on, "day"),
            values.Cell("", "chip", state=state),
            values.Cell(ready, "number"),
        )
        return values.Row(cells, key)

    months = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
    reviews = (
        ("Misnati", "agreed"),
        ("Suparman", "agreed"),
        ("Keluarga Hariyanto", "returned"),
        ("Siti Aminah", "conflict"),
        ("Ponirah", "warning"),
        (LONG_NAME, "unseen"),
        ("Sumiyem", "unseen"),
        ("Muhammad Yusuf", "unseen"),
        ("Keluarga Lasmini", "unseen"),
        ("Paiman", "unseen"),
        ("Ngatemi", "unseen"),
        ("Supriyadi", "unseen"),
    )
    return {
        "columns": columns,
        "rows": (
            make_row("Nasional, bansos", date(2026, 12, 1), date(2026, 12, 11), "scheduled", 100_000, "1"),
            make_row(LONG_NAME, date(2027, 1, 4), date(2027, 1, 15), "yours", 0, "2"),
            make_row("Lumajang, pindah wilayah", date(2027, 1, 4), date(2027, 2, 26), "draft", 1870, "3"),
        ),
        "chips": (
            values.Link("Belum lengkap", "#1", True, 14),
            values.Link("Siap", "#2", count=38),
            values.Link("Semua", "#3", count=100_000),
            values.Link("Menurut dusun", "#4"),
            values.Link("Tidak ada", "#5", count=0),
        ),
        "tabs": (
            values.Link("Ringkasan", "#1", True),
            values.Link("Anggota", "#2", count=5),
            values.Link("Kondisi", "#3"),
            values.Link("Bantuan", "#4", count=0),
            values.Link("Permintaan", "#5"),
            values.Link("Riwayat", "#6"),
            values.Link("Mengapa", "#7"),
        ),
        "left": (
            values.Left("Bentrok dengan data sekarang", 3, "#bentrok"),
            values.Left("Foto belum ada", 100_000),
        ),
        "bulk_examples": (
            {"title": "Tumini", "detail": "Lantai: Semen menjadi Tanah"},
            {"title": LONG_NAME, "detail": "Sumber air"},
        ),
        "review_rows": tuple(
            values.ReviewRow(
                1281 + index,
                name,
                "RT 03 RW 01 · Kondisi rumah · 2 isian",
                state,
                f"#{1281 + index}",
                index == 3,
            )
            for index, (name, state) in enumerate(reviews)
        ),
        "review_filters": (
            values.Link("Semua", "#1", True),
            values.Link("Bentrok", "#2", count=42),
            values.Link("Peringatan", "#3", count=118),
            values.Link("Sejenis", "#4"),
        ),
        "evidence": (
            values.Evidence(
                "Foto lantai",
                "#1",
                True,
                "photo",
                "/static/mutakhir.svg",
                "Lantai ruang depan berupa tanah padat",
                360,
                230,
                "12 Okt 2026 10.44. Diambil 38 m dari alamat tercatat.",
            ),
            values.Evidence("KK", "#2"),
            values.Evidence("Berita acara", "#3"),
        ),
        "evidence_file": (
            values.Evidence("Berita acara", "#1", True, "file", "#berkas", caption="14 Okt 2026"),
        ),
        "evidence_missing": (values.Evidence("Foto rumah", "#1", True, missing="Foto rumah belum dikirim."),),
        "deeds": (
            values.Deed(
                "Setuju",
                "decision",
                "agree",
                icon="check",
                key="s",
                refused="Belum bisa disetujui: jumlah anggota bentrok.",
                way_label="Pakai 5, setujui sisanya",
                way_url="#pakai",
            ),
            values.Deed("Kembalikan", "decision", "return", icon="arrow-back-up", key="k"),
            values.Deed("Tolak", "decision", "refuse", kind="secondary", key="t"),
            values.Deed("Lewati", "decision", "skip", kind="quiet", key="l"),
        ),
        "bars": (
            {"label": "Masa belum dibuka", "value": 46, "text": "46%", "url": "#w1"},
            {"label": LONG_NAME, "value": 19, "text": "19%"},
            {"label": "Lain-lain", "value": 0, "text": "0%"},
        ),
        "bars_large": ({"label": "Jember", "value": 100_000}, {"label": "Bondowoso", "value": 1}),
        "parts": (
            {"label": "siap", "value": 38, "tone": "ready"},
            {"label": "belum lengkap", "value": 14, "tone": "incomplete"},
            {"label": "lewat", "value": 2, "tone": "late"},
        ),
        "day_bars": tuple(
            {"day": date(2027, 1, 4) + timedelta(days=index), "value": value}
            for index, value in enumerate((2600, 1900, 1500, 1300, 1250, 1600, 1900, 2600, 3900, 7962))
        ),
        "year_lanes": (
            {
                "label": "Nasional, semua jenis",
                "spans": (
                    {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 17), "kind": "planned"},
                    {"starts_on": date(2027, 10, 4), "ends_on": date(2027, 10, 17), "kind": "planned"},
                ),
            },
            {
                "label": "Nasional, bansos",
                "spans": tuple(
                    {"starts_on": date(2027, month, 1), "ends_on": date(2027, month, 17), "kind": "recurring"}
                    for month in range(1, 13)
                ),
            },
            {
                "label": "Lumajang, pindah wilayah",
                "spans": (
                    {
                        "starts_on": date(2027, 1, 4),
                        "ends_on": date(2027, 2, 28),
                        "kind": "proposed",
                        "url": "#usul",
                    },
                ),
            },
            {"label": LONG_NAME, "spans": ()},
        ),
        "legend": (
            {"label": "rencana", "kind": "planned"},
            {"label": "tetap tiap bulan", "kind": "recurring"},
            {"label": "diusulkan daerah", "kind": "proposed"},
        ),
        "line": tuple(
            {"label": f"{month} 2026", "value": value}
            for month, value in zip(
                months, (4.1, 4.6, 5.2, 5.8, 6.1, 6.6, 7.0, 7.6, 8.2, 8.6, 8.0, 7.9), strict=True
            )
        ),
    }


def build_papers() -> dict[str, Any]:
    """What residents see and take home, and documents."""
    return {
        "ticket": values.Ticket(
            TICKET,
            "Permintaan Anda sudah siap. Kini menunggu masa pemutakhiran dibuka.",
            "Masa pemutakhiran nasional",
            "Kementerian Sosial",
            date(2026, 10, 15),
            "4 Januari 2027, 41 hari lagi",
            "Dibuka",
            who_label="Dibuka oleh",
            calm_sentence="Permintaan ikut sendiri saat masa pemutakhiran dibuka.",
        ),
        "ticket_need": values.Ticket(
            TICKET,
            "Kantor Desa Burno menunggu dua hal dari Anda.",
            "Kelengkapan",
            "Anda",
            date(2026, 11, 20),
            date(2026, 12, 4),
            days_late=2,
            need=("KTP asli", "Kartu Keluarga"),
        ),
        "receipt": values.Receipt(
            "Pemerintah Desa Burno",
            "Kec. Senduro",
            "Kab. Lumajang",
            TICKET,
            "Tumini",
            "Kondisi rumah: lantai",
            datetime(2026, 10, 12, 10, 46, tzinfo=WIB),
            "Tutik Handayani, operator desa",
            "Menunggu masa pemutakhiran, 4 Januari 2027",
            "mutakhir.example/t",
            f"https://mutakhir.example/t/{TICKET}",
            NOW,
            "0334-555-0142",
        ),
        "document": values.Document(
            ("Pemerintah Kabupaten Lumajang", "Kecamatan Senduro", "Desa Burno"),
            "Berita Acara Musyawarah Desa",
            "470/12/2026",
            "Burno",
            date(2026, 10, 14),
            (
                values.Signature("Kepala Desa", "Suwarno"),
                values.Signature("Ketua BPD", "Hj. Mariyam"),
                values.Signature("Sekretaris", LONG_NAME),
            ),
            "9f86d081884c7d659a2feaa0c55ad015",
            "https://mutakhir.example/d/9f86d081",
            NOW,
            "Tutik Handayani",
        ),
    }


def build_context(*, language: str, density: str) -> dict[str, Any]:
    """Everything the examples read."""
    return {
        "shell": build_shell(language=language, density=density),
        "today": TODAY,
        "now": NOW,
        "long_name": LONG_NAME,
        "long_word": LONG_WORD,
        "nik": NIK,
        "no_kk": NO_KK,
        "ticket_number": TICKET,
        **build_requests(),
        **build_comparisons(),
        **build_people(),
        **build_lists(),
        **build_papers(),
    }
