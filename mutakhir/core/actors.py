"""Who acts: roles held for a region, and what lies within their reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    VILLAGE_OPERATOR = "village_operator"
    VILLAGE_HEAD = "village_head"
    DATA_FILLER = "data_filler"
    CAMAT = "camat"
    FIELD_CHECKER = "field_checker"
    VERIFIER = "verifier"
    SUPERVISOR = "supervisor"
    HEAD_OF_DINSOS = "head_of_dinsos"
    BUPATI_OFFICE = "bupati_office"
    CENTRE = "centre"
    ADMINISTRATOR = "administrator"
    PROVINCE = "province"
    AUDITOR = "auditor"
    APPLICANT = "applicant"
    SYSTEM = "system"


LEVEL_DIGITS = {
    Role.VILLAGE_OPERATOR: 10,
    Role.VILLAGE_HEAD: 10,
    Role.DATA_FILLER: 4,
    Role.CAMAT: 6,
    Role.FIELD_CHECKER: 4,
    Role.VERIFIER: 4,
    Role.SUPERVISOR: 4,
    Role.HEAD_OF_DINSOS: 4,
    Role.BUPATI_OFFICE: 4,
    Role.ADMINISTRATOR: 4,
    Role.PROVINCE: 2,
    Role.AUDITOR: 0,
    Role.CENTRE: 0,
}
"""The length of the region code at which a role is held."""

ABOVE = {
    Role.VILLAGE_OPERATOR: Role.VILLAGE_HEAD,
    Role.VILLAGE_HEAD: Role.SUPERVISOR,
    Role.DATA_FILLER: Role.SUPERVISOR,
    Role.CAMAT: Role.SUPERVISOR,
    Role.FIELD_CHECKER: Role.SUPERVISOR,
    Role.VERIFIER: Role.SUPERVISOR,
    Role.SUPERVISOR: Role.HEAD_OF_DINSOS,
    Role.BUPATI_OFFICE: Role.HEAD_OF_DINSOS,
    Role.HEAD_OF_DINSOS: Role.CENTRE,
}
"""Where a task goes when it is late, or when nobody holds the role."""


KEEPERS = frozenset({Role.ADMINISTRATOR})
"""Roles that look after accounts, not after people."""

REVIEWERS = frozenset({Role.ADMINISTRATOR, Role.HEAD_OF_DINSOS})
"""Roles that review who has an account, and end what is not needed any more."""

WATCHERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles that may see who read personal data."""

VILLAGE_STAFF = (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)
"""Who works in a village office: nobody of them checks a house of their own village for Dinsos."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that is held for a region (a prefix of codes; empty is the nation)."""

    role: Role
    region: str

    def reaches(self, region: str) -> bool:
        return region.startswith(self.region)


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see, as prefixes of region codes: of people and their requests, and of the log of reading.

    Nothing is nothing; the empty prefix is the nation. Everybody sees the lines of the log that have their `login`.
    """

    login: str = ""
    people: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with an account, the system itself, or a resident with a ticket."""

    login: str
    name: str = ""
    held: tuple[Held, ...] = ()

    def has(self, roles: frozenset[Role] | tuple[Role, ...], region: str) -> bool:
        # A loop, not any(): every decision asks this, a hundred thousand times when a window opens.
        for one in self.held:  # noqa: SIM110
            if one.role in roles and region.startswith(one.region):
                return True
        return False

    def sees(self, region: str) -> bool:
        """Whether people and requests of a region lie within reach."""
        for one in self.held:  # noqa: SIM110
            if region.startswith(one.region) and one.role not in KEEPERS:
                return True
        return False

    def is_staff_of(self, village: str) -> bool:
        """Whether the actor works in the office of this very village."""
        return any(one.role in VILLAGE_STAFF and one.region == village for one in self.held)

    def scopes(self) -> tuple[str, ...]:
        """The shortest prefixes that cover all people within reach."""
        return _shortest(one.region for one in self.held if one.role not in KEEPERS)

    def offices(self, roles: frozenset[Role] = KEEPERS) -> tuple[str, ...]:
        """The shortest prefixes that cover all accounts that this person looks after, or reviews."""
        return _shortest(one.region for one in self.held if one.role in roles)

    @property
    def reach(self) -> Reach:
        watched = _shortest(one.region for one in self.held if one.role in WATCHERS)
        return Reach(self.login, self.scopes(), watched)


def _shortest(regions: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for region in sorted(set(regions)):
        if not any(region.startswith(prefix) for prefix in kept):
            kept.append(region)
    return tuple(kept)


SYSTEM = Actor("system", "Mutakhir", (Held(Role.SYSTEM, ""),))
