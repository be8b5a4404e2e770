"""Kinds of requests: whom they are about, what they may change, which papers prove them, which steps they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    FORM = "form"
    IDENTITY_CARD = "identity_card"
    FAMILY_CARD = "family_card"
    HOUSE_FRONT = "house_front"
    HOUSE_FLOOR = "house_floor"
    STATEMENT = "statement"
    DEATH_LETTER = "death_letter"
    MOVE_LETTER = "move_letter"
    OTHER = "other"


PHOTOGRAPHS = frozenset(
    (Evidence.HOUSE_FRONT, Evidence.HOUSE_FLOOR, Evidence.FAMILY_CARD, Evidence.IDENTITY_CARD)
)
"""Evidence that is best taken with a camera; the other kinds are papers, photographed or scanned."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request.

    `about` is the subject that the resident names; `groups` are the groups of the attribute table that its form shows
    (`attributes` names single ones); `deliberated` is false where a document proves the request and the village
    meeting is skipped; `reasons` names the list of reasons, empty where none is asked. A `claim` is what only the civil
    register can make true: it is referred there, is never packed, and closes by itself when that register says so.
    """

    name: str
    about: str
    groups: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    deliberated: bool = True
    claim: bool = False
    reasons: str = ""

    @property
    def rests_on_dwelling(self) -> bool:
        """Whether the village decides about a house: another village then looks at it anew."""
        return "perumahan" in self.groups


NEW_PERSON_ATTRIBUTES = (
    "name",
    "nik",
    "birth_date",
    "birth_place",
    "sex",
    "relation",
    "marital_status",
    "mother_name",
    "occupation",
)
PLACE_ATTRIBUTES = ("address", "rt", "rw", "dusun", "landmark", "phone")
CORRECTED_ATTRIBUTES = (
    "name",
    "nik",
    "birth_date",
    "birth_place",
    "sex",
    "marital_status",
    "mother_name",
    "no_kk",
    "address",
)
"""What the civil register alone can put right."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "new_family",
            about="family",
            groups=("tempat", "perumahan", "aset", "anggota"),
            attributes=("no_kk", *PLACE_ATTRIBUTES, *NEW_PERSON_ATTRIBUTES),
            required=(
                "name",
                "birth_date",
                "sex",
                "address",
                "floor_material",
                "wall_material",
                "roof_material",
            ),
            evidence=(Evidence.FAMILY_CARD, Evidence.HOUSE_FRONT),
        ),
        Kind(
            "new_person",
            about="family",
            groups=("anggota",),
            attributes=NEW_PERSON_ATTRIBUTES,
            required=("name", "birth_date", "sex", "relation"),
            evidence=(Evidence.FAMILY_CARD,),
        ),
        Kind(
            "living_conditions",
            about="family",
            groups=("perumahan", "aset"),
            evidence=(Evidence.HOUSE_FRONT,),
        ),
        Kind(
            "not_eligible",
            about="person",
            attributes=(
                "eligibility",
                "eligibility_reason",
                "registration",
                "registration_reason",
                "died_on",
            ),
            evidence=(Evidence.STATEMENT,),
            reasons="not_eligible",
        ),
        Kind(
            "leaving",
            about="family",
            attributes=("registration", "registration_reason"),
            evidence=(Evidence.STATEMENT,),
            deliberated=False,
            reasons="leaving",
        ),
        Kind(
            "family_split",
            about="family",
            attributes=("no_kk", "relation", *PLACE_ATTRIBUTES),
            evidence=(Evidence.FAMILY_CARD,),
            reasons="family_split",
        ),
        Kind(
            "family_join",
            about="family",
            attributes=("no_kk", "relation"),
            evidence=(Evidence.FAMILY_CARD,),
            reasons="family_join",
        ),
        Kind(
            "double_id",
            about="person",
            attributes=("nik", "relation"),
            evidence=(Evidence.IDENTITY_CARD, Evidence.FAMILY_CARD),
            deliberated=False,
            reasons="double_id",
        ),
        Kind(
            "moved",
            about="family",
            attributes=("region_lived", "dusun", "rt", "rw", "landmark"),
            evidence=(Evidence.MOVE_LETTER,),
            deliberated=False,
        ),
        Kind(
            "change_of_pengurus",
            about="family",
            attributes=("pengurus",),
            required=("pengurus",),
            evidence=(Evidence.STATEMENT, Evidence.IDENTITY_CARD),
            deliberated=False,
        ),
        Kind(
            "death",
            about="person",
            attributes=("died_on",),
            required=("died_on",),
            evidence=(Evidence.DEATH_LETTER,),
            deliberated=False,
            claim=True,
        ),
        Kind(
            "correction",
            about="person",
            attributes=CORRECTED_ATTRIBUTES,
            evidence=(Evidence.FAMILY_CARD,),
            deliberated=False,
            claim=True,
            reasons="correction",
        ),
    )
}

PACKED = tuple(kind.name for kind in KINDS.values() if not kind.claim)
"""Kinds that join windows; a claim never does."""
