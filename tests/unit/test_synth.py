"""Synthetic people are plausible, seeded and nobody's; errors and requests come at the rates asked for, with their truth."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import islice, pairwise
from math import sqrt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mutakhir import parameters
from mutakhir.core import nik
from mutakhir.core.kinds import KINDS
from mutakhir.synth import errors, files, names
from mutakhir.synth.draws import SLOTS, cuts, spread
from mutakhir.synth.errors import NO_ERRORS, ListedRow, Rates, list_people
from mutakhir.synth.population import Family, Person, Village, age_on, population
from mutakhir.synth.requests import Request, Shares, requests

TODAY = date(2026, 1, 15)
VILLAGES = (
    Village("3508122003", "Burno", "Senduro", weight=5200),
    Village("3508192005", "Klakah", "Klakah", weight=7400),
    Village("3508101002", "Tompokersan", "Lumajang", weight=9000),
    Village("3508042006", "Pasirian", "Pasirian", weight=12000),
    Village("3508042007", "Condro", "Pasirian", weight=6000),
)
PERSONS = 30_000


@pytest.fixture(scope="module")
def families() -> list[Family]:
    return list(population(seed=11, persons=PERSONS, villages=VILLAGES, today=TODAY))


@pytest.fixture(scope="module")
def persons(families: list[Family]) -> list[Person]:
    return [person for family in families for person in family.persons]


@pytest.fixture(scope="module")
def rows(families: list[Family]) -> list[ListedRow]:
    return list(list_people(families, seed=5, rates=Rates(), today=TODAY))


@pytest.fixture(scope="module")
def asked(families: list[Family]) -> list[Request]:
    return list(requests(seed=3, families=families, count=6_000, today=TODAY))


def within_three_sigma(hits: int, trials: int, rate: float) -> bool:
    return abs(hits - trials * rate) <= 3 * sqrt(trials * rate * (1 - rate))


def text(person: Person, attribute: str) -> str:
    return str(person.attributes[attribute])


def share(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / len(listed)


class TestPopulation:
    def test_same_seed_gives_the_same_families(self) -> None:
        first, second = (
            list(population(seed=4, persons=2_000, villages=VILLAGES, today=TODAY)) for _ in range(2)
        )
        assert repr(first) == repr(second)

    def test_other_seed_gives_other_people(self) -> None:
        one, other = (
            {
                text(person, "name") + text(person, "birth_date")
                for family in population(seed=seed, persons=2_000, villages=VILLAGES, today=TODAY)
                for person in family.persons
            }
            for seed in (1, 2)
        )
        assert len(one & other) < 20

    def test_order_of_villages_does_not_matter(self) -> None:
        one, other = (
            repr(list(population(seed=4, persons=500, villages=villages, today=TODAY)))
            for villages in (VILLAGES, VILLAGES[::-1])
        )
        assert one == other

    @pytest.mark.parametrize("count", [0, 1, 2, 7, 4_321])
    def test_gives_exactly_the_people_asked_for(self, count: int) -> None:
        made = list(population(seed=4, persons=count, villages=VILLAGES, today=TODAY))
        assert sum(len(family.persons) for family in made) == count
        numbers = [person.number for family in made for person in family.persons]
        assert numbers == list(range(1, count + 1))
        assert [family.number for family in made] == list(range(1, len(made) + 1))

    def test_streams_so_that_a_nation_begins_at_once(self) -> None:
        assert (
            len(list(islice(population(seed=1, persons=289_000_000, villages=VILLAGES, today=TODAY), 3))) == 3
        )

    def test_villages_have_their_weight(self, families: list[Family]) -> None:
        people = Counter[str]()
        for family in families:
            people[family.village.code] += len(family.persons)
        total = sum(village.weight for village in VILLAGES)
        for village in VILLAGES:
            assert people[village.code] == pytest.approx(PERSONS * village.weight / total, abs=12)

    def test_families_have_the_size_of_the_national_registry(self, families: list[Family]) -> None:
        assert 2.9 <= PERSONS / len(families) <= 3.2

    def test_shapes_of_households(self, families: list[Family]) -> None:
        relations = [{text(person, "relation") for person in family.persons} for family in families]
        single_old = share(
            len(family.persons) == 1 and age_on(text(family.persons[0], "birth_date"), TODAY) >= 60
            for family in families
        )
        assert 0.05 < single_old < 0.12
        assert 0.13 < share(text(family.persons[0], "sex") == "2" for family in families) < 0.25
        assert 0.05 < share("6" in found for found in relations) < 0.15
        assert 0.03 < share("5" in found for found in relations) < 0.12

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"villages": ()}, "at least one village"),
            ({"villages": (Village("3508", "Lumajang"),)}, "ten digits"),
            ({"villages": (VILLAGES[0], VILLAGES[0])}, "twice"),
            ({"villages": (Village("3508122003", "Burno", weight=0.0),)}, "nothing"),
        ],
    )
    def test_refuses_what_is_no_region(self, arguments: dict[str, tuple[Village, ...]], words: str) -> None:
        with pytest.raises(ValueError, match=words):
            list(population(seed=1, persons=10, today=TODAY, **arguments))


class TestNumbers:
    def test_niks_are_nobodys_and_unique(self, persons: list[Person]) -> None:
        numbers = [text(person, "nik") for person in persons]
        assert len(set(numbers)) == len(numbers)
        assert all(number.startswith("99") for number in numbers)

    def test_digits_agree_with_birth_date_and_sex(self, persons: list[Person]) -> None:
        for person in persons:
            number = nik.parse(text(person, "nik"))
            assert isinstance(number, nik.Nik)
            found = nik.warnings(number, birth_date=text(person, "birth_date"), sex=text(person, "sex"))
            assert [finding for finding in found if finding.rule != "nik-training-region"] == []

    def test_family_cards_are_nobodys_and_unique(self, families: list[Family]) -> None:
        cards = [str(family.attributes["no_kk"]) for family in families]
        assert len(set(cards)) == len(cards)
        for card in cards:
            number = nik.parse_no_kk(card)
            assert isinstance(number, nik.NoKk)
            assert number.is_training

    def test_kecamatan_with_the_same_digits_in_two_provinces_share_no_number(self) -> None:
        villages = (Village("3508122003", "Burno"), Village("3308122003", "Elsewhere"))
        numbers = [
            text(person, "nik")
            for family in population(seed=1, persons=8_000, villages=villages, today=TODAY)
            for person in family.persons
        ]
        assert len(set(numbers)) == len(numbers)

    def test_second_population_of_a_village_has_numbers_of_its_own(self, families: list[Family]) -> None:
        known = {text(person, "nik") for family in families for person in family.persons}
        known |= {str(family.attributes["no_kk"]) for family in families}
        second = population(seed=99, persons=3_000, villages=VILLAGES, today=TODAY, first_sequence=3001)
        for family in second:
            assert known.isdisjoint(text(person, "nik") for person in family.persons)
            assert family.attributes["no_kk"] not in known


class TestFamilies:
    def test_every_value_is_one_that_the_register_takes(self, families: list[Family]) -> None:
        table = parameters.load().attributes
        for family in families[:4_000]:
            described = [("family", family.attributes), ("dwelling", family.dwelling.attributes)]
            described += [("person", person.attributes) for person in family.persons]
            for kind, attributes in described:
                for name, value in attributes.items():
                    assert table[name].of == kind
                    assert table.check(name, value) == (), (name, value)

    def test_one_head_first_and_a_spouse_who_is_married_to_the_head(self, families: list[Family]) -> None:
        for family in families:
            head, *others = family.persons
            assert text(head, "relation") == "1"
            assert family.attributes["head_name"] == head.attributes["name"]
            assert family.attributes["member_count"] == len(family.persons)
            assert [person.attributes["family_order"] for person in family.persons] == [
                *range(1, len(others) + 2)
            ]
            spouses = [person for person in others if text(person, "relation") == "2"]
            assert len(spouses) == (text(head, "marital_status") == "2")
            assert "1" not in {text(person, "relation") for person in others}
            for spouse in spouses:
                assert {text(head, "sex"), text(spouse, "sex")} == {"1", "2"}

    def test_mothers_are_old_enough(self, families: list[Family]) -> None:
        seen = 0
        for family in families:
            wives = [person for person in family.persons if text(person, "relation") == "2"]
            for person in family.persons:
                if wives and text(person, "relation") == "3":
                    gap = age_on(text(wives[0], "birth_date"), TODAY) - age_on(
                        text(person, "birth_date"), TODAY
                    )
                    assert 14 <= gap <= 47
                    assert text(person, "mother_name") in text(wives[0], "name")
                    seen += 1
        assert seen > 5_000

    def test_nobody_is_born_after_today_and_few_are_very_old(self, persons: list[Person]) -> None:
        births = [text(person, "birth_date") for person in persons]
        assert max(births) <= TODAY.isoformat()
        assert max(age_on(birth, TODAY) for birth in births) < 105
        assert 0.08 < share(age_on(birth, TODAY) >= 60 for birth in births) < 0.17
        assert 0.2 < share(age_on(birth, TODAY) < 15 for birth in births) < 0.3

    def test_birthdays_of_the_old_are_heaped(self, persons: list[Person]) -> None:
        old = [text(person, "birth_date") for person in persons if text(person, "birth_date") < "1958"]
        young = [text(person, "birth_date") for person in persons if text(person, "birth_date") >= "1990"]
        assert share(birth.endswith("-07-01") for birth in old) > 0.05
        assert share(birth.endswith("-12-31") for birth in old) > 0.03
        assert share(birth.endswith("-15") for birth in old) > 0.06
        assert share(birth.endswith("-07-01") for birth in young) < 0.006

    def test_some_are_twins_with_names_alike(self, families: list[Family]) -> None:
        twins = [
            (one, other)
            for family in families
            for one, other in pairwise(family.persons)
            if text(one, "birth_date") == text(other, "birth_date") and text(one, "relation") in "35"
        ]
        assert len(twins) > 20
        alike = share(
            text(one, "name").split()[-1] == text(other, "name").split()[-1]
            or text(one, "name")[:2] == text(other, "name")[:2]
            for one, other in twins
        )
        assert alike > 0.4

    def test_some_families_share_a_house(self, families: list[Family]) -> None:
        shared = [(one, other) for one, other in pairwise(families) if one.dwelling is other.dwelling]
        assert 0.005 < len(shared) / len(families) < 0.06
        for one, other in shared:
            assert one.village == other.village
            assert one.attributes["address"] == other.attributes["address"]
        assert len({family.dwelling.number for family in families}) == len(families) - len(shared)

    def test_pupils_are_of_the_age_of_their_school(self, persons: list[Person]) -> None:
        pupils = [person for person in persons if person.attributes.get("school_participation") == "2"]
        assert len(pupils) > 4_000
        for person in pupils:
            age = age_on(text(person, "birth_date"), TODAY)
            primary = text(person, "school_level") in ("1", "2", "3", "4", "5")
            assert primary == (age <= 12)
            assert 7 <= age <= 22

    def test_only_who_may_is_a_teacher_or_a_civil_servant(self, persons: list[Person]) -> None:
        primary_or_less = {"23", "1", "2", "3", "4", "5"}
        for person in persons:
            if person.attributes["occupation"] in ("5", "6", "7", "65"):
                assert text(person, "diploma") not in primary_or_less


class TestWelfare:
    def test_deciles_are_all_there_and_the_low_ones_fuller(self, families: list[Family]) -> None:
        counts = Counter(family.attributes["decile"] for family in families)
        shares = [counts[decile] / len(families) for decile in range(1, 11)]
        assert all(0.05 < found < 0.15 for found in shares)
        assert sum(shares[:5]) > 0.5 > 1.05 * sum(shares[5:])

    def test_living_conditions_follow_welfare(self, families: list[Family]) -> None:
        poor = [family for family in families if family.attributes["decile"] in (1, 2)]
        rich = [family for family in families if family.attributes["decile"] in (9, 10)]
        for attribute, code in (("floor_material", "8"), ("cooking_fuel", "10"), ("toilet_access", "6")):
            among_poor = share(family.dwelling.attributes[attribute] == code for family in poor)
            among_rich = share(family.dwelling.attributes[attribute] == code for family in rich)
            assert among_poor > 2 * among_rich
            assert among_poor > 0.1
        for asset in ("asset_refrigerator", "asset_car", "asset_motorcycle"):
            assert share(family.attributes[asset] == "1" for family in rich) > share(
                family.attributes[asset] == "1" for family in poor
            )

    def test_assistance_goes_to_low_deciles_and_misses_many(self, families: list[Family]) -> None:
        poor = [family for family in families if family.attributes["decile"] in (1, 2)]
        rich = [family for family in families if family.attributes["decile"] in (8, 9, 10)]
        served = share(
            "1" in (family.attributes["programme_pkh"], family.attributes["programme_bpnt"])
            for family in poor
        )
        assert 0.3 < served < 0.8
        assert share(family.attributes["programme_pkh"] == "1" for family in rich) < 0.02


class TestNames:
    def test_old_people_have_one_word_and_children_do_not(self, persons: list[Person]) -> None:
        def one_word(low: str, high: str) -> float:
            return share(
                " " not in text(person, "name").removeprefix("H. ").removeprefix("Hj. ")
                for person in persons
                if low <= text(person, "birth_date") < high
            )

        assert one_word("1900", "1955") > 0.6
        assert one_word("2005", "2027") < 0.15

    def test_names_are_told_apart_often_enough_for_matching(self, persons: list[Person]) -> None:
        carriers = Counter(text(person, "name") for person in persons)
        assert len(carriers) > PERSONS * 0.3
        assert carriers.most_common(1)[0][1] < PERSONS * 0.005

    def test_written_habits_and_old_spelling_are_there(self, persons: list[Person]) -> None:
        written = " ".join(text(person, "name") for person in persons)
        for habit in (
            "Muhammad ",
            "Moh. ",
            "Mochamad ",
            "Abd. ",
            "Siti ",
            "H. ",
            "Hj. ",
            ", S.Pd.",
            "Soe",
            "Dj",
        ):
            assert habit in written

    def test_madurese_kecamatan_have_other_names(self) -> None:
        drawn = names.load()
        assert Counter(drawn.traditions_of("RANUYOSO"))["madurese"] > 0.9 * SLOTS
        assert Counter(drawn.traditions_of("Tempursari"))["madurese"] < 0.1 * SLOTS
        assert Counter(drawn.traditions_of("Senduro"))["hindu"] > 0.08 * SLOTS

    @pytest.mark.parametrize(
        ("new", "old"),
        [("Sumarno", "Soemarno"), ("Jumadi", "Djumadi"), ("Siti Muah", "Siti Moeah"), ("Ponirah", "Ponirah")],
    )
    def test_old_spelling(self, new: str, old: str) -> None:
        assert names.spell_old(new) == old

    def test_call_names(self) -> None:
        def called(name: str) -> str:
            return errors.call_name(name, lambda: 0.9)

        assert called("Hermawan") == "Wawan"
        assert called("Sulastri") == "Lastri"
        assert called("Muhammad Yusuf") == "Yusuf"
        assert called("Hj. Siti Aminah, S.Pd.") == "Aminah"
        assert called("Suparman") == "Parman"
        assert called("Gatot") == "Tot"
        assert called("Rut") == "Ruti"

    def test_misspelling_always_changes_something(self, persons: list[Person]) -> None:
        for place, person in enumerate(persons[:5_000]):
            name = text(person, "name")
            assert errors.misspell(name, lambda place=place: place / 5_000) != name


class TestErrors:
    def test_without_errors_the_list_is_the_truth(self, families: list[Family]) -> None:
        listed = list(list_people(families, seed=5, rates=NO_ERRORS, today=TODAY))
        assert len(listed) == PERSONS
        assert all(not row.stated and not row.errors and not row.second for row in listed)

    def test_same_seed_gives_the_same_rows(self, families: list[Family]) -> None:
        one, other = (
            [
                (row.person.number, row.errors, dict(row.stated))
                for row in list_people(families[:500], seed=seed, rates=Rates(), today=TODAY)
            ]
            for seed in (5, 5)
        )
        assert one == other

    @pytest.mark.parametrize(
        "name", [name for name in errors.ERRORS if name not in ("swapped_date", "moved_away", "doubled")]
    )
    def test_rates_hold_within_three_sigma(self, rows: list[ListedRow], name: str) -> None:
        hits = sum(name == error.partition(":")[0] for row in rows for error in row.errors)
        # A swapped date leaves no room for another wrong one; that is less than the noise.
        trials = PERSONS if name == "dead" else len(rows)
        assert within_three_sigma(hits, trials, getattr(Rates(), name))

    def test_rates_of_families_second_listings_and_swaps_hold(
        self, rows: list[ListedRow], families: list[Family]
    ) -> None:
        moved = {
            row.family.number for row in rows if any(error.startswith("moved_away") for error in row.errors)
        }
        assert within_three_sigma(len(moved), len(families), Rates().moved_away)
        assert within_three_sigma(sum(row.second for row in rows), PERSONS, Rates().doubled)
        open_to_it = [
            row
            for row in rows
            if text(row.person, "birth_date")[8:] <= "12"
            and text(row.person, "birth_date")[8:] != text(row.person, "birth_date")[5:7]
        ]
        swapped = [row for row in rows if "swapped_date" in row.errors]
        assert within_three_sigma(len(swapped), len(open_to_it), Rates().swapped_date)

    def test_unusable_numbers_are_as_common_as_was_published(self, rows: list[ListedRow]) -> None:
        unusable = {"no_nik", "nik_zero", "unknown_nik"}
        assert 0.1 <= share(not unusable.isdisjoint(row.errors) for row in rows) <= 0.17

    def test_every_difference_has_an_error_and_every_error_a_difference(self, rows: list[ListedRow]) -> None:
        explained = {
            "nik": set(errors.NIK_ERRORS),
            "name": {"call_name", "misspelt_name"},
            "birth_date": {"wrong_birth_date", "swapped_date"},
            "sex": {"wrong_sex"},
            "relation": {"doubled"},
            "registry_status": {"dead", "moved_away"},
        }
        for row in rows:
            kinds = {error.partition(":")[0] for error in row.errors}
            for attribute, value in row.stated.items():
                assert explained[attribute] & kinds
                assert value != row.person.attributes.get(attribute) or attribute == "relation"
            for attribute in ("nik", "name", "birth_date", "sex"):
                if explained[attribute] & kinds:
                    assert attribute in row.stated

    def test_spoilt_numbers_are_spoilt_as_named(self, rows: list[ListedRow], persons: list[Person]) -> None:
        holders = {text(person, "nik"): person.number for person in persons}
        for row in rows:
            true, stated = text(row.person, "nik"), row.stated.get("nik")
            for error in row.errors:
                kind, _, particular = error.partition(":")
                if kind == "duplicate_nik":
                    assert holders[str(stated)] == int(particular) != row.person.number
                elif kind == "unknown_nik":
                    assert stated not in holders
                    assert re.fullmatch(r"99\d{14}", str(stated))
                elif kind == "dotted_nik":
                    assert nik.clean(str(stated)) == true
                    assert "." in str(stated)
                elif kind == "short_nik":
                    assert re.fullmatch(r"99\d{13}", str(stated))
                elif kind == "rounded_nik":
                    assert re.fullmatch(r"9\.9\d{4}E\+15", str(stated))
                elif kind == "nik_zero":
                    assert set(str(stated)) == {"0"}

    def test_dates_are_swapped_or_wrong_but_possible(self, rows: list[ListedRow]) -> None:
        for row in rows:
            stated = row.stated.get("birth_date")
            if stated is None:
                continue
            assert date.fromisoformat(str(stated)) <= TODAY
            if "swapped_date" in row.errors:
                year, month, day = text(row.person, "birth_date").split("-")
                assert stated == f"{year}-{day}-{month}"

    def test_the_dead_are_mostly_old(self, rows: list[ListedRow]) -> None:
        ages = [
            age_on(text(row.person, "birth_date"), TODAY)
            for row in rows
            if any(error.startswith("dead:") for error in row.errors)
        ]
        assert share(age >= 55 for age in ages) > 0.7

    def test_rates_are_checked(self) -> None:
        with pytest.raises(ValueError, match="dead"):
            Rates(dead=1.2)
        with pytest.raises(ValueError, match="more than 1"):
            Rates(no_nik=0.9, unknown_nik=0.2)

    def test_everything_can_be_wrong(self, families: list[Family]) -> None:
        listed = list(
            list_people(
                families[:200],
                seed=1,
                rates=Rates(
                    no_nik=0.0,
                    nik_zero=0.0,
                    unknown_nik=0.0,
                    duplicate_nik=1.0,
                    dotted_nik=0.0,
                    short_nik=0.0,
                    rounded_nik=0.0,
                    doubled=1.0,
                ),
                today=TODAY,
            )
        )
        people = sum(len(family.persons) for family in families[:200])
        assert len(listed) == 2 * people
        assert sum(row.second for row in listed) == people


class TestFiles:
    @pytest.mark.parametrize(
        ("layout", "columns"), [("p3ke", files.P3KE_COLUMNS), ("dtsen", files.DTSEN_COLUMNS)]
    )
    def test_list_and_truth_agree(
        self, tmp_path: Path, layout: files.Layout, columns: tuple[str, ...]
    ) -> None:
        written = files.write(
            tmp_path,
            layout=layout,
            format="csv",
            seed=7,
            persons=3_000,
            villages=VILLAGES,
            rates=Rates(),
            today=TODAY,
        )
        with written.paths["list"].open(encoding="utf-8", newline="") as file:
            header, *listed = list(csv.reader(file))
        with written.paths["truth"].open(encoding="utf-8", newline="") as file:
            truth = list(csv.DictReader(file))
        assert tuple(header) == columns
        assert len(listed) == len(truth) == written.counts["rows"]
        assert written.counts["persons"] == 3_000
        assert [int(row["row"]) for row in truth] == list(range(1, len(truth) + 1))
        assert {int(row["person"]) for row in truth} == set(range(1, 3_001))
        kinds = Counter(
            error.partition(":")[0] for row in truth for error in row["errors"].split(";") if error
        )
        assert kinds == {name: count for name, count in written.counts.items() if name in errors.ERRORS}
        people = {
            person.number: person
            for family in population(seed=7, persons=3_000, villages=VILLAGES, today=TODAY)
            for person in family.persons
        }
        place_of_nik, place_of_name = (
            [name.lower() for name in header].index(wanted) for wanted in ("nik", "nama")
        )
        for cells, row in zip(listed, truth, strict=True):
            person = people[int(row["person"])]
            assert row["nik"] == person.attributes["nik"]
            if not row["errors"]:
                assert cells[place_of_nik] == row["nik"]
                assert cells[place_of_name] == text(person, "name").upper()

    def test_p3ke_has_32_columns(self) -> None:
        assert len(files.P3KE_COLUMNS) == 32

    def test_same_seed_gives_the_same_bytes(self, tmp_path: Path) -> None:
        contents = []
        for place in ("one", "other"):
            written = files.write(
                tmp_path / place,
                layout="p3ke",
                format="csv",
                seed=7,
                persons=800,
                villages=VILLAGES,
                rates=Rates(),
                today=TODAY,
            )
            contents.append([written.paths[name].read_bytes() for name in ("list", "truth")])
        assert contents[0] == contents[1]

    def test_dates_are_mixed_only_where_the_truth_says_so(self, tmp_path: Path) -> None:
        written = files.write(
            tmp_path,
            layout="p3ke",
            format="csv",
            seed=7,
            persons=2_000,
            villages=VILLAGES,
            rates=Rates(),
            today=TODAY,
        )
        place = files.P3KE_COLUMNS.index("TanggalLahir")
        with written.paths["list"].open(encoding="utf-8", newline="") as file:
            dates = [cells[place] for cells in list(csv.reader(file))[1:]]
        with written.paths["truth"].open(encoding="utf-8", newline="") as file:
            mixed = ["mixed_date_form" in row["errors"] for row in csv.DictReader(file)]
        for written_date, is_mixed in zip(dates, mixed, strict=True):
            assert bool(re.fullmatch(r"\d\d/\d\d/\d{4} 00:00:00", written_date)) != is_mixed
        assert any(re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", written_date) for written_date in dates)

    def test_workbook_has_titles_above_the_header_and_rounded_numbers_as_numbers(
        self, tmp_path: Path
    ) -> None:
        written = files.write(
            tmp_path,
            layout="p3ke",
            format="xlsx",
            seed=7,
            persons=400,
            villages=VILLAGES,
            rates=Rates(rounded_nik=0.2),
            today=TODAY,
        )
        sheet = load_workbook(written.paths["list"])["Individu"]
        lines = [list(line) for line in sheet.iter_rows(min_row=4, values_only=True)]
        assert tuple(lines[0]) == files.P3KE_COLUMNS
        assert len(lines) - 1 == written.counts["rows"]
        numbers = [line[11] for line in lines[1:] if isinstance(line[11], int)]
        assert len(numbers) == written.counts["rounded_nik"] > 50
        assert all(str(number).endswith("0") and len(str(number)) == 16 for number in numbers)


class TestRequests:
    def test_same_seed_gives_the_same_requests(self, families: list[Family]) -> None:
        one, other = (
            repr(list(requests(seed=3, families=families[:300], count=200, today=TODAY))) for _ in range(2)
        )
        assert one == other

    def test_flavours_and_kinds_have_their_shares(self, asked: list[Request]) -> None:
        shares = Shares()
        flavours = Counter(request.flavour for request in asked)
        for flavour in ("already_true", "conflict", "incomplete"):
            assert within_three_sigma(flavours[flavour], len(asked), getattr(shares, flavour))
        kinds = Counter(request.kind for request in asked)
        total = sum(shares.kinds.values())
        for kind, weight in shares.kinds.items():
            assert within_three_sigma(kinds[kind], len(asked), weight / total)

    def test_each_is_about_another_family(self, asked: list[Request]) -> None:
        assert len({request.family for request in asked}) == len(asked)

    def test_every_wanted_value_is_one_that_the_register_takes(self, asked: list[Request]) -> None:
        table = parameters.load().attributes
        for request in asked:
            for name, value in request.changes.items():
                assert table.check(name, value) == (), (request.kind, name, value)

    def test_valid_requests_have_all_that_their_kind_asks(self, asked: list[Request]) -> None:
        for request in asked:
            if request.flavour == "incomplete":
                continue
            kind = KINDS[request.kind]
            assert request.missing == ()
            assert set(kind.evidence) <= set(request.evidence)
            assert set(kind.required) <= set(request.changes)

    def test_incomplete_requests_lack_what_they_say(self, asked: list[Request]) -> None:
        lacking = [request for request in asked if request.flavour == "incomplete"]
        assert len(lacking) > 500
        for request in lacking:
            assert request.missing
            for name in request.missing:
                assert name not in request.changes
                assert name not in request.evidence
        assert {name in KINDS[request.kind].required for request in lacking for name in request.missing} == {
            True,
            False,
        }

    def test_living_conditions_are_compared_as_their_flavour_says(
        self, asked: list[Request], families: list[Family]
    ) -> None:
        found = Counter[str]()
        for request in asked:
            if request.kind != "living_conditions":
                continue
            family = families[request.family]
            before = {**family.attributes, **family.dwelling.attributes}
            now = {**before, **request.meanwhile}
            found[request.flavour] += 1
            assert request.changes.keys() == request.seen.keys()
            for name, seen in request.seen.items():
                assert seen == before.get(name)
            if request.flavour == "already_true":
                assert all(now[name] == wanted for name, wanted in request.changes.items())
            elif request.flavour == "conflict":
                assert any(
                    now[name] not in (wanted, request.seen[name]) for name, wanted in request.changes.items()
                )
            else:
                assert all(now.get(name) != wanted for name, wanted in request.changes.items())
        assert min(found[flavour] for flavour in ("valid", "already_true", "conflict", "incomplete")) > 50

    def test_new_people_are_new_unless_the_flavour_says_otherwise(
        self, asked: list[Request], families: list[Family]
    ) -> None:
        homes = {
            text(person, "nik"): index for index, family in enumerate(families) for person in family.persons
        }
        new: list[str] = []
        for request in asked:
            if request.kind not in ("new_person", "new_family") or "nik" not in request.changes:
                continue
            people = request.persons or (request.changes,)
            registered = [homes[str(person["nik"])] for person in people if person["nik"] in homes]
            if request.flavour == "already_true":
                assert set(registered) == {request.family}
                assert len(registered) == len(people)
            elif request.flavour == "conflict":
                assert len(registered) == 1
                assert request.kind == "new_family" or registered[0] != request.family
            else:
                assert registered == []
                new += [str(person["nik"]) for person in people]
        assert len(set(new)) == len(new) > 2_000

    def test_new_numbers_say_what_is_said_of_their_holders(self, asked: list[Request]) -> None:
        for request in asked:
            for person in request.persons or (request.changes,):
                if not {"nik", "birth_date", "sex"} <= person.keys():
                    continue
                number = nik.parse(str(person["nik"]))
                assert isinstance(number, nik.Nik)
                found = nik.warnings(number, birth_date=str(person["birth_date"]), sex=str(person["sex"]))
                assert [finding for finding in found if finding.rule != "nik-training-region"] == []

    def test_reasons_are_of_the_official_lists(self, asked: list[Request], families: list[Family]) -> None:
        reasons = parameters.load().reasons
        for request in asked:
            lists = KINDS[request.kind].reasons
            assert bool(request.reason) == bool(lists)
            if lists:
                assert request.reason in reasons[lists]
            if request.reason == "3":
                born = text(families[request.family].persons[request.person or 0], "birth_date")
                assert born <= str(request.changes["died_on"]) <= TODAY.isoformat()

    def test_an_adult_applies(self, asked: list[Request], families: list[Family]) -> None:
        for request in asked:
            applicant = families[request.family].persons[request.applicant]
            assert age_on(text(applicant, "birth_date"), TODAY) >= 17

    def test_shares_are_checked(self) -> None:
        with pytest.raises(ValueError, match="whole"):
            Shares(already_true=0.6, conflict=0.6)
        with pytest.raises(ValueError, match="no_such_kind"):
            Shares(kinds={"no_such_kind": 1.0})
        with pytest.raises(ValueError, match="families"):
            list(requests(seed=1, families=(), count=1, today=TODAY))


class TestDraws:
    def test_tables_are_full_and_in_proportion(self) -> None:
        table = spread((("a", 1.0), ("b", 3.0), ("c", 0.0)))
        assert len(table) == SLOTS
        assert Counter(table) == {"a": SLOTS // 4, "b": 3 * SLOTS // 4}
        with pytest.raises(ValueError, match="weight"):
            spread((("a", 0.0),))

    def test_cuts_part_the_normal_distribution(self) -> None:
        assert cuts((1, 1)) == [pytest.approx(0.0)]
        assert cuts((2.5, 95, 2.5)) == [pytest.approx(-1.96, abs=0.01), pytest.approx(1.96, abs=0.01)]
