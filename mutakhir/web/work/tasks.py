"""The page of one task: what it is about, and what was found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from mutakhir import parameters, wiring
from mutakhir.core.actors import Role
from mutakhir.web.desk import Desk, carry_out, log_reading, page, signed_in
from mutakhir.web.refusals import field_errors, language, word
from mutakhir.wiring.tasks import close_task, find_task


@signed_in()
def show_task(request: Desk, number: int) -> HttpResponse:
    task = wiring.ask(find_task, number, actor=request.actor)
    context = {
        "task": task,
        "sentence": parameters.load().sentence(task.rule, language(), **task.particulars),
        "who": word("role", task.owner),
        "may": request.actor.has((Role(task.owner),), task.region),
        "note": request.POST.get("note", ""),
    }
    if request.method == "POST":
        done = carry_out(request, close_task, number, note=request.POST.get("note", ""))
        if done.ok:
            return redirect("work")
        context["errors"] = field_errors(done.refusals)
    log_reading(request, purpose="task", region=task.region, subject=task.subject)
    return page(request, "work/task.html", context)
