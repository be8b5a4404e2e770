"""Ticket numbers: every slip of one sign and every exchange of two is found, whatever the number."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutakhir.core.tickets import ALPHABET, LENGTH, RANDOM_SIGNS, check_sign, from_random, normalise, shown

NUMBERS = st.binary(min_size=16, max_size=32).map(from_random)


def test_the_alphabet_has_31_signs_and_none_that_is_read_wrongly() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("0O1IL")


def test_the_number_on_the_sample_receipt_is_a_good_one() -> None:
    assert normalise("7K4Q-3M8T-6QXA") == "7K4Q3M8T6QXA"
    assert shown("7K4Q3M8T6QXA") == "7K4Q-3M8T-6QXA"


def _sum_moves(number: str, place: int, sign: str) -> bool:
    return normalise(number[:place] + sign + number[place + 1 :]) is None


def test_every_single_wrong_sign_is_found_at_every_place() -> None:
    """All 12 places times all 31 x 30 ordered pairs: the sum is linear, so the other signs do not matter."""
    tried = 0
    for place, right in itertools.product(range(RANDOM_SIGNS), ALPHABET):
        body = list("7K4Q3M8T6QX")
        body[place] = right
        number = "".join(body) + check_sign("".join(body))
        for wrong in ALPHABET:
            if wrong != right:
                assert _sum_moves(number, place, wrong)
                tried += 1
    for body in (f"7K4Q3M8T6Q{last}" for last in ALPHABET):
        number = body + check_sign(body)
        for wrong in ALPHABET:
            if wrong != number[-1]:
                assert _sum_moves(number, RANDOM_SIGNS, wrong)
                tried += 1
    assert tried == LENGTH * 31 * 30


def test_every_exchange_of_two_places_is_found() -> None:
    """All 66 pairs of places times all unequal pairs of signs that can stand there, neighbours among them."""
    tried: Counter[bool] = Counter()
    for one, other in itertools.combinations(range(RANDOM_SIGNS), 2):
        for left, right in itertools.permutations(ALPHABET, 2):
            body = list("7K4Q3M8T6QX")
            body[one], body[other] = left, right
            check = check_sign("".join(body))
            body[one], body[other] = right, left
            assert normalise("".join(body) + check) is None
            tried[other - one == 1] += 1
    assert tried == {True: 10 * 31 * 30, False: 45 * 31 * 30}


def test_every_exchange_with_the_check_sign_is_found() -> None:
    tried = 0
    for place in range(RANDOM_SIGNS):
        for sign, other in itertools.product(ALPHABET, repeat=2):
            body = list("7K4Q3M8T6QX")
            body[place] = sign
            body[(place + 1) % RANDOM_SIGNS] = other
            number = "".join(body) + check_sign("".join(body))
            if number[place] != number[-1]:
                swapped = number[:place] + number[-1] + number[place + 1 : -1] + number[place]
                assert normalise(swapped) is None
                tried += 1
    assert tried > RANDOM_SIGNS * 31 * 29


@given(NUMBERS, st.data())
def test_a_slip_in_any_number_is_found(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, LENGTH - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != number[place]]))
    assert normalise(number[:place] + wrong + number[place + 1 :]) is None
    if place and number[place] != number[place - 1]:
        assert (
            normalise(number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]) is None
        )


@given(NUMBERS)
def test_what_is_shown_is_read_back_however_it_is_typed(number: str) -> None:
    form = shown(number)
    assert [len(group) for group in form.split("-")] == [4, 4, 4]
    for typed in (
        form,
        form.lower(),
        number,
        f"  {form} ",
        form.replace("-", " "),
        form.replace("-", "\u2013"),
        form.replace("-", "\u00a0"),
        "\u200e" + form + "\n",
        " ".join(number),
        "".join(chr(ord(sign) - 0x21 + 0xFF01) for sign in number),
    ):
        assert normalise(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "7K4Q",
        "7K4Q-3M8T-6QX",
        "7K4Q-3M8T-6QXAA",
        "7K4Q-3M8T-6QX0",
        "OIL1-3M8T-6QXA",
        "7K4Q_3M8T_6QXA",
        "2222-2222-2222",
    ],
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert normalise(typed) is None


def test_all_signs_come_from_chance() -> None:
    assert from_random(bytes(16)) != from_random(bytes(15) + b"\x01")
    seen = [set[str]() for _ in range(RANDOM_SIGNS)]
    for start in range(2000):
        number = from_random(hashlib.sha256(start.to_bytes(4, "big")).digest())
        for place in range(RANDOM_SIGNS):
            seen[place].add(number[place])
    assert all(signs == set(ALPHABET) for signs in seen)


def test_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        from_random(bytes(15))
