"""How every page works: who may open it, which form it carries, and one deed or one question behind it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from mutakhir import wiring
from mutakhir.core.actors import Actor, Role
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.store.models import Account
from mutakhir.web.sessions import to_sign_in

READERS = tuple(role for role in Role if role not in (Role.APPLICANT, Role.SYSTEM, Role.ADMINISTRATOR))
"""Who may read about people: an administrator looks after accounts, not after people."""
P = ParamSpec("P")
R = TypeVar("R")


class Desk(HttpRequest):
    """A request as the middleware leaves it: `actor` with the roles of today, `now` in UTC, `user` the account."""

    actor: Actor
    now: datetime
    user: Account
    htmx: Any


def signed_in(
    *roles: Role,
) -> Callable[[Callable[Concatenate[Desk, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to people who are signed in; with roles, only to who holds one. Others see a page that is not there."""

    def wrap(view: Callable[Concatenate[Desk, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def opened(request: Desk, *arguments: P.args, **told: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if roles and not any(held.role in roles for held in request.actor.held):
                raise Http404
            return view(request, *arguments, **told)

        return opened

    return wrap


def open_to_all(view: Callable[..., R]) -> Callable[..., R]:
    """Mark a page that needs no account, or that an account may open before it has a password of its own."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def home_region(actor: Actor) -> str:
    """The narrowest region that the actor works for."""
    return max((held.region for held in actor.held), key=len, default="")


def has_role(actor: Actor, *roles: Role) -> bool:
    return any(held.role in roles for held in actor.held)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a deed: its result, or every reason why not. `again` is the first answer of a form sent twice."""

    result: Any = None
    refusals: tuple[Refusal, ...] = ()
    conflict: bool = False
    again: dict[str, Any] | None = None

    @property
    def ok(self) -> bool:
        return not self.refusals

    @property
    def number(self) -> int | None:
        """The number of what was made or changed, the same when the form comes a second time."""
        if self.again is not None:
            return self.again.get("id")
        return getattr(self.result, "id", None) or getattr(self.result, "number", None)


def carry_out(request: Desk, action: Callable[..., Any], *arguments: Any, **told: Any) -> Done:
    """Do one deed with the form's own number, so that a form sent twice is carried out once.

    A refusal or a conflict comes back as reasons, for the page to show with everything that was typed; what is
    invisible to the actor stays a page that is not there.
    """
    try:
        result = wiring.perform(
            action, *arguments, actor=request.actor, now=request.now, form=form_number(request), **told
        )
    except wiring.AlreadyDone as done:
        return Done(again=done.answer)
    except (Refused, Conflict) as refused:
        if any(one.rule == "not-found" for one in refused.refusals):
            raise
        return Done(refusals=refused.refusals, conflict=isinstance(refused, Conflict))
    return Done(result)


class SeeOther(HttpResponseRedirect):
    """The page to look at after something was done: asked for anew, so that reloading does nothing twice."""

    status_code = 303


def form_number(request: HttpRequest) -> UUID | None:
    """The number that the page gave its form (`<c-form-id>`), None where a page carries none."""
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        return None


def new_form() -> str:
    return str(uuid4())


DIGITS_AT_MOST = 18
"""No record has a longer number; what stands in an address or a form may be anything."""


def typed_number(text: str) -> int | None:
    """The number of a record as it was typed or sent, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_AT_MOST else None


def seen_version(request: HttpRequest) -> int | None:
    """The version of the record that the page showed."""
    typed = request.POST.get("seen", "")
    return typed_number(typed) if len(typed) < 10 else None


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page; after refusals pass `errors` (web.refusals.field_errors), and it answers 422 with its title marked."""
    errors = context.get("errors")
    if errors:
        context["has_errors"] = True
        context.setdefault("error_of", {one.field: one.text for one in errors})
        status = 422 if status == 200 else status
    context.setdefault("form_id", request.POST.get("form_id") or new_form())
    return render(request, template, context, status=status)


def log_reading(
    request: Desk,
    *,
    purpose: str,
    region: str,
    subject: int | None = None,
    subjects: Iterable[int] | None = None,
) -> None:
    """Log that this page shows somebody's data, before it is answered; `subjects` as in wiring."""
    wiring.log_reading(
        request.actor,
        purpose=purpose,
        path=request.path,
        region=region,
        subject=subject,
        subjects=subjects,
        now=request.now,
    )
