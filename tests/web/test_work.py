"""The home page: everybody sees what is their turn, and beside what waits for others who must act, since and until when."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from mutakhir.core.actors import Role
from mutakhir.store.models import Task
from tests.builders import CAST, VILLAGE, WAY, Walker, known_house
from tests.web.pages import Desk, Seen, account_of, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

MINE, OTHERS, FINISHED = "Perlu Anda kerjakan", "Menunggu pihak lain", "Baru selesai"
STAFF = (
    "operator", "village head", "data filler", "camat", "verifier", "supervisor", "head of Dinsos", "bupati's office",
    "centre",
)  # fmt: skip
WIDE_HIDES = {"draft"}
"""What the centre does not see: single persons before their village has put them forward."""
TURNS = {
    "draft": ({"operator"}, "draf belum disimpan ke cadangan"),
    "reserved": ({"operator", "village head"}, "1 permintaan perlu diputus musyawarah"),
    "deliberated": (set(), "1 permintaan siap, menunggu masa pemutakhiran"),
    "packed": ({"village head"}, "Serahkan ke Dinas Sosial"),
    "handed_over": ({"verifier"}, "1 permintaan perlu diperiksa"),
    "verified": ({"supervisor"}, "1 permintaan terverifikasi"),
    "finalised": ({"bupati's office"}, "menunggu surat pengesahan"),
    "endorsed": ({"supervisor"}, "Kirim ke pusat"),
    "sent": ({"centre"}, "menunggu penetapan pusat"),
}
"""Whose turn it is in each state of the straight way, and the words on the row."""


def go(walk: Walker, state: str) -> Walker:
    for reached, deeds in WAY.items():
        for words, who in deeds:
            walk.must(words, who)
        if reached == state:
            break
    assert walk.state == state
    return walk


def home(who: str) -> Seen:
    page = desk_of(who).open("/")
    assert page.status == 200
    assert page.title == "Pekerjaan Anda"
    return page


def has_four_answers(row: str) -> bool:
    """What for stands in the sentence; then who, since and until."""
    return "yang bertindak" in row and "(belum ditentukan)" not in row and "sejak" in row and "batas" in row


@pytest.mark.parametrize("state", TURNS)
def test_it_is_the_turn_of_who_must_act(walk: Walker, state: str) -> None:
    go(walk, state)
    whose, words = TURNS[state]
    for who in STAFF:
        page = home(who)
        own = [row for row in page.rows(MINE) if words in row]
        assert bool(own) == (who in whose), (who, page.rows(MINE))
        waiting = [row for row in page.rows(OTHERS) if words in row]
        seen = who not in whose and not (who == "centre" and state in WIDE_HIDES)
        assert bool(waiting) == seen, (who, page.rows(OTHERS))
        if who == "centre":
            assert "Slamet" not in page.html, "who works for the nation has no need of names"
        for row in own + waiting:
            assert has_four_answers(row), row


@pytest.mark.parametrize("state", TURNS)
def test_the_badge_counts_the_rows(walk: Walker, state: str) -> None:
    go(walk, state)
    for who in STAFF:
        page = home(who)
        badge = [words for address, words in page.reader.links if address == "/" and "Pekerjaan" in words]
        counted = next((int(word) for words in badge for word in words.split() if word.isdecimal()), 0)
        assert counted == len(page.rows(MINE)), (who, badge, page.rows(MINE))


def test_what_is_finished_leaves_both_lists(walk: Walker) -> None:
    go(walk, "applied")
    for who in STAFF:
        page = home(who)
        assert not page.rows(MINE)
        assert not page.rows(OTHERS)
        if who != "centre":
            assert "Berlaku di register" in page.rows(FINISHED)[0]
        assert "Tidak ada yang menunggu Anda." in page.text


def test_a_refusal_of_the_centre_is_called_so(walk: Walker) -> None:
    go(walk, "sent").must("determine no", "supervisor")
    assert "Tidak disetujui pusat" in home("operator").rows(FINISHED)[0]


def test_incomplete_requests_say_what_they_lack(walk: Walker) -> None:
    walk.must("record", "operator").must("reserve", "operator")
    (row,) = home("operator").rows(MINE)
    assert "masih kurang" in row
    assert has_four_answers(row), "its last day is the cut-off of the next window, or the customary one"
    assert "4 Jan" in row or "Jan" in row


def test_a_returned_request_comes_back_to_the_village(walk: Walker) -> None:
    go(walk, "handed_over").must("verify returned 1", "verifier")
    (row,) = home("operator").rows(MINE)
    assert "dikembalikan" in row.lower()
    assert has_four_answers(row)


def test_the_open_window_is_who_packs(walk: Walker) -> None:
    go(walk, "deliberated")
    (row,) = home("operator").rows(OTHERS)
    assert "Menunggu Pusat" in row, "no window is set: the centre opens one"
    walk.must("open a window", "supervisor")
    (row,) = home("operator").rows(OTHERS)
    assert "Menunggu Sistem" in row


def test_what_is_late_is_marked_and_names_who_was_told(walk: Walker) -> None:
    go(walk, "handed_over").wait(21)
    (row,) = home("verifier").rows(MINE)
    assert re.search(r"Lewat \d+ hari", row)
    assert "Supervisor kabupaten sudah diberi tahu." in row
    (row,) = home("supervisor").rows(OTHERS)
    assert "Lewat" in row
    assert "Pemeriksa Dinsos" in row


def test_other_regions_see_nothing(walk: Walker) -> None:
    go(walk, "handed_over")
    for who in ("operator elsewhere", "verifier elsewhere", "supervisor elsewhere"):
        page = home(who)
        assert not page.rows(MINE) + page.rows(OTHERS) + page.rows(FINISHED)
        assert "Slamet" not in page.html


def test_a_resident_who_wants_to_cancel_is_a_turn_of_the_village(walk: Walker) -> None:
    go(walk, "deliberated").must("ask to cancel", "resident")
    page = home("operator")
    (row,) = page.rows(MINE)
    assert "Pemohon minta dibatalkan" in row
    assert has_four_answers(row)
    walk.must("withdraw", "operator")
    assert not home("operator").rows(MINE)


def test_a_person_with_two_roles_sees_both_turns(walk: Walker) -> None:
    go(walk, "draft")
    walk.name = "B"
    go(walk, "handed_over")
    rows = home("operator who verifies").rows(MINE)
    assert len(rows) == 2


def test_a_village_of_many_shows_the_most_urgent(walk: Walker) -> None:
    for number in range(23):
        walk.name = chr(ord("A") + number)
        walk.must("record", "operator")
    page = home("operator")
    assert len(page.rows(MINE)) == 20
    assert "(23)" in next(text for _tag, text in page.reader.headings if text.startswith(MINE))


def test_a_meeting_without_rows_opens_everywhere(walk: Walker) -> None:
    known_house(walk.ground, now=walk.now)
    refused = walk.do("call a meeting", "operator")
    page = home("operator")
    assert bool(page.rows(MINE)) == (not refused)
    sessions = desk_of("operator").open("/musyawarah")
    assert sessions.status == 200
    if walk.session:
        assert desk_of("operator").open(f"/musyawarah/{walk.session}").status == 200


def test_an_administrator_begins_with_accounts(walk: Walker) -> None:
    from mutakhir.core.actors import Actor, Held

    desk = Desk()
    desk.client.force_login(account_of(Actor("budi", "Budi", (Held(Role.ADMINISTRATOR, "3508"),))))
    assert desk.open("/").response.headers["Location"] == "/akun"


def test_the_page_needs_an_account() -> None:
    page = Desk().open("/")
    assert page.status == 302
    assert page.response.headers["Location"].startswith("/masuk?next=")


# --- nobody there ---------------------------------------------------------------------------------------------------

VACANT = "Naik ke Anda, belum ada petugasnya"


def employ(*names: str) -> None:
    for name in names:
        account_of(CAST[name])


def test_where_nobody_holds_the_role_the_next_above_is_told(walk: Walker) -> None:
    employ("operator", "village head", "supervisor", "head of Dinsos")
    go(walk, "handed_over")
    (row,) = home("supervisor").rows(VACANT)
    assert "1 permintaan menunggu Pemeriksa Dinsos, dan belum ada yang memegang peran itu" in row
    assert has_four_answers(row)
    assert not home("head of Dinsos").rows(VACANT), "the nearest above who is there, and nobody else"
    employ("verifier")
    assert not home("supervisor").rows(VACANT)


def test_it_goes_up_until_somebody_is_there(walk: Walker) -> None:
    employ("supervisor", "verifier", "operator elsewhere")
    go(walk, "draft")
    (row,) = home("supervisor").rows(VACANT)
    assert "menunggu Operator desa" in row
    assert "Desa Jenggrong" in row
    assert not home("verifier").rows(VACANT)
    assert home("village head").rows(VACANT), "the village head has come"
    assert not home("supervisor").rows(VACANT)
    employ("operator")
    assert not home("village head").rows(VACANT)


def test_an_account_that_ended_is_nobody(walk: Walker) -> None:
    employ("operator", "village head", "verifier", "supervisor")
    go(walk, "handed_over")
    assert not home("supervisor").rows(VACANT)
    account = account_of(CAST["verifier"])
    account.is_active = False
    account.save()
    assert home("supervisor").rows(VACANT)


# --- tasks ----------------------------------------------------------------------------------------------------------


def task(walk: Walker, region: str = VILLAGE) -> Task:
    return Task.objects.create(
        region=region,
        rule="absent-from-full-list",
        subject=None,
        particulars={"name": "Bu Ponirah", "file": "daftar.csv"},
        owner=Role.VILLAGE_OPERATOR.value,
        since=walk.now,
        due=walk.today(),
    )


def test_a_task_closes_with_words(walk: Walker) -> None:
    one = task(walk)
    desk = desk_of("operator")
    (row,) = desk.open("/").rows(MINE)
    assert "Bu Ponirah" in row
    assert has_four_answers(row)
    page = desk.open(f"/tugas/{one.pk}")
    assert page.title
    form = {"form_id": page.field("form_id"), "note": " "}
    refused = desk.send(f"/tugas/{one.pk}", form)
    assert refused.status == 422
    assert refused.title == page.title
    form["note"] = "Sudah pindah ke rumah anaknya."
    assert desk.send(f"/tugas/{one.pk}", form, follow=False).status == 302
    one.refresh_from_db()
    assert (one.closed_by, one.closing_note) == ("tutik", "Sudah pindah ke rumah anaknya.")
    assert desk.send(f"/tugas/{one.pk}", form, follow=False).status == 302, (
        "the same form again does nothing more"
    )
    assert not desk.open("/").rows(MINE)
    assert "Sudah pindah ke rumah anaknya." in desk.open(f"/tugas/{one.pk}").text


def test_somebody_else_was_faster_with_a_task(walk: Walker) -> None:
    one = task(walk)
    desk_of("other operator").send(
        f"/tugas/{one.pk}", {"form_id": str(uuid4()), "note": "Sudah saya tanyakan."}
    )
    late = desk_of("operator").send(f"/tugas/{one.pk}", {"form_id": str(uuid4()), "note": "Saya cek dulu."})
    assert late.status == 422
    assert "wawan" in late.text.lower()
    one.refresh_from_db()
    assert one.closing_note == "Sudah saya tanyakan."


def test_a_task_belongs_to_its_role_and_region(walk: Walker) -> None:
    one = task(walk)
    assert desk_of("operator elsewhere").open(f"/tugas/{one.pk}").status == 404
    assert desk_of("operator").open("/tugas/999999").status == 404
    page = desk_of("supervisor").open(f"/tugas/{one.pk}")
    assert page.status == 200
    (button,) = [one for one in page.reader.buttons if "Tandai selesai" in one.get("text", "")]
    assert "disabled" in button, "it stays visible, with its reason"
    assert f'id="{button["aria-describedby"]}"' in page.html
    refused = desk_of("supervisor").send(f"/tugas/{one.pk}", {"form_id": str(uuid4()), "note": "Selesai."})
    assert refused.status == 422
    one.refresh_from_db()
    assert one.closed_at is None


# --- more -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", STAFF)
def test_every_link_of_the_frame_opens(walk: Walker, who: str) -> None:
    go(walk, "reserved")
    desk = desk_of(who)
    page = desk.open("/lainnya")
    for address, _words in {*page.reader.links, *desk.open("/").reader.links}:
        if address.startswith("/") and not address.startswith("/static"):
            assert desk.follow(address).status == 200, (who, address)
