"""A decree taken in by command: roles, tasks and places follow, Dinsos assigns what is left, and figures name the boundaries."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mutakhir import wiring
from mutakhir.cli import regions as command
from mutakhir.core.actors import Role
from mutakhir.core.refusals import Refused
from mutakhir.core.regions import Region
from mutakhir.node import program as program_module
from mutakhir.queries.places import place, search_places
from mutakhir.store.models import DwellingNow, FamilyNow, RegionChangeNow, RegionRow, RoleHeld, Task
from mutakhir.store.rebuild import rebuild
from mutakhir.wiring import regions, timekeeping
from tests.builders import CAST, NEARBY, NEW, VILLAGE, Walker
from tests.web.pages import account_of, desk_of, walk
from tests.web.test_work import go

__all__ = ["walk"]
pytestmark = pytest.mark.django_db
MINE = "Perlu Anda kerjakan"
DECREE = 'decree = "Perda 4/2026"\nday = 2026-11-24\n\n[names]\n3508152099 = "Jenggrong Baru"\n\n'
SPLIT = f"""{DECREE}[[change]]
from = "35.08.15.2001"
to = [
  {{ code = "3508152001", rest = true }},
  {{ code = "3508152099", areas = ["RW 02"] }},
]
"""
MERGED = f'{DECREE}[[change]]\nfrom = "3508152001"\nto = "3508152002"\n'
RENAMED = f'{DECREE}[[change]]\nfrom = "3508152001"\nto = "3508152099"\n'
DIVIDED = f"""{DECREE}[[change]]
from = "3508152001"
to = [{{ code = "3508152002", areas = ["RW 01"] }}, {{ code = "3508152099", areas = ["RW 02"] }}]
"""


def take_in(text: str, folder: Path, *, login: str | None = None) -> dict[str, Any]:
    """What `mutakhir regions change FILE --json` says."""
    file, said = folder / "perda.toml", list[str]()
    file.write_text(text)
    with pytest.MonkeyPatch.context() as patched:
        # The server and the tables are there already; the rest of the command is the command's own.
        patched.setattr(program_module, "program", contextlib.nullcontext)
        patched.setattr(command.typer, "echo", said.append)
        command.change_regions(file, as_json=True, as_login=login)
    found: dict[str, Any] = json.loads(said[0])
    return found


def held_by(who: str) -> list[tuple[str, bool]]:
    rows = RoleHeld.objects.filter(account=account_of(CAST[who])).order_by("id")
    return [(row.region, row.until_day is None) for row in rows]


def task(walk: Walker, subject: int | None) -> Task:
    return Task.objects.create(
        region=VILLAGE, rule="absent-from-full-list", subject=subject, owner=Role.VILLAGE_OPERATOR.value,
        since=walk.now, due=walk.today(), source=1,
    )  # fmt: skip


def test_a_new_code_takes_everything_along(walk: Walker, tmp_path: Path) -> None:
    go(walk, "deliberated")
    operator = desk_of("operator")
    about_nobody, about_family = task(walk, None), task(walk, walk.house.family)
    done = take_in(RENAMED, tmp_path)
    assert done["moved"] == {"family": 1, "dwelling": 1, "person": 2, "request": 1}
    assert (done["left"], done["underway"]) == (0, 0)
    assert held_by("operator") == [(VILLAGE, False), (NEW, True)]
    assert operator.open(f"/p/{walk.number}").status == 200, "who records goes on, without signing in anew"
    assert "Jenggrong Baru" in operator.open("/").text
    assert {Task.objects.get(pk=one.pk).region for one in (about_nobody, about_family)} == {NEW}
    assert RegionRow.objects.get(code=VILLAGE).valid_until == walk.today()
    assert not search_places("jenggrong", level="village")[1:], "the old code is offered no more"
    assert search_places("jenggrong", ended=True, level="village")[0].code in (VILLAGE, NEW)
    assert place(VILLAGE).village == "Desa Jenggrong", "what stood under it is still named"
    assert rebuild(open_register=wiring.open_register, report=lambda _: None, check=True).differences == ()


def test_a_batch_ends_under_the_old_code_and_its_people_hold_both_until_then(
    walk: Walker, tmp_path: Path
) -> None:
    go(walk, "packed")
    head = desk_of("village head")
    assert take_in(MERGED, tmp_path)["underway"] == 1
    assert held_by("village head") == [(VILLAGE, False), (NEARBY, True), (VILLAGE, True)]
    batch = walk.request.batch
    page = head.open(f"/cadangan/kumpulan/{batch}")
    head.send(f"/cadangan/kumpulan/{batch}", {"form_id": page.field("form_id")})
    assert walk.state == "handed_over"
    timekeeping.advance(walk.now)
    assert held_by("village head")[-1] == (VILLAGE, True), "the request is not through yet"
    walk.must("verify refused not_as_found", "verifier")
    timekeeping.advance(walk.now)
    assert held_by("village head") == [(VILLAGE, False), (NEARBY, True), (VILLAGE, False)]
    assert walk.request.region == VILLAGE


def test_what_was_not_handed_over_follows_its_family(walk: Walker, tmp_path: Path) -> None:
    go(walk, "packed")
    take_in(MERGED, tmp_path)
    walk.wait(13)
    timekeeping.advance(walk.now)
    assert (walk.state, walk.request.region, walk.request.fit) == ("deliberated", NEARBY, True)
    assert RegionChangeNow.objects.get().underway == 0


def test_a_list_that_still_names_the_old_code_moves_nobody_back_for_long(
    walk: Walker, tmp_path: Path
) -> None:
    family = walk.house.family
    take_in(MERGED, tmp_path)
    walk.wait(1)
    walk.must("state region_lived=3508152001 floor_material=7")
    assert FamilyNow.objects.get(pk=family).region == VILLAGE
    timekeeping.advance(walk.now)
    found = FamilyNow.objects.get(pk=family)
    assert (found.region, found.attributes["region_lived"]) == (NEARBY, NEARBY)
    assert DwellingNow.objects.get(pk=walk.house.dwelling).region == NEARBY
    assert rebuild(open_register=wiring.open_register, report=lambda _: None, check=True).differences == ()


def test_dinsos_assigns_what_the_decree_did_not(walk: Walker, tmp_path: Path) -> None:
    walk.must("state rw=").must("record", "operator")
    task(walk, walk.house.family)
    number = take_in(SPLIT, tmp_path, login=account_of(CAST["supervisor"]).login)["number"]
    desk = desk_of("supervisor")
    (row,) = [row for row in desk.open("/").rows(MINE) if "belum bisa ditempatkan" in row]
    assert "1 belum" in row
    page = desk.open(desk.open("/").link("Perda 4/2026"))
    assert "Desa Jenggrong Baru" in page.text
    assert "Slamet Riyadi" in page.text
    sent = {"form_id": str(uuid4()), "kind": "family", "number": str(walk.house.family)}
    wrong = desk.send(f"/wilayah/perubahan/{number}", sent)
    assert wrong.status == 422
    told = {**sent, "form_id": str(uuid4()), "to": NEW}
    assert desk_of("verifier").send(f"/wilayah/perubahan/{number}", told).status == 422
    assert "Semua sudah ditempatkan." in desk.send(f"/wilayah/perubahan/{number}", told).text
    assert walk.request.region == NEW
    assert Task.objects.get().region == NEW
    assert not [row for row in desk.open("/").rows(MINE) if "ditempatkan" in row]
    assert desk_of("operator elsewhere").open(f"/wilayah/perubahan/{number}").status == 404


def test_an_office_that_is_divided_is_assigned_person_by_person(walk: Walker, tmp_path: Path) -> None:
    desk_of("operator")
    number = take_in(DIVIDED, tmp_path)["number"]
    assert held_by("operator") == [(VILLAGE, True)], "nobody loses their desk by a decree"
    desk = desk_of("supervisor")
    page = desk.open(f"/wilayah/perubahan/{number}")
    assert "Tutik" in page.text
    (role,) = RoleHeld.objects.filter(region=VILLAGE)
    told = {"form_id": str(uuid4()), "kind": "role", "number": str(role.pk), "to": NEW}
    desk.send(f"/wilayah/perubahan/{number}", told)
    assert held_by("operator") == [(VILLAGE, False), (NEW, True)]


def test_what_is_left_too_long_goes_up_to_the_head_of_dinsos(walk: Walker, tmp_path: Path) -> None:
    walk.must("state rw=")
    take_in(SPLIT, tmp_path)
    assert not desk_of("head of Dinsos").open("/").rows(MINE)
    walk.wait(14)
    (row,) = [row for row in desk_of("head of Dinsos").open("/").rows(MINE) if "ditempatkan" in row]
    assert "Lewat" in row


def test_figures_say_by_which_boundaries_they_are_counted(walk: Walker, tmp_path: Path) -> None:
    go(walk, "packed")
    assert "Menurut batas wilayah" not in desk_of("supervisor").open("/cadangan").text
    take_in(MERGED, tmp_path)
    for address in ("/cadangan", "/kumpulan", "/angka?kab=3508"):
        text = desk_of("supervisor").open(address).text
        assert "Menurut batas wilayah sejak 24 November 2026 (Perda 4/2026)." in text, address
        assert "1 permintaan masih di kode lama." in text
    assert "Menurut batas" not in desk_of("supervisor elsewhere").open("/cadangan").text


def test_a_newer_list_of_the_ministry_changes_nothing_of_it(
    walk: Walker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(SPLIT, tmp_path)
    listed = [Region(code, f"Baru {code}", "village", code[:6]) for code in (VILLAGE, NEARBY)]
    monkeypatch.setattr(regions, "read_regions", lambda: iter(listed))
    assert regions.load_regions() == 2
    named = dict(RegionRow.objects.values_list("code", "name"))
    assert named == {VILLAGE: f"Baru {VILLAGE}", NEARBY: f"Baru {NEARBY}", NEW: "Jenggrong Baru"}


def test_a_kecamatan_with_a_new_code_takes_its_villages_along(walk: Walker, tmp_path: Path) -> None:
    walk.must("record", "operator")
    desk_of("camat")
    text = DECREE.replace('3508152099 = "Jenggrong Baru"', '350898 = "Ranuyoso Baru"')
    take_in(f'{text}[[change]]\nfrom = "35.08.15"\nto = "35.08.98"\n', tmp_path)
    assert walk.request.region == "3508982001"
    assert held_by("camat") == [("350815", False), ("350898", True)]
    assert place("3508982001").shown == "Desa Jenggrong · Ranuyoso Baru"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("decree = ", "decree-unreadable"),
        ("day = 2026-11-24", "decree-lacks"),
        (MERGED.replace("decree =", "dekret ="), "decree-word-unknown"),
        (MERGED.replace("day = 2026-11-24", "day = 2026-11-24T09:00:00"), "decree-lacks"),
        (MERGED.replace('from = "3508152001"', 'from = "desa"'), "decree-code"),
        (SPLIT.replace("RW 02", "kampung"), "decree-area"),
        (SPLIT.replace('areas = ["RW 02"]', "areas = 2"), "decree-lacks"),
        (MERGED.replace("2026-11-24", "2027-01-01"), "decree-not-yet-in-force"),
        (MERGED.replace("3508152001", "3508152077"), "region-unknown-code"),
        (RENAMED.replace("Jenggrong Baru", " "), "successor-without-name"),
        (MERGED + '[[change]]\nfrom = "3508152001"\nto = "3508152099"\n', "region-changed-twice"),
        (MERGED + '[[change]]\nfrom = "3508152002"\nto = "3508152099"\n', "successor-changes-too"),
        (MERGED + 'staff = "3508152099"\n', "staff-follow-nobody"),
    ],
)
def test_a_file_that_is_not_in_order_changes_nothing(
    walk: Walker, tmp_path: Path, text: str, rule: str
) -> None:
    walk.must("record", "operator")
    with pytest.raises(Refused) as refused:
        take_in(text, tmp_path)
    assert rule in {one.rule for one in refused.value.refusals}
    assert walk.request.region == VILLAGE
    assert not RegionChangeNow.objects.exists()


def test_only_dinsos_takes_in_a_decree(walk: Walker, tmp_path: Path) -> None:
    for who in ("operator", "verifier", "supervisor elsewhere"):
        with pytest.raises(Refused) as refused:
            take_in(MERGED, tmp_path, login=account_of(CAST[who]).login)
        assert "role-missing" in {one.rule for one in refused.value.refusals}


def test_the_same_decree_again_finds_the_old_code_ended(walk: Walker, tmp_path: Path) -> None:
    take_in(MERGED, tmp_path)
    walk.now += timedelta(days=1)
    with pytest.raises(Refused) as refused:
        take_in(MERGED, tmp_path)
    assert {one.rule for one in refused.value.refusals} == {"region-unknown-code"}
