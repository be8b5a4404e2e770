"""Somebody who is registered elsewhere lives here now: who can record that they moved is told so."""

from __future__ import annotations

from dataclasses import dataclass

from mutakhir.core.actors import LEVEL_DIGITS, Actor, Role
from mutakhir.core.flows.change_request import OPERATORS
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.tasks import NewTask


@dataclass(frozen=True, slots=True)
class Told:
    """What became of it: the task of the place where they are registered."""

    tasks: tuple[NewTask, ...]


def tell_of_move(person: int, *, name: str, region: str, here: str, actor: Actor) -> Told:
    """Ask the place where somebody is registered to record that they live `here` now, a village in words.

    Nothing is changed: that place makes sure with the family, and stays responsible until it has.
    """
    if not any(held.role in OPERATORS for held in actor.held):
        raise Refused(Refusal.of("role-missing", roles=",".join(role.value for role in OPERATORS)))
    in_village = len(region) == LEVEL_DIGITS[Role.VILLAGE_OPERATOR]
    owner = Role.VILLAGE_OPERATOR if in_village else Role.SUPERVISOR
    particulars = {"name": name, "place": here, "who": actor.name}
    return Told((NewTask("lives-elsewhere-now", person, region, owner, "lives_elsewhere_now", particulars),))
