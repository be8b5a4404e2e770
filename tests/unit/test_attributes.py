"""The attribute table: what may be said, how it is read, and that every word for it exists."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import mutakhir.core.attributes
import mutakhir.core.nik
from mutakhir.core.attributes import AttributeTable, CodeList, check_day
from mutakhir.core.kinds import KINDS
from mutakhir.core.refusals import Refusal
from mutakhir.parameters import LANGUAGES, Parameters, load, sentence

PERSON = """nik name birth_date birth_place sex marital_status mother_name religion occupation family relation family_order
presence pregnancy identity_documents school_participation school_level school_grade diploma works work_hours_week
industry employment_status taxpayer_number nutrition function_seeing function_hearing function_walking function_hands
function_learning function_behaviour function_speaking function_self_care function_remembering depression caregiver
chronic_illness health_insurance work_insurance business_permit businesses_count business_turnover phone age_years
registration registration_reason registration_until same_as eligibility eligibility_reason died_on registry_status civil_match"""
FAMILY = """no_kk head_name address rt rw dusun landmark point region_lived dwelling came_from
merged_into member_count decile decile_version
family_kind asset_gas_large asset_refrigerator asset_air_conditioner asset_water_heater asset_landline asset_television
asset_gold asset_computer asset_motorcycle asset_bicycle asset_car asset_boat asset_motor_boat asset_smartphone
owns_land owns_other_house livestock_cattle livestock_buffalo livestock_horse livestock_pig livestock_goat
internet_access bank_account programme_bpnt programme_pkh programme_bst programme_bpum programme_sembako kks_number pkh_number
programme_blt_desa stunting_risk pengurus"""
DWELLING = """building_tenure land_certificate floor_area_m2 floor_material wall_material roof_material water_source
water_distance lighting power_capacity cooking_fuel toilet_access toilet_type sewage"""


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    return load()


@pytest.fixture(scope="module")
def table(parameters: Parameters) -> AttributeTable:
    return parameters.attributes


@pytest.mark.parametrize(("kind", "names"), [("person", PERSON), ("family", FAMILY), ("dwelling", DWELLING)])
def test_every_attribute_of_the_registers_is_declared(table: AttributeTable, kind: str, names: str) -> None:
    assert {attribute.name for attribute in table.of(kind)} == set(names.split())  # type: ignore[arg-type]


def test_words_are_there_in_both_languages(table: AttributeTable) -> None:
    for attribute in table:
        for words in (attribute.label, attribute.question, attribute.hint):
            assert set(words) == set(LANGUAGES)
            assert all(text.strip() == text and text for text in words.values()), attribute.name
        assert attribute.reference
        assert attribute.question["id"].endswith("?")
        assert attribute.question["en"].endswith("?")


def test_authority_follows_the_division_of_tasks(table: AttributeTable) -> None:
    assert {name for name in table.authorities if table[name].authority == "ranking"} == {
        "decile",
        "decile_version",
    }
    for name in (
        "nik",
        "name",
        "birth_date",
        "sex",
        "marital_status",
        "died_on",
        "no_kk",
        "head_name",
        "address",
    ):
        assert table[name].authority == "civil"
    for name in (
        "region_lived",
        "dwelling",
        "phone",
        "rt",
        "rw",
        "point",
        "landmark",
        "registration",
        "floor_material",
    ):
        assert table[name].authority == "social"
    assert table["programme_pkh"].authority == "programme"


def test_kept_codes_and_all_their_words_are_read_back(table: AttributeTable) -> None:
    for code_list in table.code_lists:
        for code, words in code_list.codes.items():
            assert code_list.read(code) == code
            assert code_list.read(words["id"].upper()) == code
            assert code_list.read(words["en"]) == code
            if code.isdecimal():
                assert code_list.read(f"{int(code):02}. {words['id']}") == code


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("nik", " 99.0801.450788.0003 ", "9908014507880003"),
        ("no_kk", "9908010101100007", "9908010101100007"),
        ("name", "  Siti   Aminah ", "Siti Aminah"),
        ("name", "-", None),
        ("sex", "L", "1"),
        ("sex", "perempuan", "2"),
        ("relation", "Istri", "2"),
        ("floor_material", "08", "8"),
        ("floor_material", "8.0", "8"),
        ("floor_material", "8. Tanah", "8"),
        ("floor_material", "TANAH", "8"),
        ("floor_material", "", None),
        ("roof_material", "Bambu", "6"),
        ("identity_documents", "5", "5"),
        ("identity_documents", "akta kelahiran, KTP", "5"),
        ("identity_documents", "0", "0"),
        ("health_insurance", "99", "99"),
        ("floor_area_m2", "48", 48),
        ("floor_area_m2", "48.0", 48),
        ("floor_area_m2", "1.250", 1250),
        ("livestock_goat", "0", 0),
        ("birth_date", "1988-07-05", "1988-07-05"),
        ("birth_date", "5/7/1988", "1988-07-05"),
        ("birth_date", "05-07-1988 00:00:00", "1988-07-05"),
        ("birth_date", "5 Juli 1988", "1988-07-05"),
        ("birth_date", "5 Agustus 1988", "1988-08-05"),
        ("phone", "0812-3456-7890", "+6281234567890"),
        ("phone", "62 812 3456 7890", "+6281234567890"),
        ("point", "-8.1335, 113.2248", "-8.1335,113.2248"),
        ("region_lived", "35.08.01.2001", "3508012001"),
    ],
)
def test_texts_are_read_as_values_that_pass_the_check(
    table: AttributeTable, name: str, raw: str, value: object
) -> None:
    found = table.normalise(name, raw)
    assert found == value
    assert type(found) is type(value)
    assert table.check(name, found) == ()
    assert table.normaliser(name)(raw) == found


@pytest.mark.parametrize(
    ("name", "raw", "rule"),
    [
        ("nik", "990801450788000", "nik-too-short"),
        ("floor_material", "10", "code-unknown"),
        ("floor_material", "8. Bambu", "code-unknown"),
        ("floor_material", "daun", "code-unknown"),
        ("identity_documents", "8", "code-unknown"),
        ("floor_area_m2", "enam", "number-unreadable"),
        ("floor_area_m2", "48.5", "number-unreadable"),
        ("birth_date", "31-02-1988", "date-unreadable"),
        ("birth_date", "kemarin", "date-unreadable"),
        ("phone", "12345", "phone-unreadable"),
        ("point", "Lumajang", "point-unreadable"),
        ("region_lived", "35.8.1", "region-code-unreadable"),
    ],
)
def test_what_cannot_be_read_is_a_finding_and_never_an_exception(
    table: AttributeTable, name: str, raw: str, rule: str
) -> None:
    found = table.normalise(name, raw)
    assert isinstance(found, Refusal)
    assert found.rule == rule


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("floor_material", 8, "value-wrong-type"),
        ("floor_material", "10", "code-unknown"),
        ("identity_documents", "8", "code-unknown"),
        ("floor_area_m2", "48", "value-wrong-type"),
        ("floor_area_m2", True, "value-wrong-type"),
        ("floor_area_m2", 0, "number-too-small"),
        ("decile", 11, "number-too-large"),
        ("birth_date", "5 Juli 1988", "date-unreadable"),
        ("birth_date", "1800-01-01", "year-too-early"),
        ("birth_date", "1800", "year-too-early"),
        ("birth_date", "1988-13", "date-unreadable"),
        ("died_on", "2020", "date-unreadable"),
        ("nik", "99.0801.450788.0003", "nik-not-plain"),
        ("region_lived", "350801", "region-level-differs"),
        ("point", "113.2248,-8.1335", "point-outside-indonesia"),
        ("name", " ", "text-empty"),
        ("name", "A" * 101, "text-too-long"),
    ],
)
def test_wrong_values_are_found(table: AttributeTable, name: str, value: object, rule: str) -> None:
    assert [finding.rule for finding in table.check(name, value)] == [rule]


def test_of_a_birth_the_year_alone_is_enough(table: AttributeTable) -> None:
    assert not [value for value in ("1988", "1988-07", "1988-07-05") if table.check("birth_date", value)]


def test_not_known_is_right_for_every_attribute(table: AttributeTable) -> None:
    assert [attribute.name for attribute in table if table.check(attribute, None)] == []


def test_a_day_after_today_is_found_only_with_a_clock(table: AttributeTable) -> None:
    attribute = table["died_on"]
    assert table.check(attribute, "2027-01-02") == ()
    assert [one.rule for one in check_day(attribute, "2027-01-02", today=date(2027, 1, 1))] == [
        "date-in-future"
    ]
    assert check_day(attribute, "2027-01-01", today=date(2027, 1, 1)) == ()
    assert check_day(attribute, "2027", today=date(2027, 1, 1)) == ()
    assert check_day(attribute, "2028", today=date(2027, 1, 1))


def test_versions_of_a_list_are_told_apart(table: AttributeTable) -> None:
    assert table.code_list("roof_material").label("5", "id") == "Kayu/sirap"
    assert table.code_list("roof_material", "dtsen").label("5", "id") == "Bambu"
    kept, dtsen = ("roof_material", "regsosek2022k"), ("roof_material", "dtsen")
    assert table.translate("5", from_=dtsen, to=kept) == "6"
    assert table.translate("0", from_=("cooking_fuel", "dtsen"), to=("cooking_fuel", "regsosek2022k")) == "12"
    assert table.translate("3", from_=("relation_siak", "siak"), to=("relation", "regsosek2022k")) == "2"
    with pytest.raises(KeyError):
        table.translate("5", from_=dtsen, to=("floor_material", "regsosek2022k"))


def test_exact_mappings_keep_the_words(table: AttributeTable) -> None:
    for mapping in table.mappings:
        if mapping.from_list != mapping.to_list:
            continue
        source = table.code_list(mapping.from_list, mapping.from_version)
        target = table.code_list(mapping.to_list, mapping.to_version)
        for code, other in mapping.codes.items():
            assert source.codes[code]["id"] == target.codes[other]["id"]


def test_the_occupations_of_the_civil_registry_are_complete(table: AttributeTable) -> None:
    assert set(table.code_list("occupation").codes) == {str(number) for number in range(1, 90)}


def test_a_table_that_contradicts_itself_is_refused(table: AttributeTable) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        AttributeTable(attributes=(table["sex"], table["sex"]), code_lists=table.code_lists)
    with pytest.raises(ValueError, match="no code list"):
        AttributeTable(attributes=(table["sex"],), code_lists=())
    second = CodeList("sex", "other", date(2025, 1, 1), "", codes={"1": {"id": "a", "en": "b"}})
    with pytest.raises(ValueError, match="two versions"):
        AttributeTable(attributes=(), code_lists=(*table.code_lists, second))


def test_values_are_shown_in_words(table: AttributeTable) -> None:
    assert table.words("floor_material", "8", "id") == "Tanah"
    assert table.words("identity_documents", "5", "id") == "Akta kelahiran, KTP"
    assert table.words("floor_area_m2", 48, "en") == "48 m²"
    assert table.words("name", None, "id") == ""


def test_every_finding_has_a_sentence_for_its_particulars(parameters: Parameters) -> None:
    found: set[tuple[str, frozenset[str]]] = set()
    for module in (mutakhir.core.attributes, mutakhir.core.nik):
        text = Path(module.__file__ or "").read_text(encoding="utf-8")
        for match in re.finditer(r'(?:Refusal\.of|unread)\(f?"([a-z0-9{}-]+)"', text):
            rule = match[1]
            found |= {
                (rule.replace("{kind}", kind), frozenset())
                for kind in (("nik", "no-kk") if "{kind}" in rule else ("",))
            }
    assert len(found) > 25
    assert {rule for rule, _ in found} <= set(parameters.sentences)


def test_sentences_use_only_particulars_that_are_given(table: AttributeTable, parameters: Parameters) -> None:
    tried = [
        *(
            table.normalise("nik", raw)
            for raw in ("9", "9" * 16, "0" * 16, "99080145O7880003", "9" * 17, "9908018007880003")
        ),
        table.normalise("floor_material", "daun"),
        table.normalise("floor_area_m2", "enam"),
        table.normalise("birth_date", "kemarin"),
        table.normalise("phone", "12"),
        table.normalise("point", "rumah"),
        table.normalise("region_lived", "3"),
        *table.check("decile", 11),
        *table.check("floor_area_m2", 0),
        *table.check("birth_date", "1800-01-01"),
        *table.check("name", "A" * 101),
        *table.check("name", 1),
    ]
    for refusal in tried:
        assert isinstance(refusal, Refusal)
        for language in LANGUAGES:
            said = parameters.say(refusal, language)
            assert "…" not in said
            assert "{" not in said


def test_sentences_name_the_attribute_by_its_label() -> None:
    assert sentence("text-empty", "id", attribute="address") == "Alamat belum diisi."
    assert sentence("nik-too-short", "id", length=15, missing=1) == "NIK baru 15 angka, kurang 1."


def test_residents_are_never_told_that_they_failed(parameters: Parameters) -> None:
    hard = re.compile(r"\b(gagal|tidak valid|error|admin|invalid)\b", re.IGNORECASE)
    spoken = [words["id"] for words in parameters.sentences.values()]
    spoken += [
        reason.resident["id"] for reasons in parameters.reasons.values() for reason in reasons.values()
    ]
    assert [text for text in spoken if hard.search(text)] == []


def test_sentences_are_kept_sorted_and_in_both_languages(parameters: Parameters) -> None:
    assert list(parameters.sentences) == sorted(parameters.sentences)
    assert all(set(words) == set(LANGUAGES) for words in parameters.sentences.values())


def test_reasons_end_registration_only_for_the_dead_and_the_missing(parameters: Parameters) -> None:
    reasons = parameters.reasons["not_eligible"]
    assert list(reasons) == [str(number) for number in range(1, 17)]
    assert {code for code, reason in reasons.items() if reason.ends_registration} == {"2", "3"}
    of_kinds = {kind.reasons for kind in KINDS.values() if kind.reasons}
    others = {"return", "refuse", "determination", "erase", "seal", "unseal"}
    assert set(parameters.reasons) == of_kinds | others


def test_limits_are_those_of_the_route(parameters: Parameters) -> None:
    day = date(2026, 11, 24)
    found = {
        name: (parameters.limit(name, day).value, parameters.limit(name, day).unit)
        for name in parameters.limits
    }
    assert found == {
        "record": (14, "days"),
        "lapse": (30, "days"),
        "deliberate": (90, "days"),
        "decision_valid": (180, "days"),
        "appeal": (30, "days"),
        "forward": (3, "working_days"),
        "assign": (2, "working_days"),
        "visit": (7, "working_days"),
        "transfer": (7, "working_days"),
        "boundary": (7, "working_days"),
        "verify": (7, "working_days"),
        "finalise": (3, "working_days"),
        "endorse": (5, "working_days"),
        "resume": (14, "days"),
        "apply": (1, "days"),
        "annul": (2, "working_days"),
        "reopened": (7, "working_days"),
        "erase": (3, "days"),
        "absent_from_full_list": (30, "days"),
        "nik_of_another": (14, "days"),
        "registration_after_split": (90, "days"),
        "family_without_members": (30, "days"),
        "family_without_head": (30, "days"),
        "family_without_pengurus": (30, "days"),
        "refer": (30, "days"),
        "settle": (60, "days"),
        "claim": (180, "days"),
        "lives_elsewhere_now": (14, "days"),
        "death_confirmed": (30, "days"),
    }
    with pytest.raises(KeyError):
        parameters.limit("verify", date(2020, 12, 31))
