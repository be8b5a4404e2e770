"""Digests: short proofs that a body or a list is the one that was meant, without showing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

SALT_BYTES_AT_LEAST = 16
DIGEST_SIGNS = 64
_GROUPS = 4


def commitment(salt: bytes, body: bytes) -> bytes:
    """sha256(salt || body), 32 bytes. The random salt lies beside the body: with both gone, nothing can be guessed back.

    All salts of a register have one length, so that no byte can move between salt and body; a salt
    shorter than 16 bytes is a ValueError.
    """
    if len(salt) < SALT_BYTES_AT_LEAST:
        raise ValueError(f"a salt has at least {SALT_BYTES_AT_LEAST} bytes, not {len(salt)}")
    found = hashlib.sha256(salt)
    found.update(body)
    return found.digest()


def list_digest(rows: Iterable[Mapping[str, object]]) -> str:
    """The digest of a list in its order: sha256 over one canonical JSON line a row, as 64 hexadecimal signs.

    Rows hold text, whole numbers, true, false, None, and lists or mappings of these. A float, whose
    writing differs between programs, or anything else is a TypeError.
    """
    found = hashlib.sha256()
    for row in rows:
        found.update(canonical_line(row))
    return found.hexdigest()


def canonical_line(row: Mapping[str, object]) -> bytes:
    """One row as JSON in UTF-8 with sorted keys, no spaces and a line end."""
    text = json.dumps(_plain(row), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def shown(digest: str) -> str:
    """A digest in four groups of 16 signs, to be compared by eye. ValueError for what is not 64 hexadecimal signs.

    It is shown whole: of a shortened one, somebody who writes both lists could find two that agree.
    """
    if len(digest) != DIGEST_SIGNS or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("a digest has 64 hexadecimal signs in lower case")
    length = DIGEST_SIGNS // _GROUPS
    return " ".join(digest[start : start + length] for start in range(0, DIGEST_SIGNS, length))


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {type(key).__name__}")
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical writing")
