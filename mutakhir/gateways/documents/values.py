"""Values: what each document says, in plain frozen values; no template asks for anything else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the lines from the highest office down, of which the last is set largest."""

    lines: tuple[str, ...]
    address: str
    contact: str = ""
    crest: bytes = b""
    """The region's coat of arms as PNG or JPEG; a letter without one is a letter too."""


@dataclass(frozen=True, slots=True)
class Place:
    """The village, its kecamatan and its kabupaten, each with the word for its kind ("Desa Burno")."""

    village: str
    kecamatan: str
    kabupaten: str
    meeting: str = "Musyawarah Desa"


@dataclass(frozen=True, slots=True)
class Signature:
    """Place for one signature. `before` stands over the office ("Mengetahui,", "a.n. Bupati Lumajang")."""

    office: str
    name: str
    before: str = ""
    rank: str = ""
    employee_number: str = ""
    stamp: bool = False
    duty_stamp: bool = False


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands at the foot of every page, so that a sheet can be checked by anybody who holds it."""

    number: str
    address: str
    """Where the document is checked; the code at the foot leads there."""
    printed_at: datetime
    """Aware, in the zone of the region: its hour is printed."""
    printed_by: str
    digest: str = ""
    """The digest of the rows, 64 hexadecimal signs; empty for a form without rows."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is not known yet (None or empty) becomes a line to write on; minutes need the day."""

    day: date | None
    begins: time | None
    zone: str
    venue: str
    leader: str
    leader_office: str
    ends: time | None = None
    secretary: str = ""
    secretary_office: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to ask for at the civil registry, with the papers to bring and what people do not know about it."""

    ask: str
    needs: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """For the resident: no NIK, no address. A5 landscape; what is to be done at the civil registry on a second sheet."""

    template: ClassVar[str] = "receipt.html"

    office: str
    region: str
    number: str
    name: str
    kind: str
    received_at: datetime
    received_by: str
    step: str
    host: str
    """What to type where nothing can be scanned: mutakhir.example/t"""
    address: str
    telephone: str
    printed_at: datetime
    errands: tuple[Errand, ...] = ()
    claim: bool = False
    """Whether the civil registry decides, so that nothing else is waited for."""

    @property
    def title(self) -> str:
        return "Tanda terima permintaan"


@dataclass(frozen=True, slots=True)
class AgendaRow:
    ticket: str
    name: str
    place: str
    kind: str
    recorded_on: date
    readiness: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the village meeting talks about. Without NIK, and of the number only its end: it lies on the table."""

    template: ClassVar[str] = "agenda.html"

    letterhead: Letterhead
    place: Place
    meeting: Meeting
    topics: tuple[str, ...]
    rows: tuple[AgendaRow, ...]
    signatures: tuple[Signature, ...]
    foot: Foot

    @property
    def title(self) -> str:
        return f"Bahan {self.place.meeting}, {self.place.village}"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str
    element: str
    """Whom the person speaks for: BPD, RT 03/RW 01, Babinsa."""
    address: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceList:
    template: ClassVar[str] = "attendance.html"

    letterhead: Letterhead
    place: Place
    meeting: Meeting
    people: tuple[Attendee, ...]
    blank_rows: int
    signatures: tuple[Signature, ...]
    foot: Foot

    @property
    def title(self) -> str:
        return f"Daftar hadir {self.place.meeting}, {self.place.village}"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at

    @property
    def blanks(self) -> range:
        return range(len(self.people) + 1, len(self.people) + self.blank_rows + 1)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    ticket: str
    name: str
    place: str
    kind: str
    fit: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Berita acara of a village meeting, with its decisions."""

    template: ClassVar[str] = "minutes.html"

    letterhead: Letterhead
    place: Place
    meeting: Meeting
    number: str
    elements: tuple[tuple[str, int], ...]
    """Who was there: the element and how many persons of it."""
    rows: tuple[DecisionRow, ...]
    signatures: tuple[Signature, ...]
    foot: Foot
    appeal_until: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Berita acara {self.place.meeting}, {self.place.village}, Nomor {self.number}"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at

    @property
    def attendance(self) -> int:
        return sum(count for _, count in self.elements)

    @property
    def fit(self) -> int:
        return sum(row.fit for row in self.rows)

    @property
    def unfit(self) -> int:
        return len(self.rows) - self.fit


@dataclass(frozen=True, slots=True)
class StatementRow:
    ticket: str
    name: str
    place: str
    kind: str


@dataclass(frozen=True, slots=True)
class Responsibility:
    """SPTJM: the village head answers for the data where no meeting could be held."""

    template: ClassVar[str] = "responsibility.html"

    letterhead: Letterhead
    place: Place
    number: str
    signed_on: date
    signed_at: str
    """The town that stands before the date."""
    signer: str
    office: str
    reason: str
    """Why no meeting could be held; empty becomes a line to write on."""
    rows: tuple[StatementRow, ...]
    signature: Signature
    foot: Foot
    employee_number: str = ""

    @property
    def title(self) -> str:
        return f"Surat pernyataan tanggung jawab mutlak Nomor {self.number}"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at


@dataclass(frozen=True, slots=True)
class ListRow:
    ticket: str
    name: str
    nik: str
    address: str
    kind: str
    no_kk: str = ""
    village: str = ""
    result: str = ""


NikForm: TypeAlias = Literal["masked", "full"]


@dataclass(frozen=True, slots=True)
class NameList:
    """BNBA: the list by name and address that belongs to minutes, a statement or a letter. A4 landscape."""

    template: ClassVar[str] = "name_list.html"

    letterhead: Letterhead
    place: Place
    belongs_to: str
    """The document whose annex this is: "Berita acara Nomor ... tanggal 14 Oktober 2026"."""
    rows: tuple[ListRow, ...]
    signed_at: str
    signed_on: date
    signatures: tuple[Signature, ...]
    foot: Foot
    nik_form: NikForm = "masked"

    @property
    def requests(self) -> int:
        """How many requests the rows belong to: a request about several persons has a row for each."""
        return len({row.ticket for row in self.rows})

    @property
    def title(self) -> str:
        return f"Daftar usulan menurut nama dan alamat {self.place.village}"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at


@dataclass(frozen=True, slots=True)
class Endorsement:
    """Surat pengesahan: the bupati endorses the finalised list, which is its annex."""

    template: ClassVar[str] = "endorsement.html"

    letterhead: Letterhead
    kabupaten: str
    number: str
    signed_at: str
    signed_on: date
    to: tuple[str, ...]
    period: str
    finalised_on: date
    finalised_by: str
    rows: tuple[ListRow, ...]
    signature: Signature
    foot: Foot
    copies_to: tuple[str, ...] = ()
    nik_form: NikForm = "full"

    @property
    def title(self) -> str:
        return f"Surat pengesahan Nomor {self.number}"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at

    @property
    def kinds(self) -> tuple[tuple[str, int], ...]:
        """How many rows of each kind, the most frequent first."""
        counted = Counter(row.kind for row in self.rows)
        return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class Leaving:
    """Statement of leaving; what is not filled in becomes a line to write on."""

    template: ClassVar[str] = "leaving.html"

    letterhead: Letterhead
    place: Place
    head_office: str
    """Who witnesses it: "Kepala Desa Burno"."""
    foot: Foot
    head_name: str = ""
    name: str = ""
    nik: str = ""
    no_kk: str = ""
    birth: str = ""
    address: str = ""
    telephone: str = ""

    @property
    def title(self) -> str:
        return "Surat pernyataan mengundurkan diri"

    @property
    def printed_at(self) -> datetime:
        return self.foot.printed_at


Document: TypeAlias = (
    Receipt | Agenda | AttendanceList | Minutes | Responsibility | NameList | Endorsement | Leaving
)
