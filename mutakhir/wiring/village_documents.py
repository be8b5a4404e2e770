"""The papers of a village: agenda, attendance, minutes, SPTJM, list by name, and the statement of leaving, as PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from mutakhir import parameters, wiring
from mutakhir.actions.submission import rows_of
from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in, zone_name_of, zone_of
from mutakhir.core.change_requests import Request
from mutakhir.core.digests import list_digest
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.session import State as SessionState
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.regions import display_name, kind_of
from mutakhir.gateways import documents
from mutakhir.gateways.documents import values, wording
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.lists import changes_in_words, proposal_rows
from mutakhir.queries.places import Place, place
from mutakhir.queries.session import (
    AgendaRow,
    Spot,
    agenda_rows,
    candidates,
    find_session,
    holder_of,
)
from mutakhir.store.models import RegionRow

BLANK_ROWS = 24
TOPICS = (
    "Pembukaan dan penjelasan masa pemutakhiran",
    "Pembahasan permintaan warga satu per satu",
    "Pembacaan keputusan dan penandatanganan berita acara",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What only the person who prints knows; what is left empty becomes a line to write on.

    `address` is where the paper can be checked, `reason` why no meeting could be held.
    """

    address: str
    begins: time | None = None
    leader: str = ""
    leader_office: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed paper: the name of its file and its bytes."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Village:
    """Everything about the village that stands on each of its papers."""

    region: str
    place: Place
    today: date
    printed_at: datetime
    printed_by: str
    head: str
    post_code: str

    @property
    def head_office(self) -> str:
        name = self.place.village.removeprefix("Kelurahan ").strip()
        if kind_of(self.region) == "kelurahan":
            return f"Lurah {name}"
        return f"Kepala {self.place.village}"

    @property
    def operator_office(self) -> str:
        return "Operator kelurahan" if kind_of(self.region) == "kelurahan" else "Operator desa"

    @property
    def town(self) -> str:
        """The bare name, as it stands before a date."""
        word = display_name(self.region, "").strip()
        return self.place.village.removeprefix(word).strip()

    @property
    def kecamatan(self) -> str:
        return display_name(self.region[:6], self.place.kecamatan)

    @property
    def kabupaten(self) -> str:
        return self.place.kabupaten.replace("Kab. ", "Kabupaten ")

    @property
    def shown(self) -> values.Place:
        meeting = "Musyawarah Kelurahan" if kind_of(self.region) == "kelurahan" else "Musyawarah Desa"
        return values.Place(self.place.village, self.kecamatan, self.kabupaten, meeting)

    @property
    def letterhead(self) -> values.Letterhead:
        address = f"Kantor {self.place.village}, {self.kecamatan}, {self.kabupaten} {self.post_code}".strip()
        return values.Letterhead(
            (f"Pemerintah {self.kabupaten}", self.kecamatan, self.place.village), address
        )

    @property
    def signature(self) -> values.Signature:
        return values.Signature(self.head_office, self.head, stamp=True)

    def foot(self, number: str, told: Told, digest: str = "") -> values.Foot:
        return values.Foot(number, told.address, self.printed_at, self.printed_by, digest)


def _village(region: str, *, actor: Actor, now: datetime) -> _Village:
    today = today_in(region, now)
    row = RegionRow.objects.filter(code=region).first()
    return _Village(
        region,
        place(region),
        today,
        now.astimezone(zone_of(region)),
        actor.name or actor.login,
        holder_of(Role.VILLAGE_HEAD, region, on=today),
        (row.post_code or "") if row else "",
    )


# --- the papers of a meeting ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Matter:
    """A meeting with all its rows, read once."""

    session: Session
    village: _Village
    rows: tuple[AgendaRow, ...]
    told: Told
    operator: str

    @property
    def decided(self) -> tuple[AgendaRow, ...]:
        return tuple(row for row in self.rows if row.decision is not None)

    @property
    def digest(self) -> str:
        """Of the rows that were decided with their outcome: any other outcome or value gives another digest."""
        decided = self.decided
        return list_digest(
            {**plain, "outcome": row.decision.outcome, "why": row.decision.reason}
            for plain, row in zip(rows_of(one.request for one in decided), decided, strict=True)
            if row.decision is not None
        )

    @property
    def number(self) -> str:
        letters = "SPTJM" if self.session.form == "sptjm" else "BA"
        return f"{self.session.id}/{letters}/{self.session.day.year}"

    @property
    def meeting(self) -> values.Meeting:
        return _meeting(self.village.region, self.told, day=self.session.day, venue=self.session.place)


def _meeting(region: str, told: Told, *, day: date | None, venue: str) -> values.Meeting:
    return values.Meeting(
        day, told.begins, zone_name_of(region), venue, told.leader, told.leader_office if told.leader else ""
    )


def _agenda(matter: _Matter) -> values.Document:
    return _agenda_of(
        matter.village,
        [(row.request, row.spot, row.lacks) for row in matter.rows],
        meeting=matter.meeting,
        number=f"{matter.session.id}/AGENDA/{matter.session.day.year}",
        told=matter.told,
    )


def _agenda_of(
    village: _Village,
    rows: Sequence[tuple[Request, Spot, tuple[str, ...]]],
    *,
    meeting: values.Meeting,
    number: str,
    told: Told,
) -> values.Agenda:
    return values.Agenda(
        village.letterhead,
        village.shown,
        meeting,
        TOPICS,
        tuple(
            values.AgendaRow(
                request.ticket or "",
                request.subject_name,
                spot.shown,
                matter_in_words(request),
                today_in(request.region, request.recorded_at),
                _lacks_in_words(lacks),
            )
            for request, spot, lacks in rows
        ),
        (village.signature,),
        village.foot(number, told),
    )


def _attendance(matter: _Matter) -> values.Document:
    return values.AttendanceList(
        matter.village.letterhead,
        matter.village.shown,
        matter.meeting,
        (),
        max(BLANK_ROWS, matter.session.attendance + 4),
        (_leader(matter), matter.village.signature),
        matter.village.foot(f"{matter.session.id}/HADIR/{matter.session.day.year}", matter.told),
    )


def _leader(matter: _Matter) -> values.Signature:
    return values.Signature(matter.told.leader_office or "Pimpinan musyawarah", matter.told.leader)


def _minutes(matter: _Matter) -> values.Document:
    session = matter.session
    return values.Minutes(
        matter.village.letterhead,
        matter.village.shown,
        matter.meeting,
        matter.number,
        (("Peserta menurut daftar hadir", session.attendance),),
        tuple(
            values.DecisionRow(
                row.request.ticket or "",
                row.request.subject_name,
                row.spot.shown,
                matter_in_words(row.request),
                row.decision.outcome == "fit",
                row.decision.reason or "",
            )
            for row in matter.decided
            if row.decision is not None
        ),
        (
            matter.village.signature,
            _leader(matter),
            values.Signature(matter.village.operator_office, matter.operator),
        ),
        matter.village.foot(matter.number, matter.told, matter.digest),
        appeal_until=wiring.terms().deadlines.due("appeal", session.day),
        notes=_not_spoken_of(matter),
    )


def _not_spoken_of(matter: _Matter) -> tuple[str, ...]:
    left = len(matter.rows) - len(matter.decided)
    return (f"{left} permintaan dalam agenda belum dibahas dan tetap menunggu.",) if left else ()


def _responsibility(matter: _Matter) -> values.Document:
    village = matter.village
    return values.Responsibility(
        village.letterhead,
        village.shown,
        matter.number,
        matter.session.day,
        village.town,
        village.head,
        village.head_office,
        matter.told.reason,
        tuple(
            values.StatementRow(
                row.request.ticket or "",
                row.request.subject_name,
                row.spot.shown,
                matter_in_words(row.request),
            )
            for row in matter.decided
            if row.decision is not None and row.decision.outcome == "fit"
        ),
        values.Signature(village.head_office, village.head, stamp=True, duty_stamp=True),
        village.foot(matter.number, matter.told, matter.digest),
    )


def _name_list(matter: _Matter) -> values.Document:
    decided = {row.request.id: row.decision for row in matter.decided if row.decision is not None}
    spots = {row.request.ticket: row.spot for row in matter.decided}
    outcomes = {row.request.ticket: decided[row.request.id].outcome for row in matter.decided}
    kinds = {row.request.ticket: matter_in_words(row.request) for row in matter.decided}
    shown = parameters.load()
    rows = []
    for row in proposal_rows((one.request for one in matter.decided), parameters=shown):
        ticket = str(row["request_number"])
        address = str(row.get("address") or "") or spots[ticket].shown
        rows.append(
            values.ListRow(
                ticket,
                str(row.get("name") or row.get("head_name") or ""),
                str(row.get("nik") or ""),
                address,
                kinds[ticket],
                no_kk=str(row.get("no_kk") or ""),
                village=matter.village.place.village,
                result="Disetujui" if outcomes[ticket] == "fit" else "Tidak disetujui",
            )
        )
    paper = "SPTJM" if matter.session.form == "sptjm" else f"Berita Acara {matter.village.shown.meeting}"
    return values.NameList(
        matter.village.letterhead,
        matter.village.shown,
        f"{paper} Nomor {matter.number} tanggal {wording.day(matter.session.day)}",
        tuple(rows),
        matter.village.town,
        matter.session.day,
        (matter.village.signature, values.Signature(matter.village.operator_office, matter.operator)),
        matter.village.foot(matter.number, matter.told, matter.digest),
    )


@dataclass(frozen=True, slots=True)
class _Sort:
    """A kind of paper: which forms of a meeting have it, and whether it tells what was decided."""

    forms: tuple[str, ...]
    write: Callable[[_Matter], values.Document]
    tells_decisions: bool


PAPERS: Mapping[str, _Sort] = {
    "agenda": _Sort(("meeting", "sptjm"), _agenda, False),
    "daftar-hadir": _Sort(("meeting",), _attendance, False),
    "berita-acara": _Sort(("meeting",), _minutes, True),
    "sptjm": _Sort(("sptjm",), _responsibility, True),
    "bnba": _Sort(("meeting", "sptjm"), _name_list, True),
}
"""The papers of a meeting by the name of their file."""


def papers_of(session: Session) -> dict[str, tuple[Refusal, ...]]:
    """The papers that a meeting has, in the order of its work, each with what still stands in its way."""
    entered = session.state is not SessionState.CALLED
    return {
        name: (Refusal.of("nothing-entered"),) if sort.tells_decisions and not entered else ()
        for name, sort in PAPERS.items()
        if session.form in sort.forms
    }


def print_paper(name: str, number: int, *, actor: Actor, now: datetime, told: Told) -> Paper:
    """A paper of a meeting as PDF. Raises `Refused`: not-found outside the actor's reach, else what is still to do."""
    matter = wiring.ask(_read, number, actor=actor, now=now, told=told)
    if matter is None or name not in (known := papers_of(matter.session)):
        raise Refused(Refusal.of("not-found"))
    if known[name]:
        raise Refused(*known[name])
    document = wiring.ask(PAPERS[name].write, matter)
    return Paper(f"{name}-{matter.session.day.isoformat()}.pdf", documents.print_pdf(document))


def _read(number: int, *, actor: Actor, now: datetime, told: Told) -> _Matter | None:
    session = find_session(number, actor=actor)
    if session is None:
        return None
    operator = session.entered_by or session.called_by
    return _Matter(
        session,
        _village(session.region, actor=actor, now=now),
        agenda_rows(session),
        told,
        names_or_logins([operator])[operator],
    )


# --- papers without a meeting -----------------------------------------------------------------------------------------


def print_waiting(region: str, *, actor: Actor, now: datetime, told: Told) -> Paper:
    """What waits for the village's decision, without NIK, for a meeting that is not called yet.

    Raises `Refused` where nothing waits.
    """

    def read() -> values.Document:
        today = today_in(region, now)
        found = candidates(region, actor=actor, today=today, deadlines=wiring.terms().deadlines, limit=5000)
        if not found.rows:
            raise Refused(Refusal.of("agenda-empty"))
        village = _village(region, actor=actor, now=now)
        return _agenda_of(
            village,
            [(row.request, row.spot, row.lacks) for row in found.rows],
            meeting=_meeting(region, told, day=None, venue=""),
            number=f"BAHAN/{today.isoformat()}",
            told=told,
        )

    body = documents.print_pdf(wiring.ask(read))
    return Paper(f"bahan-musyawarah-{today_in(region, now).isoformat()}.pdf", body)


def print_leaving(region: str, *, actor: Actor, now: datetime, told: Told) -> Paper:
    """The blank statement of leaving."""

    def read() -> values.Document:
        village = _village(region, actor=actor, now=now)
        return values.Leaving(
            village.letterhead,
            village.shown,
            village.head_office,
            village.foot("KELUAR", told),
            head_name=village.head,
        )

    return Paper("pernyataan-keluar.pdf", documents.print_pdf(wiring.ask(read)))


# --- words ------------------------------------------------------------------------------------------------------------


def matter_in_words(request: Request, language: str = "id", *, most: int = 12) -> str:
    """What a request asks for in one line, without numbers of persons: kind, then the changes or the reason.

    Of more than `most` changes the first are named and the others counted.
    """
    known = parameters.load()
    kind = known.word("kind", request.kind, language)
    if request.kind == "living_conditions":
        told = tuple(
            one
            for one in request.changes
            if (attribute := known.attributes.get(one.attribute)) is not None and attribute.type != "subject"
        )
        changes = changes_in_words(replace(request, changes=told[:most]), known, language)
        more = {"id": "dan {n} isian lain", "en": "and {n} more"}[language].format(n=len(told) - most)
        return ": ".join(part for part in (kind, changes) if part) + (f"; {more}" if len(told) > most else "")
    if request.rule.reasons and request.reason:
        return f"{kind}: {known.reason(request.rule.reasons, request.reason).label[language]}"
    return kind


def _lacks_in_words(lacks: Sequence[str], language: str = "id") -> str:
    if not lacks:
        return ""
    known = parameters.load()
    named = ", ".join(known.piece(one, language) for one in lacks[:4])
    more = "" if len(lacks) <= 4 else f" dan {len(lacks) - 4} lagi"
    return f"Kurang {len(lacks)}: {named}{more}"
