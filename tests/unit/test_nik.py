"""Numbers of persons and families: what is read, what is refused, and what is only a warning."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutakhir.core.nik import Nik, NoKk, group, mask, parse, parse_no_kk, refuse_training, warnings
from mutakhir.core.refusals import Refusal
from mutakhir.parameters import sentence

PLAIN = "9908014507880003"


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN,
        "990801 450788 0003",
        "99.08.01.450788.0003",
        "99.0801....4507880003",
        "'9908014507880003",
        "9908014507880003.0",
        "9908-0145-0788-0003",
        "\u00a09908014507880003 ",
    ],
)
def test_numbers_are_read_as_people_and_files_write_them(raw: str) -> None:
    assert parse(raw) == Nik(PLAIN)


@pytest.mark.parametrize(
    ("raw", "rule", "particulars"),
    [
        ("", "nik-empty", {}),
        (" . ", "nik-empty", {}),
        ("990801450788000", "nik-too-short", {"length": 15, "missing": 1}),
        ("99080145078800031", "nik-too-long", {"length": 17, "over": 1}),
        ("990801O507880003", "nik-has-letter", {"place": 7}),
        ("9908 01O5 0788 0003", "nik-has-letter", {"place": 7}),
        ("990801********03", "nik-has-sign", {"place": 7}),
        ("990801450788000\u0663", "nik-has-sign", {"place": 16}),
        ("0", "nik-zero", {}),
        ("0000000000000000", "nik-zero", {}),
        ("1111111111111111", "nik-repeated", {"digit": "1"}),
        ("9.90801E+15", "nik-rounded", {}),
        ("9,9E+15", "nik-rounded", {}),
        ("9908014507880000", "nik-rounded", {}),
        ("9908013207880003", "nik-day-impossible", {"day": "32"}),
        ("9908014007880003", "nik-day-impossible", {"day": "40"}),
        ("9908017207880003", "nik-day-impossible", {"day": "72"}),
        ("9908014513880003", "nik-month-impossible", {"month": "13"}),
        ("9908014500880003", "nik-month-impossible", {"month": "00"}),
    ],
)
def test_what_is_no_number_says_why(raw: str, rule: str, particulars: dict[str, str | int]) -> None:
    assert parse(raw) == (Refusal.of(rule, **particulars),)


def test_several_mistakes_are_told_at_once() -> None:
    found = parse("9908010013880000")
    assert isinstance(found, tuple)
    assert [finding.rule for finding in found] == [
        "nik-day-impossible",
        "nik-month-impossible",
        "nik-rounded",
    ]


@pytest.mark.parametrize("day", ["01", "31", "41", "71"])
def test_the_first_and_last_days_are_days(day: str) -> None:
    assert isinstance(parse(f"990801{day}07880003"), Nik)


def test_the_digits_tell_sex_and_birth_date() -> None:
    woman, man = Nik(PLAIN), Nik("9908010507880003")
    assert (woman.sex, woman.birth_day, woman.birth_month, woman.birth_year_of_century) == ("2", 5, 7, 88)
    assert (man.sex, man.birth_day) == ("1", 5)
    assert (woman.province, woman.sequence) == ("99", "0003")


def test_digits_that_disagree_are_warnings() -> None:
    number = Nik(PLAIN)
    assert warnings(number, birth_date=date(1988, 7, 5), sex="2") == ()
    assert warnings(number, birth_date="1888-07-05", sex=None) == ()
    assert [one.rule for one in warnings(number, birth_date="1988-07-06", sex="2")] == [
        "nik-birth-date-differs"
    ]
    assert [one.rule for one in warnings(number, birth_date=None, sex="1")] == ["nik-sex-differs"]
    assert [one.rule for one in warnings(Nik("2208014507880003"), birth_date=None, sex=None)] == [
        "nik-region-unknown"
    ]


def test_a_production_node_takes_no_number_of_the_training_region() -> None:
    assert refuse_training(Nik(PLAIN), production=False) == ()
    assert refuse_training(Nik(PLAIN), production=True) == (Refusal.of("nik-training-region"),)
    assert refuse_training(NoKk("9908010101100007"), production=True) == (
        Refusal.of("no-kk-training-region"),
    )
    assert refuse_training(Nik("2208014507880003"), production=True) == ()


def test_family_card_numbers_have_no_birth_date() -> None:
    assert parse_no_kk("990801 010110 0007") == NoKk("9908010101100007")
    assert parse_no_kk("9908019999990007") == NoKk("9908019999990007")
    assert parse_no_kk("0") == (Refusal.of("no-kk-zero"),)
    assert parse_no_kk("990801010110000") == (Refusal.of("no-kk-too-short", length=15, missing=1),)
    assert parse_no_kk("9908010101100000") == (Refusal.of("no-kk-rounded"),)


def test_a_masked_number_hides_the_birth_date() -> None:
    assert mask(PLAIN) == "990801······0003"
    assert len(mask("99080145")) == 8
    assert set(mask("99080145")) == {"·"}
    assert group(PLAIN) == ("990801", "450788", "0003")


def test_people_read_what_is_missing() -> None:
    found = parse("990801O507880003")
    assert isinstance(found, tuple)
    assert sentence(found[0].rule, "id", **dict(found[0].particulars)) == (
        "NIK harus angka saja. Ada huruf di tempat ke-7."
    )


@given(st.text(max_size=30))
def test_no_text_raises_and_what_is_read_is_sixteen_digits(raw: str) -> None:
    for found in (parse(raw), parse_no_kk(raw)):
        if isinstance(found, tuple):
            assert found
        else:
            assert len(found.digits) == 16
            assert found.digits.isascii()
            assert found.digits.isdecimal()


@given(st.text(alphabet="0123456789 .-'", max_size=24))
def test_reading_a_number_again_changes_nothing(raw: str) -> None:
    found = parse(raw)
    if isinstance(found, Nik):
        assert parse(found.digits) == found
        assert parse(" ".join(group(found.digits))) == found


@pytest.mark.parametrize(
    ("birth_date", "differs"), [("1988", False), ("1988-07", False), ("1987", True), ("1988-08", True)]
)
def test_a_birth_date_known_in_part_is_compared_in_part(birth_date: str, differs: bool) -> None:
    number = parse(PLAIN)
    assert isinstance(number, Nik)
    assert bool(warnings(number, birth_date=birth_date, sex="2")) is differs
