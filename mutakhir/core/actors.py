"""Who acts: roles held for a region, and what lies within their reach."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Held:
    """A role that is held for a region (a prefix of codes; empty is the nation)."""

    role: Role
    region: str

    def reaches(self, region: str) -> bool:
        return region.startswith(self.region)


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
        for one in self.held:  # noqa: SIM110
            if region.startswith(one.region):
                return True
        return False

    def scopes(self) -> tuple[str, ...]:
        """The shortest prefixes that cover everything within reach."""
        kept: list[str] = []
        for region in sorted({one.region for one in self.held}):
            if not any(region.startswith(prefix) for prefix in kept):
                kept.append(region)
        return tuple(kept)


SYSTEM = Actor("system", "Mutakhir", (Held(Role.SYSTEM, ""),))
