"""The paper that a resident takes home, filled with what the register knows of the request."""

from __future__ import annotations

from datetime import datetime

from mutakhir.core.calendar import zone_of
from mutakhir.core.change_requests import Request
from mutakhir.gateways import documents
from mutakhir.gateways.documents.values import Errand, Receipt
from mutakhir.parameters import load
from mutakhir.queries.accounts import names_of
from mutakhir.queries.places import place
from mutakhir.queries.referral import referral_of

RECEIPT_LANGUAGE = "id"
"""A receipt is for a resident, whatever language the operator reads."""


def receipt_of(request: Request, *, step: str, host: str, address: str, now: datetime) -> Receipt:
    """The receipt of a request that has a ticket.

    `step` is the present step in words, `host` what to type where nothing can be scanned, `address` where the code
    leads. ValueError for a request without a ticket.
    """
    if not request.ticket:
        raise ValueError("a receipt is for a request that has a ticket")
    zone = zone_of(request.region)
    referral = referral_of(request, parameters=load(), language=RECEIPT_LANGUAGE)
    where = place(request.region)
    region = ", ".join(
        part for part in (f"Kec. {where.kecamatan}" if where.kecamatan else "", where.kabupaten) if part
    )
    return Receipt(
        office=f"Pemerintah {where.village or where.shown}",
        region=region,
        number=request.ticket,
        name=request.subject_name or request.applicant.get("name", ""),
        kind=load().word("kind", request.kind, RECEIPT_LANGUAGE),
        received_at=request.recorded_at.astimezone(zone),
        received_by=names_of([request.recorded_by]).get(request.recorded_by, request.recorded_by),
        step=step,
        host=host,
        address=address,
        telephone="",
        printed_at=now.astimezone(zone),
        errands=tuple(Errand(one.ask, one.needs, one.note) for one in referral.errands) if referral else (),
        claim=referral is not None and referral.claim,
    )


def print_receipt(receipt: Receipt) -> bytes:
    """The receipt as PDF."""
    return documents.print_pdf(receipt)
