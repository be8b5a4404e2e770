"""The papers of a kabupaten's list: the letter of endorsement with its annex, and the list by name and address, as PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mutakhir import parameters, wiring
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.change_requests import Request
from mutakhir.core.facts import Value
from mutakhir.core.flows.submission import Letter
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.gateways import documents
from mutakhir.gateways.documents import values
from mutakhir.gateways.documents.wording import day as day_in_letters
from mutakhir.queries.lists import proposal_rows, requests_of_list
from mutakhir.queries.places import Place
from mutakhir.queries.submission import ListWork, find_list

TO = (
    "Menteri Sosial Republik Indonesia",
    "u.p. Kepala Pusat Data dan Informasi Kesejahteraan Sosial",
    "di Jakarta",
)
BLANK = "." * 34
"""A line to write the number on, where the letter has none yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """What only the person who prints knows: number, day and signer of the letter, and where the paper is checked."""

    address: str
    number: str = ""
    day: date | None = None
    signer: str = ""


def print_endorsement(number: int, *, told: Told, actor: Actor, now: datetime) -> bytes:
    """The letter that the bupati signs, with the list as its annex and the list's digest on every page."""
    work = _find(number, actor=actor, now=now)
    submission = work.submission
    letter = submission.letter
    return documents.print_pdf(
        values.Endorsement(
            letterhead=values.Letterhead((_office(work.place),), _seat(work.place)),
            kabupaten=_full(work.place),
            number=_number(told, letter),
            signed_at=_town(work.place),
            signed_on=_day(told, letter) or today_in(submission.region, now),
            to=TO,
            period=f"masa pemutakhiran {work.window_name}",
            finalised_on=today_in(submission.region, submission.finalised_at),
            finalised_by=f"Dinas Sosial {_full(work.place)}",
            rows=_rows(requests_of_list(number)),
            signature=values.Signature(_office(work.place), _signer(told, letter), stamp=True),
            foot=_foot(work, told, actor=actor, now=now),
            copies_to=(f"Kepala Dinas Sosial {_full(work.place)}",),
        )
    )


def print_name_list(number: int, *, told: Told, actor: Actor, now: datetime) -> bytes:
    """The list by name and address (BNBA) that belongs to the letter; NIK and No KK with their middle hidden."""
    work = _find(number, actor=actor, now=now)
    letter = work.submission.letter
    day = _day(told, letter)
    if _number(told, letter) == BLANK or day is None:
        belongs_to = f"Daftar usulan masa pemutakhiran {work.window_name}"
    else:
        belongs_to = f"Surat pengesahan Nomor {_number(told, letter)} tanggal {day_in_letters(day)}"
    return documents.print_pdf(
        values.NameList(
            letterhead=values.Letterhead(
                (f"Pemerintah {_full(work.place)}", "Dinas Sosial"), _seat(work.place)
            ),
            place=values.Place(
                _full(work.place),
                f"Provinsi {work.place.province}",
                f"masa pemutakhiran {work.window_name}",
            ),
            belongs_to=belongs_to,
            rows=_rows(requests_of_list(number)),
            signed_at=_town(work.place),
            signed_on=day or today_in(work.submission.region, now),
            signatures=(values.Signature(f"Kepala Dinas Sosial {_full(work.place)}", "", stamp=True),),
            foot=_foot(work, told, actor=actor, now=now),
        )
    )


def _find(number: int, *, actor: Actor, now: datetime) -> ListWork:
    work = find_list(number, actor, now=now, deadlines=wiring.terms().deadlines)
    if work is None:
        raise Refused(Refusal.of("not-found"))
    return work


def _rows(requests: Sequence[Request]) -> tuple[values.ListRow, ...]:
    """One row a person, in the order of villages and numbers."""
    found = []
    for row in proposal_rows(requests, parameters=parameters.load()):
        village = ", ".join(str(part) for part in (row["village_name"], row["kecamatan_name"]) if part)
        found.append(
            values.ListRow(
                ticket=str(row["request_number"] or ""),
                name=str(row.get("name") or row.get("head_name") or ""),
                nik=str(row.get("nik") or ""),
                no_kk=str(row.get("no_kk") or ""),
                address=", ".join(part for part in (_address(row), village) if part),
                kind=str(row["request_kind"]),
                village=village,
            )
        )
    return tuple(found)


def _address(row: Mapping[str, Value]) -> str:
    address = str(row.get("address") or "")
    place = " ".join(f"{word} {row[name]}" for name, word in (("rt", "RT"), ("rw", "RW")) if row.get(name))
    return address if "RT" in address else " ".join(part for part in (address, place) if part)


def _foot(work: ListWork, told: Told, *, actor: Actor, now: datetime) -> values.Foot:
    submission = work.submission
    return values.Foot(
        number=f"DAFTAR-{submission.region}-{submission.id}",
        address=told.address,
        printed_at=now.astimezone(zone_of(submission.region)),
        printed_by=actor.name or actor.login,
        digest=submission.digest,
    )


def _number(told: Told, letter: Letter | None) -> str:
    return told.number.strip() or (letter.number if letter else "") or BLANK


def _day(told: Told, letter: Letter | None) -> date | None:
    return told.day or (date.fromisoformat(letter.day) if letter else None)


def _signer(told: Told, letter: Letter | None) -> str:
    return told.signer.strip() or (letter.signer if letter else "")


def _full(place: Place) -> str:
    """Kabupaten Lumajang, written out as letters do."""
    return place.kabupaten.replace("Kab. ", "Kabupaten ")


def _town(place: Place) -> str:
    return place.kabupaten.removeprefix("Kab. ").removeprefix("Kota ")


def _seat(place: Place) -> str:
    return ", ".join(part for part in (_town(place), place.province) if part)


def _office(place: Place) -> str:
    """Who heads the region: a bupati, or the wali kota of a city."""
    return f"Wali Kota {_town(place)}" if place.kabupaten.startswith("Kota ") else f"Bupati {_town(place)}"
