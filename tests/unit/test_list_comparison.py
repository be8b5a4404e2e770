"""Two lists compared: the counts against the truth of what was changed, and each explanation by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mutakhir.core.refusals import Refusal
from mutakhir.core.rules import list_changes
from mutakhir.core.rules.list_changes import AppliedRequest, Explanation, KnownPerson, Listed
from mutakhir.gateways.files import FileRefused
from mutakhir.gateways.layouts import read_mapping
from mutakhir.gateways.list_comparison import compare
from mutakhir.gateways.regions import read_children
from mutakhir.synth import files
from mutakhir.synth.errors import NO_ERRORS, Rates
from mutakhir.synth.later import truth_of, write_later
from mutakhir.synth.population import Village
from tests.fixtures.files import P3KE_HEADERS, P3KE_ROW, write_delimited

TODAY = date(2026, 11, 24)
SIBLINGS = [Village(one.code, one.name, "Sukodono") for one in read_children("350815")]


def written(folder: Path, *, rates: Rates, renumbered: bool) -> tuple[Path, files.Written]:
    first = files.write(
        folder, layout="p3ke", format="csv", seed=3, persons=4_000, villages=SIBLINGS, rates=rates, today=TODAY
    )  # fmt: skip
    later = write_later(
        first.paths["list"], folder, seed=3, villages=SIBLINGS, today=TODAY, renumbered=renumbered
    )
    return first.paths["list"], later


@pytest.mark.parametrize(("rates", "renumbered"), [(NO_ERRORS, False), (NO_ERRORS, True), (Rates(), False)])
def test_the_counts_are_those_of_the_truth(tmp_path: Path, *, rates: Rates, renumbered: bool) -> None:
    """Whoever is listed twice is counted twice and their family once, as in the truth."""
    old, later = written(tmp_path, rates=rates, renumbered=renumbered)
    out = tmp_path / "beda.xlsx"
    found = compare(old, later.paths["list"], today=TODAY, out=out)
    truth = truth_of(later.paths["truth"])
    assert (
        min(
            later.counts[fate]
            for fate in ("vanished", "came", "nik", "decile", "region_lived", "programme_bpnt")
        )
        > 10
    )
    told = found.counts
    rows_old = old.read_text(encoding="utf-8").count("\n") - 1
    assert (told["rows_old"], told["rows_new"], told["rejected"]) == (rows_old, later.counts["rows"], 0)
    for count in ("vanished", "came", "families_vanished", "families_came"):
        assert told[count] == later.counts[count]
    assert told["same"] == rows_old - told["vanished"] == later.counts["rows"] - told["came"]
    assert found.changed == {
        name: later.counts[name] for name in ("nik", "decile", "region_lived", "programme_bpnt")
    }
    assert told["changed"] == len(set().union(*(truth[name] for name in found.changed)))
    assert found.programmes["programme_bpnt"]["lost"] == later.counts["bpnt_lost"]
    # Nobody asked a register, so nothing is explained but what the lists say themselves.
    said = found.why["vanished"]
    assert set(said) - {"unexplained"} <= ({"doubled"} if rates != NO_ERRORS else set())
    villages = found.villages.values()
    assert sum(one["unexplained_vanished"] for one in villages) == said["unexplained"]
    assert said.total() == told["vanished"]
    assert sum(one["families_vanished"] for one in villages) == told["families_vanished"]
    # The workbook has everybody, with the filter on.
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Ringkasan", "Hilang", "Baru", "Berubah", "Per desa"]
    assert book["Hilang"].max_row - 1 == told["vanished"]
    assert book["Berubah"].max_row - 1 == sum(found.changed.values())
    assert book["Hilang"].auto_filter.ref == f"A1:L{told['vanished'] + 1}"
    if rates == NO_ERRORS:
        niks = [cell.value for cell in book["Hilang"]["E"][1:]]
        assert all(isinstance(nik, str) and len(nik) == 16 for nik in niks)
        assert len(set(niks)) == told["vanished"]


def test_with_the_errors_of_the_field_nobody_is_lost_twice(tmp_path: Path) -> None:
    """Missing, doubled and wrong numbers, and a body that numbers everybody anew: some more look new, nothing is lost."""
    old, later = written(tmp_path, rates=Rates(), renumbered=True)
    found = compare(old, later.paths["list"], today=TODAY)
    told, truth = found.counts, later.counts
    assert told["rows_old"] == told["same"] + told["vanished"]
    assert told["rows_new"] == told["same"] + told["came"]
    # A row whose name or birth date was written otherwise, and that has no NIK, is found in neither.
    missed = (told["came"] - truth["came"]) / told["rows_old"]
    assert 0 <= missed < 0.02
    assert told["vanished"] - truth["vanished"] == told["came"] - truth["came"]
    assert set(found.why["vanished"]) <= {"unexplained", "doubled"}


def test_the_lists_are_compared_the_other_way_round_with_the_opposite_result(tmp_path: Path) -> None:
    old, later = written(tmp_path, rates=NO_ERRORS, renumbered=False)
    one = compare(old, later.paths["list"], today=TODAY)
    other = compare(later.paths["list"], old, today=TODAY)
    for name, opposite in (
        ("vanished", "came"),
        ("came", "vanished"),
        ("same", "same"),
        ("changed", "changed"),
    ):
        assert one.counts[name] == other.counts[opposite]
    assert compare(old, old, today=TODAY).counts["changed"] == 0


def cells(**others: str) -> list[str]:
    return list({**dict(zip(P3KE_HEADERS, P3KE_ROW, strict=True)), **others}.values())


def test_a_number_alone_does_not_make_two_people_one(tmp_path: Path) -> None:
    other = cells(Nama="BUDI SANTOSO", TanggalLahir="1/1/1970", IDIndividu="77", IDKeluargaP3KE="9")
    old = write_delimited(tmp_path / "a.csv", [P3KE_HEADERS, P3KE_ROW])
    new = write_delimited(tmp_path / "b.csv", [P3KE_HEADERS, other])
    found = compare(old, new, today=TODAY)
    assert (found.counts["vanished"], found.counts["came"], found.counts["same"]) == (1, 1, 0)


def test_of_two_rows_of_one_person_one_may_go(tmp_path: Path) -> None:
    old = write_delimited(tmp_path / "a.csv", [P3KE_HEADERS, P3KE_ROW, cells(IDIndividu="77")])
    new = write_delimited(tmp_path / "b.csv", [P3KE_HEADERS, P3KE_ROW])
    found = compare(old, new, today=TODAY)
    assert found.why["vanished"] == {"doubled": 1}
    assert found.villages["3508012001"]["unexplained_vanished"] == 0


def test_any_table_is_compared_by_a_mapping_and_two_layouts_with_each_other(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('name = "desa"\n[columns]\nWarga = "name"\nKTP = "nik"\nDesil = "decile"\n', "utf-8")
    rows = [
        ["Warga", "KTP", "Desil"],
        ["Siti Rahayu", "9908014507880003", "1"],
        ["Tumi", "9908014101600004", "2"],
    ]
    old = write_delimited(tmp_path / "a.csv", rows)
    new = write_delimited(tmp_path / "b.csv", [rows[0], ["SITI RAHAYU", "9908.0145.0788.0003", "3"]])
    found = compare(old, new, mapping=read_mapping(mapping), today=TODAY)
    assert (found.counts["vanished"], found.changed) == (1, Counter(decile=1))
    p3ke = write_delimited(tmp_path / "p.csv", [P3KE_HEADERS, P3KE_ROW])
    dtsen = write_delimited(
        tmp_path / "d.csv",
        [["nik", "nama", "status_dtsen"], ["9908014507880003", "SITI RAHAYU", "DTSEN AKTIF"]],
    )
    assert compare(p3ke, dtsen, today=TODAY).counts["same"] == 1


def test_what_cannot_be_read_or_written_says_so(tmp_path: Path) -> None:
    old = write_delimited(tmp_path / "a.csv", [P3KE_HEADERS, P3KE_ROW])
    broken = tmp_path / "b.csv"
    broken.write_bytes(b"%PDF-1.7")
    with pytest.raises(FileRefused) as caught:
        compare(old, broken, today=TODAY)
    assert [one.rule for one in caught.value.refusals] == ["file-wrong-kind"]
    with pytest.raises(FileRefused) as caught:
        compare(old, old, today=TODAY, out=tmp_path / "tidak" / "ada.xlsx")
    assert caught.value.refusals == (Refusal.of("file-not-writable", name="ada.xlsx"),)


# --- explanations ---

ROW = Listed(
    2, "9908014507880003", "42", "source:17", "", "SITI RAHAYU", "1988-07-05", "3508012001", 1, "", {}
)
REQUEST = AppliedRequest("leaving", "35-A1", date(2026, 10, 1))
NEW_PERSON = AppliedRequest("new_person", "35-B2", date(2026, 10, 2))


def known(
    *,
    merged: bool = False,
    requests: Sequence[AppliedRequest] = (),
    region: str = "3508012001",
    **values: object,
) -> KnownPerson:
    return KnownPerson(7, region, {"nik": ROW.nik, **values}, merged, tuple(requests))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("person", "event", "detail"),
    [
        (None, None, ""),
        (known(), None, ""),
        (known(died_on="2026-05-01"), "died", "2026-05-01"),
        (known(presence="2"), "died", ""),
        (known(presence="3"), "moved", ""),
        (known(presence="6"), "not_found", ""),
        (known(region="3508012002"), "moved", "3508012002"),
        (known(nik="9908014507880009"), "nik_corrected", ""),
        (known(merged=True), "merged", ""),
        (known(registration="ended", registration_reason="leaving"), "registration_ended", "leaving"),
        (known(eligibility="not_eligible", eligibility_reason="asn"), "not_eligible", "asn"),
        (known(requests=[REQUEST]), "request_applied", "35-A1 leaving 2026-10-01"),
        (known(requests=[NEW_PERSON]), None, ""),
    ],
)  # fmt: skip
def test_why_somebody_vanished(person: KnownPerson | None, event: str | None, detail: str) -> None:
    expected = None if event is None else Explanation(event, detail)
    assert list_changes.explain_vanished(ROW, person, doubled=False) == expected
    assert list_changes.explain_vanished(ROW, person, doubled=True) == Explanation("doubled")


def test_the_old_list_itself_may_say_why() -> None:
    for status, event in (("active_reported_dead", "reported_dead"), ("inactive", "inactive")):
        row = replace(ROW, status=status)
        assert list_changes.explain_vanished(row, None, doubled=False) == Explanation(event)


def test_why_somebody_came() -> None:
    assert list_changes.explain_came(ROW, None) is None
    assert list_changes.explain_came(ROW, known(requests=[REQUEST])) is None
    assert list_changes.explain_came(ROW, known(nik="9908014507880009")) == Explanation("nik_corrected")
    told = list_changes.explain_came(ROW, known(requests=[REQUEST, NEW_PERSON]))
    assert told == Explanation("request_applied", "35-B2 new_person 2026-10-02")


def test_why_something_changed() -> None:
    moved = replace(ROW, region="3508012002", nik="9908014507880009", programmes={"programme_bpnt": "2"})
    before = replace(ROW, programmes={"programme_bpnt": "1"})
    found = list_changes.differences(before, moved)
    assert {one.attribute for one in found} == {"nik", "region_lived", "programme_bpnt"}

    def why(person: KnownPerson | None) -> Explanation | None:
        return list_changes.explain_changed(moved, found, person)

    assert why(None) is None
    assert why(known()) is None
    assert why(known(nik=moved.nik)) == Explanation("nik_corrected")
    assert why(known(region="3508012002")) == Explanation("moved", "3508012002")
    assert why(known(eligibility="not_eligible", eligibility_reason="asn")) == Explanation(
        "not_eligible", "asn"
    )
    assert why(known(requests=[NEW_PERSON])) is None
    assert why(known(requests=[REQUEST])) == Explanation("request_applied", "35-A1 leaving 2026-10-01")


def test_where_a_list_says_nothing_nothing_changed() -> None:
    silent = replace(ROW, decile=None, nik="", region="")
    assert list_changes.differences(ROW, silent) == ()
    # But a NIK that was missing has come.
    assert [one.attribute for one in list_changes.differences(silent, ROW)] == ["nik"]
