"""Purposes and offices in words: what people open data for, and where they sit when they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mutakhir import wiring
from mutakhir.core.actors import Role
from mutakhir.queries.places import Place, places
from mutakhir.queries.readings import OfficeReading

PURPOSES = {
    "agenda": gettext_noop("Musyawarah desa"),
    "annulment": gettext_noop("Pembatalan di register"),
    "batches": gettext_noop("Kumpulan dan daftar"),
    "compare": gettext_noop("Membandingkan daftar"),
    "csv": gettext_noop("Mengunduh"),
    "elsewhere": gettext_noop("Bertanya apakah terdaftar di tempat lain"),
    "erasure": gettext_noop("Penghapusan dan penguncian"),
    "evidence": gettext_noop("Membuka bukti"),
    "families": gettext_noop("Daftar keluarga desa"),
    "family": gettext_noop("Membuka keluarga"),
    "file": gettext_noop("Mengunduh"),
    "list": gettext_noop("Daftar kabupaten"),
    "person": gettext_noop("Membuka data orang"),
    "print": gettext_noop("Mencetak"),
    "readings": gettext_noop("Melihat siapa yang membuka data"),
    "receipt": gettext_noop("Tanda terima"),
    "record": gettext_noop("Mencatat permintaan"),
    "regions": gettext_noop("Perubahan wilayah"),
    "request": gettext_noop("Membuka permintaan"),
    "reserve": gettext_noop("Cadangan desa"),
    "search": gettext_noop("Mencari"),
    "session_proof": gettext_noop("Berkas musyawarah"),
    "task": gettext_noop("Membuka tugas"),
    "ticket": gettext_noop("Melihat keadaan permintaan"),
    "unmask": gettext_noop("Membuka nomor lengkap"),
    "verification": gettext_noop("Memeriksa permintaan"),
    "visit": gettext_noop("Kunjungan rumah"),
    "visits": gettext_noop("Daftar kunjungan"),
    "walk": gettext_noop("Daftar jalan"),
    "work": gettext_noop("Melihat pekerjaan"),
}
"""For what people open data, in the words of their screens; what a command was given stays as it was written."""

VILLAGE = (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)
DINSOS = (Role.DATA_FILLER, Role.FIELD_CHECKER, Role.VERIFIER, Role.SUPERVISOR, Role.HEAD_OF_DINSOS)


def purpose_words(purpose: str) -> str:
    """For staff: with what was added to it, and for a command as it was written."""
    name, _colon, more = purpose.partition(":")
    if name not in PURPOSES:
        return purpose
    if name == "unmask":
        reason, _colon, words = more.partition(": ")
        more = ": ".join(part for part in (unmask_reasons().get(reason, reason), words) if part)
    return f"{_(PURPOSES[name])} ({more})" if more else _(PURPOSES[name])


def unmask_reasons() -> dict[str, str]:
    """For what the whole number of somebody is needed; `other` has to be said in words."""
    return {
        "check_card": _("Mencocokkan dengan KTP atau Kartu Keluarga"),
        "civil": _("Mengurus ke Dukcapil"),
        "form": _("Mengisi formulir bantuan"),
        "answer": _("Menjawab pertanyaan warga itu sendiri"),
        "other": _("Keperluan lain"),
    }


def resident_words(purpose: str) -> str:
    """For residents: nothing that somebody typed, since a name might stand in it."""
    name = purpose.partition(":")[0]
    return _(PURPOSES[name]) if name in PURPOSES else _("Keperluan lain")


def office_words(role: str, where: Place) -> str:
    """The office in which a role is held."""
    if role in VILLAGE:
        return _("Kantor {place}").format(place=where.village or where.shown)
    if role in DINSOS:
        return _("Dinas Sosial {place}").format(place=where.kabupaten)
    match role:
        case Role.CAMAT:
            return _("Kantor Kecamatan {place}").format(place=where.kecamatan)
        case Role.BUPATI_OFFICE:
            return _("Kantor kepala daerah {place}").format(place=where.kabupaten)
        case Role.PROVINCE:
            return _("Dinas Sosial Provinsi {place}").format(place=where.province)
        case Role.CENTRE:
            return "Kementerian Sosial"
        case Role.AUDITOR:
            return _("Pengawas")
        case Role.ADMINISTRATOR:
            return _("Pengelola sistem")
        case Role.APPLICANT:
            return _("Pemegang nomor permintaan")
        case _:
            return _("Petugas")


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """What a resident reads: the day, the office, for what, how often, and whether it was a list of the whole place."""

    day: date
    office: str
    purpose: str
    times: int
    whole_list: bool


def office_lines(found: Sequence[OfficeReading]) -> list[OfficeLine]:
    """Readings by office; where the words are the same, they stand in one line."""
    named = _named(one.office for one in found)
    counted: dict[tuple[date, str, str, bool], int] = {}
    for one in found:
        key = (
            one.day,
            office_words(one.role, named[one.office]),
            resident_words(one.purpose),
            one.whole_list,
        )
        counted[key] = counted.get(key, 0) + one.times
    return [
        OfficeLine(day, office, purpose, times, listed)
        for (day, office, purpose, listed), times in counted.items()
    ]


def _named(codes: Iterable[str]) -> dict[str, Place]:
    return wiring.ask(places, set(codes))
