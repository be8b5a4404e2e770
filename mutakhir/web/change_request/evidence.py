"""Evidence of a request: taking files in, saying what is there and what is missing, and giving a file back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.actions.change_request import Take, take_step
from mutakhir.core.calendar import zone_of
from mutakhir.core.change_requests import Proof, Request, needed_evidence
from mutakhir.core.kinds import Evidence
from mutakhir.core.refusals import Conflict, Refused
from mutakhir.gateways import uploads
from mutakhir.gateways.blobs import BlobDamaged, BlobMissing
from mutakhir.queries.change_request import RequestSeen
from mutakhir.web.change_request.draft import find_request
from mutakhir.web.desk import READERS, Desk, form_number, signed_in
from mutakhir.web.formats import write_day
from mutakhir.web.refusals import FieldError, language, say, word
from mutakhir.web.uploads import Taken, take_upload
from mutakhir.web.values import Check

EXTRA = (Evidence.FORM, Evidence.OTHER)
"""What anybody may add beside what is needed."""
FORMS: dict[str, uploads.Form] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpeg",
    "image/png": "png",
}


def take_evidence(request: Desk, seen: RequestSeen, kinds: Iterable[str]) -> list[FieldError]:
    """Take in the files of a form, one deed a file, so that one that is refused does not lose the others.

    The fields are named `evidence_KIND`. The same form sent twice adds each file once.
    """
    asked = seen.case.request
    errors = []
    form = form_number(request)
    for kind in kinds:
        field = f"evidence_{kind}"
        taken = take_upload(request, field, zone=zone_of(asked.region))
        if taken is None:
            continue
        if not isinstance(taken, Taken):
            errors += [FieldError(field, say(one)) for one in taken]
            continue
        if any(one.kind == kind and one.digest == taken.digest for one in asked.evidence):
            continue
        proof = taken.proof(kind, by=request.actor.login, now=request.now)
        try:
            wiring.perform(
                take_step,
                Take(asked.id, "prove", {"evidence": proof}),
                actor=request.actor,
                now=request.now,
                form=uuid5(form, field) if isinstance(form, UUID) else None,
            )
        except wiring.AlreadyDone:
            continue
        except (Refused, Conflict) as refused:
            errors += [FieldError(field, say(one)) for one in refused.refusals]
    return errors


def checks_of(asked: Request, *, url: str = "") -> tuple[Check, ...]:
    """What is needed, piece by piece: there, or still to come."""
    lines = []
    for kind in needed_evidence(asked):
        had = latest(asked, kind.value)
        label = word("evidence", kind.value)
        if had is None:
            lines.append(Check(False, _("%(what)s belum ada") % {"what": label}, url))
        else:
            lines.append(Check(True, f"{label}, {said_of(had)}", file_url(asked, had)))
    wanted = {kind.value for kind in needed_evidence(asked)}
    lines += [
        Check(True, f"{word('evidence', one.kind)}, {said_of(one)}", file_url(asked, one))
        for one in asked.evidence
        if one.kind not in wanted
    ]
    return tuple(lines)


def latest(asked: Request, kind: str) -> Proof | None:
    return next((one for one in reversed(asked.evidence) if one.kind == kind), None)


def said_of(proof: Proof) -> str:
    """When a piece of evidence was made, or else when it was added."""
    at = datetime.fromisoformat(proof.taken_at or proof.added_at)
    return write_day(at.date(), language())


def file_url(asked: Request, proof: Proof) -> str:
    return reverse("evidence_file", args=[asked.id, proof.digest])


@signed_in(*READERS)
def give_file(request: Desk, number: int, digest: str) -> HttpResponse:
    """A file of a request, only to who may see the request, and only a file that belongs to it."""
    seen = find_request(request, number, purpose="evidence")
    asked = seen.case.request
    proof = next((one for one in asked.evidence if one.digest == digest), None)
    if proof is None or proof.media_type not in FORMS:
        raise Http404
    try:
        with wiring.blobs().open(digest) as stream:
            body = stream.read()
    except (BlobMissing, BlobDamaged, ValueError):
        raise Http404 from None
    name = f"{word('evidence', proof.kind)} {number}"
    return HttpResponse(body, headers=uploads.serving_headers(FORMS[proof.media_type], name=name))
