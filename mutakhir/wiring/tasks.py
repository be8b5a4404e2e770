"""Tasks that no request carries: plain rows, done by saying what was found."""

from __future__ import annotations

from datetime import datetime

from mutakhir.core.actors import Actor, Role
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.store.models import Task


def find_task(number: int, *, actor: Actor) -> Task:
    task = Task.objects.filter(pk=number).first()
    if task is None or not actor.sees(task.region):
        raise Refused(Refusal.of("not-found"))
    return task


def close_task(number: int, *, note: str, actor: Actor, now: datetime) -> Task:
    """Close a task with the words of who looked at it.

    Raises `Refused` without words or without the role, `Conflict` when somebody else was faster.
    """
    find_task(number, actor=actor)
    task = Task.objects.select_for_update(of=("self",)).get(pk=number)
    if task.closed_at is not None:
        raise Conflict(Refusal.of("task-closed", who=task.closed_by or ""))
    reasons = []
    if not actor.has((Role(task.owner),), task.region):
        reasons.append(Refusal.of("role-missing", roles=task.owner))
    if not note.strip():
        reasons.append(Refusal.of("must-be-said", what="note"))
    if reasons:
        raise Refused(*reasons)
    task.closed_at, task.closed_by, task.closing_note = now, actor.login, note.strip()
    task.save(update_fields=["closed_at", "closed_by", "closing_note"])
    return task
