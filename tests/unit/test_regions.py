"""Regions: codes, names and reach, and the list of the ministry as it is read."""

from __future__ import annotations

from collections import Counter

import pytest

from mutakhir.core.regions import (
    Region,
    display_name,
    kind_of,
    level_of,
    normalise_region_name,
    parent_of,
    parse_code,
    path_of,
    within,
)
from mutakhir.gateways.regions import find_by_names, read_regions, repair_name

LUMAJANG = """Tempursari Pronojiwo Candipuro Pasirian Tempeh Kunir Yosowilangun Rowokangkung Tekung Lumajang Pasrujambe Senduro
Gucialit Padang Sukodono Kedungjajang Jatiroto Randuagung Klakah Ranuyoso Sumbersuko"""


@pytest.fixture(scope="module")
def nation() -> list[Region]:
    return list(read_regions())


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("35", "35"),
        ("35.08", "3508"),
        ("35.08.01", "350801"),
        ("35.08.01.2001", "3508012001"),
        (" 3508012001 ", "3508012001"),
        ("", None),
        ("3", None),
        ("35080", None),
        ("35081", None),
        ("3508012", None),
        ("35.8", None),
        ("35.08.", None),
        ("35080120011", None),
        ("Lumajang", None),
        ("\u0663\u0665", None),
    ],
)
def test_codes_are_read_with_and_without_dots(raw: str, code: str | None) -> None:
    assert parse_code(raw) == code


def test_codes_say_where_they_belong() -> None:
    assert [level_of(code) for code in path_of("3508012001")] == [
        "province",
        "kabupaten",
        "kecamatan",
        "village",
    ]
    assert parent_of("3508012001") == "350801"
    assert parent_of("35") is None
    with pytest.raises(KeyError):
        level_of("350")


def test_a_scope_is_a_prefix() -> None:
    assert within("3508", "3508012001")
    assert within("3508", "3508")
    assert not within("3508", "35")
    assert not within("3508", "3509012001")
    assert within("", "3508012001")


def test_names_carry_their_kind() -> None:
    assert display_name("3508012001", "Tegalrejo") == "Desa Tegalrejo"
    assert display_name("3508101009", "Jogoyudan") == "Kelurahan Jogoyudan"
    assert display_name("3508", "Lumajang") == "Kab. Lumajang"
    assert display_name("3573", "Malang") == "Kota Malang"
    assert display_name("35", "Jawa Timur") == "Provinsi Jawa Timur"
    assert display_name("910301", "Sentani") == "Distrik Sentani"


def test_names_are_compared_without_kind_and_signs() -> None:
    assert (
        len(
            {normalise_region_name(raw) for raw in ("Ds. Oro-Oro Ombo", "DESA ORO ORO OMBO", "Oro-oro  Ombo")}
        )
        == 1
    )
    assert normalise_region_name("Kab. Lumajang") == normalise_region_name("KABUPATEN LUMAJANG") == "lumajang"
    assert normalise_region_name("Kota") == "kota"
    assert normalise_region_name("Udek Du\u2019en") == normalise_region_name("Udek Du'en")


def test_the_nation_is_complete(nation: list[Region]) -> None:
    assert Counter(region.level for region in nation) == {
        "province": 38,
        "kabupaten": 514,
        "kecamatan": 7285,
        "village": 83762,
    }
    kinds = Counter(region.kind for region in nation)
    assert (kinds["kabupaten"], kinds["kota"]) == (416, 98)
    assert (kinds["desa"], kinds["kelurahan"], kinds["desa_adat"]) == (75252, 8496, 14)


def test_every_region_follows_the_one_above_it(nation: list[Region]) -> None:
    seen: set[str] = set()
    for region in nation:
        assert region.code not in seen
        assert region.parent is None or region.parent in seen
        assert region.parent == parent_of(region.code)
        seen.add(region.code)


def test_villages_have_post_codes_and_others_have_none(nation: list[Region]) -> None:
    for region in nation:
        if region.level == "village":
            assert region.post_code is not None
            assert len(region.post_code) == 5
        else:
            assert region.post_code is None


def test_names_are_bare_and_begin_with_a_capital(nation: list[Region]) -> None:
    for region in nation:
        assert region.name == " ".join(region.name.split())
        assert not region.name[0].islower()
        assert "\u2019" not in region.name
        if region.level == "kabupaten":
            assert not region.name.startswith(("Kabupaten", "Kota ", "Administrasi"))


def test_lumajang_has_its_kecamatan_and_villages() -> None:
    regions = list(read_regions("3508"))
    assert [region.display_name for region in regions[:2]] == ["Provinsi Jawa Timur", "Kab. Lumajang"]
    assert [region.name for region in regions if region.level == "kecamatan"] == LUMAJANG.split()
    villages = [region for region in regions if region.level == "village"]
    assert len(villages) == 205
    assert Counter(region.kind for region in villages) == {"desa": 198, "kelurahan": 7}
    assert {region.parent for region in villages if region.kind == "kelurahan"} == {"350810"}


def test_a_scope_of_one_village_brings_its_path() -> None:
    assert [region.code for region in read_regions("3508012001")] == ["35", "3508", "350801", "3508012001"]


@pytest.mark.parametrize(
    ("code", "listed", "name"),
    [
        ("3508", "Kabupaten Lumajang", "Lumajang"),
        ("3171", "Kota Administrasi Jakarta Pusat", "Jakarta Pusat"),
        ("9103013007", "Desa Adat Yoboi", "Yoboi"),
        ("1303102004", "Desa Kampung Baru", "Desa Kampung Baru"),
        ("331902", "Kota Kudus", "Kota Kudus"),
        ("1502132008", "PulauTujuh", "Pulau Tujuh"),
        ("5302011001", "SoE", "SoE"),
        ("7310", "Kabupaten Pangkajene dan Kepulauan", "Pangkajene dan Kepulauan"),
        ("3271041004", "Marga jaya", "Marga Jaya"),
        ("3307072016", "lamuk", "Lamuk"),
        ("1105022001", "Kaway XVI", "Kaway XVI"),
    ],
)
def test_careless_names_are_repaired(code: str, listed: str, name: str) -> None:
    assert repair_name(code, listed) == name
    assert kind_of(code)


@pytest.mark.parametrize(
    ("names", "scope", "code"),
    [
        (("JAWA TIMUR", "LUMAJANG", "SENDURO", "BURNO"), "", "3508122005"),
        (("Prov. Jawa Timur", "Kab. Lumajang", "Kec. Senduro", "Desa Burno"), "", "3508122005"),
        (("", "", "senduro", "burno"), "3508", "3508122005"),
        (("", "", "", "burno"), "350812", "3508122005"),
        (("", "", "senduro", "burno"), "", ""),
        (("Jawa Timur", "Lumajang", "Senduro", "Bumo"), "", "350812"),
        (("Jawa Timur", "Lumajang", "", "Burno"), "", "3508"),
        (("Jawa Timur", "Malang", "", ""), "", "3507"),
        (("Jawa Timur", "Kota Malang", "", ""), "", "3573"),
        (("Jawa Timur", "Lumajang", "", ""), "3509", "3508"),
        (("Atlantis", "Lumajang", "Senduro", "Burno"), "", ""),
        ((), "3508", ""),
    ],
)
def test_names_lead_to_the_narrowest_region(names: tuple[str, ...], scope: str, code: str) -> None:
    assert find_by_names(names, scope=scope) == code
