"""The rules of a row: each by a row that meets it, and what becomes of the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.rows import RULES, Record, RowRules, Validated, is_rounded

TODAY = date(2026, 11, 24)
VILLAGE = "3508012001"
KNOWN = {"35", "3508", "350801", VILLAGE}
NIK = "9908014507880003"
GOOD: Mapping[str, str] = {
    "name": "SITI RAHAYU",
    "nik": NIK,
    "birth_date": "5-7-1988",
    "sex": "Perempuan",
    "region": "35.08.01.2001",
}
TABLE = parameters.load().attributes


def rules(*, scope: str = "3508", production: bool = False) -> RowRules:
    return RowRules(
        TABLE,
        today=TODAY,
        known=KNOWN.__contains__,
        scope=scope,
        production=production,
        named=lambda names: (
            VILLAGE if names == ["Jawa Timur", "Lumajang", "Tempursari", "Bulurejo"] else "3508"
        ),
    )


RULES_OF_LUMAJANG = rules()


def validate(values: Mapping[str, str] | None = None, **others: object) -> Validated:
    return RULES_OF_LUMAJANG.validate(Record(2, {**GOOD, **(values or {})}, **others))  # type: ignore[arg-type]


def ids(refusals: tuple[Refusal, ...]) -> set[str]:
    return {refusal.rule for refusal in refusals}


@pytest.mark.parametrize(
    ("written", "said"),
    [("NAN", "NAN"), ("Nan", "Nan"), ("nan", None), ("NaN", None), ("NULL", None), ("#N/A", None)],
)
def test_somebody_called_nan_has_a_name(written: str, said: str | None) -> None:
    found = validate({"name": written, "nik": "", "mother_name": written})
    assert found.person.get("name") == found.person.get("mother_name") == said
    assert bool(found.rejected) == (said is None)


def test_a_row_without_a_fault() -> None:
    found = validate(
        {"relation": "Kepala Keluarga", "decile": "1", "roof_material": "Genteng", "floor_area_m2": "36"}
    )
    assert found.person == {
        "name": "SITI RAHAYU",
        "nik": NIK,
        "birth_date": "1988-07-05",
        "sex": "2",
        "relation": "1",
    }
    assert found.family == {"decile": 1, "region_lived": VILLAGE}
    assert found.dwelling == {"roof_material": "2", "floor_area_m2": 36}
    assert (found.nik, found.region, found.warnings, found.rejected) == (NIK, VILLAGE, (), ())
    assert found.attributes == {"person": found.person, "family": found.family, "dwelling": found.dwelling}


# Every rule, by a record that meets it and no other.
MEETS: Mapping[str, Record] = {
    rule: record if isinstance(record, Record) else Record(2, {**GOOD, **record})
    for rule, record in {
        "row-width": Record(2, {}, ("a", "b"), faults=(Refusal.of("row-width", cells=2, columns=3),)),
        "row-names-nobody": {"name": " - ", "nik": "0"},
        "region-outside": {"region": "3509012001"},
        "nik-empty": {"nik": " "},
        "nik-zero": {"nik": "0"},
        "nik-too-short": {"nik": NIK[:15]},
        "nik-too-long": {"nik": NIK + "1"},
        "nik-has-letter": {"nik": NIK[:15] + "O"},
        "nik-has-sign": {"nik": NIK[:15] + "?"},
        "nik-repeated": {"nik": "9" * 16},
        "nik-rounded": {"nik": "9,90801E+15"},
        "nik-day-impossible": {"nik": "9908013207880003"},
        "nik-month-impossible": {"nik": "9908014513880003"},
        "nik-birth-date-differs": {"birth_date": "6-7-1988"},
        "nik-sex-differs": {"sex": "L"},
        "nik-region-unknown": {"nik": "0008014507880003"},
        "no-kk-zero": {"no_kk": "0000000000000000"},
        "no-kk-too-short": {"no_kk": "99080112010100"},
        "no-kk-too-long": {"no_kk": "99080112010100011"},
        "no-kk-has-letter": {"no_kk": "990801120101000A"},
        "no-kk-has-sign": {"no_kk": "990801120101000#"},
        "no-kk-repeated": {"no_kk": "1" * 16},
        "no-kk-rounded": {"no_kk": "9.90801E+15"},
        "name-missing": {"name": ""},
        "name-unreadable": {"name": "12345"},
        "date-unreadable": {"birth_date": "kemarin"},
        "date-impossible": {"birth_date": "31/2/1988"},
        "date-in-future": {"birth_date": "25/11/2026"},
        "year-too-early": {"birth_date": "5-7-1800"},
        "date-incomplete": {"birth_date": "1988"},
        "date-century-assumed": {"birth_date": "05/07/88"},
        "date-month-first": {"birth_date": "07/25/1988", "nik": "9908016507880003"},
        "date-from-serial": {"birth_date": "32329"},
        "code-unknown": {"marital_status": "Bertunangan"},
        "number-unreadable": {"decile": "satu"},
        "number-too-small": {"decile": "0"},
        "number-too-large": {"decile": "11"},
        "phone-unreadable": {"phone": "12"},
        "point-unreadable": {"point": "di sana"},
        "point-outside-indonesia": {"point": "52.1,4.3"},
        "text-too-long": {"address": "x" * 500},
        "region-missing": {"region": ""},
        "region-code-unreadable": {"region": "Lumajang"},
        "region-name-unknown": {"region": "Jawa Timur, Lumajang, Tempursari, Bulu"},
        "region-unknown": {"region": "3508012099"},
        "region-not-village": {"region": "350801"},
        "source-id-rounded": Record(2, GOOD, source_family="3.50801E+17"),
        "cell-formula": Record(
            2,
            {**GOOD, "occupation": "=A1"},
            unbelieved={"occupation": Refusal.of("cell-formula", column="Pekerjaan")},
        ),
        "cell-spreadsheet-error": Record(
            2,
            {**GOOD, "occupation": "#REF!"},
            unbelieved={
                "occupation": Refusal.of("cell-spreadsheet-error", column="Pekerjaan", value="#REF!")
            },
        ),
    }.items()
}
ON_PRODUCTION = {"nik-training-region", "no-kk-training-region"}


@pytest.mark.parametrize("rule", MEETS)
def test_the_rule_is_named_and_does_what_it_says(rule: str) -> None:
    found = RULES_OF_LUMAJANG.validate(MEETS[rule])
    rejected = RULES[rule].effect == "rejected"
    assert rule in ids(found.rejected if rejected else found.warnings)
    assert bool(found.rejected) == rejected
    if rule not in ("row-width", "row-names-nobody"):
        assert ids(found.rejected) | ids(found.warnings) == {rule}


def test_a_node_for_real_people_takes_no_training_number() -> None:
    found = rules(production=True).validate(Record(2, {**GOOD, "no_kk": "9908011201010001"}))
    assert ids(found.rejected) == ON_PRODUCTION


def test_names_of_places_lead_to_a_village() -> None:
    found = validate({"region": "Jawa Timur, Lumajang, Tempursari, Bulurejo"})
    assert (found.region, found.family["region_lived"], found.warnings) == (VILLAGE, VILLAGE, ())
    lost = validate({"region": "Jawa Timur, Lumajang, Tempursari, Bulu"})
    assert (lost.region, lost.family) == (
        "3508",
        {"region_lived_raw": "Jawa Timur, Lumajang, Tempursari, Bulu"},
    )
    elsewhere = rules(scope="3509").validate(Record(2, {**GOOD, "region": "Jawa Timur, Lumajang, , "}))
    assert ids(elsewhere.rejected) == {"region-outside"}


def test_every_rule_is_met_here_and_has_its_sentence() -> None:
    assert set(RULES) == set(MEETS) | ON_PRODUCTION
    sentences = parameters.load().sentences
    assert [rule for rule in RULES if rule not in sentences] == []
    for record in MEETS.values():
        found = RULES_OF_LUMAJANG.validate(record)
        for refusal in found.warnings + found.rejected:
            for language in parameters.LANGUAGES:
                assert "…" not in parameters.load().say(refusal, language)


@pytest.mark.parametrize(
    "raw",
    [
        "990801.450788.0003",
        "'9908014507880003",
        " 9908014507880003 ",
        "9908 0145 0788 0003",
        "9908014507880003.0",
        "99.08.01.45.07.88.0003",
    ],
)
def test_dots_and_spaces_in_a_nik_are_no_matter(raw: str) -> None:
    found = validate({"nik": raw})
    assert (found.nik, found.warnings) == (NIK, ())


@pytest.mark.parametrize("raw", ["0", "99080145078800", "9,90801E+15", "NIK HILANG"])
def test_a_row_without_a_usable_nik_is_in_and_keeps_what_was_written(raw: str) -> None:
    found = validate({"nik": raw})
    assert found.rejected == ()
    assert found.nik is None
    assert "nik" not in found.person
    assert found.person["nik_raw"] == raw
    assert len(found.warnings) == 1


def test_what_cannot_be_read_is_kept_as_written_beside_its_place() -> None:
    found = validate(
        {"birth_date": "1988", "marital_status": "?", "decile": "x", "region": "3508012099", "no_kk": "7"}
    )
    assert found.person["birth_date_raw"] == "1988"
    assert found.person["marital_status_raw"] == "?"
    assert found.family["decile_raw"] == "x"
    assert found.family["region_lived_raw"] == "3508012099"
    assert found.family["no_kk_raw"] == "7"
    assert not {"birth_date", "marital_status"} & found.person.keys()
    assert not {"decile", "region_lived", "no_kk"} & found.family.keys()


def test_a_formula_in_the_nik_leaves_the_row_without_one() -> None:
    formula = {"nik": Refusal.of("cell-formula", column="NIK")}
    found = validate({"nik": "=B1"}, unbelieved=formula)
    assert (found.nik, found.person["nik_raw"], ids(found.warnings)) == (None, "=B1", {"cell-formula"})
    nobody = validate({"nik": "=B1", "name": ""}, unbelieved=formula)
    assert ids(nobody.rejected) == {"row-names-nobody"}


@pytest.mark.parametrize(
    ("digits", "rounded"),
    [
        ("9908014507880003", True),
        ("9908014507880000", True),
        ("8899998877660000", True),
        ("8899998877660010", True),
        ("8899998877660003", False),
        ("889999887766000", False),
        ("350801000000000170", True),
        ("3.5E+17", True),
    ],
)
def test_which_numbers_of_a_spreadsheet_have_lost_digits(digits: str, rounded: bool) -> None:
    assert is_rounded(digits) == rounded


def test_a_number_cell_is_looked_at_and_a_text_cell_is_not() -> None:
    assert ids(validate({}, numbers=frozenset({"nik"})).warnings) == {"nik-rounded"}
    assert ids(validate({"no_kk": "9908011201010001"}, numbers=frozenset({"no_kk"})).warnings) == {
        "no-kk-rounded"
    }
    rounded = validate({}, source_family="350801000000000170", numbers=frozenset({"source_family"}))
    assert (rounded.source_family, rounded.family_key) == (None, None)
    assert validate({}, source_family="350801000000000170").source_family == "350801000000000170"


def test_a_family_is_known_by_the_sources_number_before_its_card() -> None:
    both = validate({"no_kk": "9908011201010001"}, source_family="17", source_person="42")
    assert (both.family_key, both.source_person, both.no_kk) == (("source", "17"), "42", "9908011201010001")
    assert validate({"no_kk": "9908011201010001"}).family_key == ("no_kk", "9908011201010001")
    assert validate({}, source_family="0").family_key is None


def test_the_century_follows_what_the_row_says() -> None:
    assert (
        validate({"birth_date": "05-07-20", "relation": "Kepala Keluarga"}).person["birth_date"]
        == "1920-07-05"
    )
    assert validate({"birth_date": "05-07-20", "relation": "Anak"}).person["birth_date"] == "2020-07-05"
    assert validate({"birth_date": "05-07-20", "age_years": "106"}).person["birth_date"] == "1920-07-05"


@pytest.mark.parametrize(
    ("region", "scope", "reach", "lived"),
    [
        ("35.08.01.2001", "3508", VILLAGE, VILLAGE),
        ("3508012001", VILLAGE, VILLAGE, VILLAGE),
        ("3508012099", "3508", "350801", None),
        ("3508992001", "3508", "3508", None),
        ("9999992001", "", "", None),
        ("350801", "3508", "350801", None),
        ("35", "3508", "3508", None),
        ("", "3508", "3508", None),
        ("", VILLAGE, VILLAGE, VILLAGE),
        (None, VILLAGE, VILLAGE, VILLAGE),
        (None, "3508", "3508", None),
    ],
)
def test_the_reach_of_a_row(region: str | None, scope: str, reach: str, lived: str | None) -> None:
    values = {name: value for name, value in {**GOOD, "region": region}.items() if value is not None}
    found = rules(scope=scope).validate(Record(2, values))
    assert (found.region, found.family.get("region_lived"), found.rejected) == (reach, lived, ())


def test_a_source_without_regions_puts_no_row_at_fault() -> None:
    values = {name: value for name, value in GOOD.items() if name != "region"}
    assert RULES_OF_LUMAJANG.validate(Record(2, values)).warnings == ()


def test_a_name_longer_than_its_field_is_cut_and_kept_whole() -> None:
    name = "SITI " * 40
    found = validate({"name": name})
    assert (found.person["name"], found.person["name_raw"]) == (("SITI " * 20).strip(), name)


def test_a_result_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        validate().nik = None  # type: ignore[misc]
    assert not hasattr(validate(), "__dict__")


names = st.sampled_from([attribute.name for attribute in TABLE] + ["region"])


@given(
    values=st.dictionaries(names, st.text(max_size=20), max_size=20),
    numbers=st.frozensets(names, max_size=3),
    ids_of_source=st.tuples(st.text(max_size=20), st.text(max_size=20)),
)
def test_any_row_is_answered_with_known_rules_and_no_attribute_twice(
    values: dict[str, str], numbers: frozenset[str], ids_of_source: tuple[str, str]
) -> None:
    record = Record(
        2, values, source_person=ids_of_source[0], source_family=ids_of_source[1], numbers=numbers
    )
    found = RULES_OF_LUMAJANG.validate(record)
    assert all(RULES[refusal.rule].effect == "warning" for refusal in found.warnings)
    assert all(RULES[refusal.rule].effect == "rejected" for refusal in found.rejected)
    for kind, attributes in found.attributes.items():
        for name, value in attributes.items():
            if name.endswith("_raw"):
                assert name == "name_raw" or name.removesuffix("_raw") not in attributes
            else:
                assert TABLE[name].of == kind
                assert TABLE.check(name, value) == ()
    if not found.rejected:
        assert found.nik is not None or "name" in found.person
