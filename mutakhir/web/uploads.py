"""Files that people send with a form: judged by what is in them, kept by their digest, or refused in a sentence."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from mutakhir import wiring
from mutakhir.core.refusals import Refusal
from mutakhir.gateways import uploads

NAME_LENGTH_AT_MOST = 80
MB_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in and is kept under its digest. The instant and the place are what the camera said."""

    digest: str
    media_type: str
    name: str
    size_bytes: int
    width_pixels: int = 0
    height_pixels: int = 0
    taken_at: str | None = None
    point: str | None = None

    def proof(self, kind: str, *, by: str, now: datetime) -> dict[str, Any]:
        """The file as evidence of a kind, as the step that adds it wants to be told."""
        return {
            "kind": kind,
            "digest": self.digest,
            "media_type": self.media_type,
            "name": self.name,
            "added_at": now.isoformat(),
            "added_by": by,
            "taken_at": self.taken_at,
            "point": self.point,
        }


def take_upload(
    request: HttpRequest, field: str, *, zone: tzinfo, limits: uploads.Limits = uploads.USUAL_LIMITS
) -> Taken | tuple[Refusal, ...] | None:
    """Read the file of a field and keep it; None if none was sent, the reasons if it cannot be kept.

    `zone` is the zone of the place: cameras write their hour without one. What is refused is kept nowhere.
    """
    sent = request.FILES.get(field)
    if sent is None or not isinstance(sent, UploadedFile):
        return None
    size_bytes = sent.size or 0
    most_bytes = max(limits.photo_bytes, limits.scan_bytes)
    body = sent.read(most_bytes + 1)
    examined = uploads.examine(body, limits=limits, zone=zone)
    if isinstance(examined, Refusal) and examined.rule == "upload-incomplete" and size_bytes > most_bytes:
        # Of a picture that is far too large only the beginning was read, so its end could not be there.
        examined = Refusal.of("upload-photo-too-large", size_mb=0, limit_mb=limits.photo_bytes // MB_BYTES)
    if isinstance(examined, Refusal):
        return (_with_whole_size(examined, size_bytes),)
    stored = wiring.blobs().put(BytesIO(body), limit_bytes=most_bytes)
    seen = examined.photograph
    taken_at = seen.taken_at.isoformat() if seen.taken_at else _said_instant(request, field)
    point = f"{seen.point.latitude:.5f},{seen.point.longitude:.5f}" if seen.point else None
    return Taken(
        digest=stored.digest,
        media_type=examined.media_type,
        name=plain_name(sent.name or ""),
        size_bytes=stored.size_bytes,
        width_pixels=examined.width_pixels,
        height_pixels=examined.height_pixels,
        taken_at=taken_at,
        point=point,
    )


def take_or_keep(
    request: HttpRequest, field: str, *, zone: tzinfo, limits: uploads.Limits = uploads.USUAL_LIMITS
) -> Taken | tuple[Refusal, ...] | None:
    """The same; and where nothing was sent, the file that this browser sent before, named by `{field}_kept`.

    A form that comes back with something to put right keeps its file. Only what this browser has sent is found: a
    digest alone must not bring somebody else's file into reach.
    """
    kept = list(request.session.get("kept_files", ()))
    taken = take_upload(request, field, zone=zone, limits=limits)
    if isinstance(taken, Taken):
        request.session["kept_files"] = [*kept[-4:], asdict(taken)]
    elif taken is None:
        digest = request.POST.get(f"{field}_kept", "")
        return next((Taken(**one) for one in kept if one["digest"] == digest), None)
    return taken


def plain_name(name: str) -> str:
    """The last part of a file's name without signs that do not print; "berkas" where nothing is left."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    return kept[-NAME_LENGTH_AT_MOST:] or "berkas"


def _with_whole_size(refusal: Refusal, size_bytes: int) -> Refusal:
    """What was too large is named by its whole size, of which only the beginning was read."""
    told = dict(refusal.particulars)
    if "size_mb" not in told:
        return refusal
    return Refusal.of(refusal.rule, **{**told, "size_mb": -(-size_bytes // MB_BYTES)})


def _said_instant(request: HttpRequest, field: str) -> str | None:
    """What the browser says of the file's hour: a photograph that it has shrunk carries none of its own."""
    try:
        said = datetime.fromisoformat(request.POST.get(f"{field}_taken", "")[:40])
    except ValueError:
        return None
    now: datetime = getattr(request, "now", None) or wiring.clock()
    return said.isoformat() if said.tzinfo is not None and said <= now else None
