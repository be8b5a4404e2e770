"""The page of one task: what it is about, and what was found."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mutakhir import parameters, wiring
from mutakhir.core.actors import Role
from mutakhir.core.refusals import Refusal
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.people import families_by_number, names_of_people
from mutakhir.store.models import Task
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import READERS, Desk, carry_out, log_reading, page, signed_in
from mutakhir.web.refusals import field_errors, language, say, word
from mutakhir.wiring.tasks import close_task, find_task


@signed_in(*READERS)
def show_task(request: Desk, number: int) -> HttpResponse:
    task = wiring.ask(find_task, number, actor=request.actor)
    note = said(request.POST, "note")
    missing = () if request.actor.has((Role(task.owner),), task.region) else (_role_missing(task),)
    context: dict[str, Any] = {
        "task": task,
        "sentence": parameters.load().sentence(task.rule, language(), **task.particulars),
        "who": word("role", task.owner),
        "refused": " ".join(say(one) for one in missing),
        "note": note,
        **_about(request, task),
    }
    if request.method == "POST":
        done = carry_out(request, close_task, number, note=note)
        if done.ok:
            return redirect("work")
        context["errors"] = field_errors(done.refusals, fields={"must-be-said": "note"})
    about = () if task.subject is None else (task.subject,)
    log_reading(request, purpose="task", region=task.region, subjects=about)
    return page(request, "work/task.html", context)


def _role_missing(task: Task) -> Refusal:
    return Refusal.of("role-missing", roles=task.owner)


def _about(request: Desk, task: Task) -> dict[str, str]:
    """Whom a task is about, by name and page, as far as the reader may see them."""
    if task.subject is None:
        return {"about": str(task.particulars.get("name", "")), "about_url": ""}
    scopes = request.actor.scopes()
    names = wiring.ask(names_of_people, [task.subject], scopes=scopes)
    if names:
        return {"about": names[task.subject], "about_url": reverse("person", args=[task.subject])}
    for family in wiring.ask(families_by_number, [task.subject], scopes=scopes):
        return {"about": family.head_name, "about_url": reverse("family", args=[family.family])}
    for asked in wiring.ask(requests_by_number, [task.subject]).values():
        if request.actor.sees(asked.region):
            return {"about": asked.subject_name, "about_url": reverse("request", args=[asked.id])}
    return {"about": "", "about_url": ""}
