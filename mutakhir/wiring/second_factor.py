"""The second factor of an account: begun, confirmed, asked for, and taken off again; and codes for who has lost it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.conf import settings
from django.db import transaction

from mutakhir.core.actors import Actor
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.sign_in import STEP_SECONDS, STEPS_AROUND, steps_of
from mutakhir.core.tickets import ALPHABET
from mutakhir.store.models import Account, RecoveryCode, SecondFactor
from mutakhir.wiring.accounts import find, note

ISSUER = "Mutakhir"
SALT_BYTES = SECRET_BYTES = 20
CODES = 8
CODE_SIGNS = 10
"""Ten of the ticket's signs are 49 bits: a keyed digest of them cannot be searched without the node's secret."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody copies into their telephone: as text in groups of four, and as the address that a QR code holds."""

    secret: str
    address: str


def begin(account: Account, *, now: datetime) -> Offered:
    """The second factor that is offered, the same until it is confirmed. Refused where there is one already."""
    if account.second_factor_since is not None:
        raise Refused(Refusal.of("second-factor-there"))
    found, _ = SecondFactor.objects.get_or_create(
        account=account, defaults={"salt": secrets.token_bytes(SALT_BYTES), "made_at": now}
    )
    code = _codes(found)
    groups = (code.secret[at : at + 4] for at in range(0, len(code.secret), 4))
    return Offered(" ".join(groups), code.provisioning_uri(name=account.login, issuer_name=ISSUER))


def confirm(account: Account, *, code: str, now: datetime) -> tuple[str, ...]:
    """Take the second factor into use with its first code; every other session ends. Returns codes for losing it."""
    with transaction.atomic():
        own = Account.objects.select_for_update().get(pk=account.pk)
        if own.second_factor_since is not None:
            raise Refused(Refusal.of("second-factor-there"))
        found = SecondFactor.objects.select_for_update().filter(account=own).first()
        if found is None or not _take(found, code, now=now):
            raise Refused(Refusal.of("code-wrong"))
        own.second_factor_since = now
        own.session_mark += 1
        own.save(update_fields=["second_factor_since", "session_mark"])
        note(own, "second_factor_on", by=own.login, now=now)
        return _give_codes(own)


def accepts(account: Account, code: str, *, now: datetime) -> bool:
    """Whether a code of the telephone or of the paper is right; either counts once."""
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(account=account).first()
        if found is not None and _take(found, code, now=now):
            return True
        used, _ = RecoveryCode.objects.filter(account=account, digest=_digest(_plain(code))).delete()
        if used:
            note(account, "recovery_code_used", by=account.login, now=now)
        return bool(used)


def renew_codes(account: Account, *, now: datetime) -> tuple[str, ...]:
    """New codes for losing the second factor; the old ones count no more."""
    with transaction.atomic():
        note(account, "recovery_codes_renewed", by=account.login, now=now)
        return _give_codes(account)


def codes_left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account).count()


def take_off(account: Account, deed: str, *, by: str, now: datetime, reason: str = "") -> None:
    """Forget the second factor, and end every session that it opened."""
    with transaction.atomic():
        own = Account.objects.select_for_update().get(pk=account.pk)
        RecoveryCode.objects.filter(account=own).delete()
        SecondFactor.objects.filter(account=own).delete()
        own.second_factor_since = None
        own.session_mark += 1
        own.save(update_fields=["second_factor_since", "session_mark"])
        note(own, deed, by=by, now=now, reason=reason)


def code_of(account: Account, *, now: datetime) -> str:
    """The code of this moment, for teaching: only a training node gives it away."""
    if not settings.TRAINING:
        raise Refused(Refusal.of("training-only"))
    if account.second_factor_since is None:
        begin(account, now=now)
    return _codes(SecondFactor.objects.get(account=account)).generate_otp(steps_of(now)[STEPS_AROUND])


def reset(number: int, *, reason: str, actor: Actor, now: datetime) -> Account:
    """Take the second factor off an account for who has lost telephone and paper. Refused without a reason."""
    account = find(number, actor=actor)
    reasons = []
    if account.login == actor.login:
        reasons.append(Refusal.of("own-account"))
    if account.second_factor_since is None:
        reasons.append(Refusal.of("second-factor-none"))
    if not reason.strip():
        reasons.append(Refusal.of("must-be-said", what="reason"))
    if reasons:
        raise Refused(*reasons)
    take_off(account, "second_factor_reset", by=actor.login, now=now, reason=reason.strip())
    return account


def _codes(found: SecondFactor) -> pyotp.TOTP:
    """The secret is worked out from the salt and the node's own secret: a stolen database alone has none."""
    told = b"second factor:" + bytes(found.salt)
    derived = hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).digest()[:SECRET_BYTES]
    return pyotp.TOTP(base64.b32encode(derived).decode(), interval=STEP_SECONDS)


def _take(found: SecondFactor, code: str, *, now: datetime) -> bool:
    """Whether it is the code of a step around now that was not used before; then it is used."""
    plain, codes = _plain(code), _codes(found)
    for step in steps_of(now):
        if step > found.last_step and hmac.compare_digest(codes.generate_otp(step).encode(), plain.encode()):
            found.last_step = step
            found.save(update_fields=["last_step"])
            return True
    return False


def _give_codes(account: Account) -> tuple[str, ...]:
    codes = tuple("".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS)) for _ in range(CODES))
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(code)) for code in codes)
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _digest(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"recovery:{code}".encode(), hashlib.sha256).hexdigest()
