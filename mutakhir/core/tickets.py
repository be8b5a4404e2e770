"""Tickets: the number on a resident's receipt, hard to guess and safe against a slip of the pen."""

from __future__ import annotations

import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs: digits and capitals without 0, O, 1, I and L. 31 is prime, which the check sign needs."""

RANDOM_SIGNS = 11
LENGTH = RANDOM_SIGNS + 1
RANDOM_BYTES = 16
"""Eleven signs hold 54.5 bits; from 128 bits none of them is favoured by more than one part in 2**73."""

_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
# Without it, 2222-2222-2222 would be a good number: the first that anybody tries.
_OFFSET = 7
_GROUP = 4
# Hyphens and dashes, spaces, line ends and the invisible signs that copying from a message brings along.
_NOT_SIGNS = frozenset({"Pd", "Zs", "Cc", "Cf"})


def from_random(random: bytes) -> str:
    """A new number of 12 signs without hyphens. ValueError if fewer than 16 bytes of chance are given."""
    if len(random) < RANDOM_BYTES:
        raise ValueError(f"a ticket needs {RANDOM_BYTES} random bytes, not {len(random)}")
    rest = int.from_bytes(random[:RANDOM_BYTES], "big")
    signs = []
    for _ in range(RANDOM_SIGNS):
        rest, value = divmod(rest, len(ALPHABET))
        signs.append(ALPHABET[value])
    body = "".join(signs)
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """The twelfth sign for eleven.

    Sign number i counts i + 1 times, modulo 31. Every weight and every difference of two weights lies
    between 1 and 11, so none is a multiple of the prime 31: one wrong sign always changes the sum, and
    so does the exchange of any two unequal signs, neighbours or not.
    """
    if len(body) != RANDOM_SIGNS:
        raise ValueError(f"a check sign is for {RANDOM_SIGNS} signs, not {len(body)}")
    total = sum(weight * _VALUE[sign] for weight, sign in enumerate(body, start=2))
    return ALPHABET[(_OFFSET - total) % len(ALPHABET)]


def normalise(typed: str) -> str | None:
    """The 12 signs of what somebody typed, in any case, with or without hyphens and spaces; None if it is no number."""
    plain = unicodedata.normalize("NFKC", typed)
    signs = "".join(sign for sign in plain if unicodedata.category(sign) not in _NOT_SIGNS).upper()
    if len(signs) != LENGTH or any(sign not in _VALUE for sign in signs):
        return None
    return signs if check_sign(signs[:RANDOM_SIGNS]) == signs[RANDOM_SIGNS] else None


def shown(number: str) -> str:
    """Three groups of four, as on the receipt: 7K4Q-3M8T-6QXA. ValueError for what is not 12 signs."""
    if len(number) != LENGTH:
        raise ValueError(f"a ticket has {LENGTH} signs, not {len(number)}")
    return "-".join(number[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))
