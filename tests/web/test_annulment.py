"""What was applied in error is asked to be annulled by one person and decided by another; everybody sees what it does."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mutakhir.store.models import Reading, Task
from mutakhir.synth import pictures
from tests.builders import WAY, Walker
from tests.spec.route.test_wrong_death import told_dead
from tests.web.pages import Seen, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

MINE, OTHERS = "Perlu Anda kerjakan", "Menunggu pihak lain"
REASON = "Tertukar dengan tetangga yang namanya sama."


def applied(walk: Walker) -> Walker:
    for deeds in WAY.values():
        for words, who in deeds:
            walk.must(words, who)
    assert walk.state == "applied"
    return walk


def statement() -> SimpleUploadedFile:
    return SimpleUploadedFile("pernyataan.png", pictures.draw_paper("SURAT PERNYATAAN", 1), "image/png")


def form_of(page: Seen, **told: Any) -> dict[str, Any]:
    return {"form_id": page.field("form_id"), "seen": page.field("seen"), **told}


def ask(walk: Walker, who: str = "supervisor", **told: Any) -> Seen:
    desk, address = desk_of(who), f"/p/{walk.number}/batalkan"
    return desk.send(address, form_of(desk.open(address), reason=REASON, statement=statement(), **told))


def decide(address: str, verb: str, who: str = "head of Dinsos", note: str = "") -> Seen:
    desk = desk_of(who)
    return desk.send(address, form_of(desk.open(address), verb=verb, note=note))


def address_of(page: Seen) -> str:
    return str(page.response.request["PATH_INFO"])


def home(who: str, heading: str) -> list[str]:
    return [row for row in desk_of(who).open("/").rows(heading) if "dibatalkan" in row]


def test_one_asks_and_another_decides_and_everybody_sees_it(walk: Walker) -> None:
    applied(walk)
    supervisor = desk_of("supervisor")
    page = supervisor.open(f"/p/{walk.number}")
    form = supervisor.open(page.link("Batalkan penerapan"))
    assert form.title == "Batalkan penerapan"
    assert "Setelah dibatalkan" in form.text
    assert form.text.count("Tanah") >= 1
    asked = ask(walk)
    assert asked.title == "Pembatalan: Slamet Riyadi"
    assert REASON in asked.text
    assert "Menunggu keputusan" in asked.text

    (row,) = home("head of Dinsos", MINE)
    for word in ("yang bertindak Anda", "sejak", "batas"):
        assert word in row
    for who in ("supervisor", "operator", "verifier"):
        (row,) = home(who, OTHERS)
        assert "yang bertindak Kepala Dinas Sosial" in row
        assert not home(who, MINE)
    assert not home("supervisor elsewhere", OTHERS)
    assert "Diminta dibatalkan" in desk_of("operator").open(f"/p/{walk.number}").text

    done = decide(address_of(asked), "approve")
    assert "Perubahan dibatalkan. Nilai sebelumnya berlaku lagi." in done.text
    assert "Disetujui, sudah dibatalkan" in done.text
    assert walk.state == "annulled"
    assert walk.value("floor_material") == "6"
    assert "Penerapannya dibatalkan" in desk_of("operator").open(f"/p/{walk.number}").text
    assert not home("head of Dinsos", MINE)


def test_the_work_that_arises_stands_with_its_owner(walk: Walker) -> None:
    asked = ask(applied(walk))
    decide(address_of(asked), "approve")
    (task,) = Task.objects.filter(rule="annulled-request")
    (row,) = desk_of("operator").open("/").rows(MINE)
    assert "Beri tahu keluarganya" in row
    assert f"/tugas/{task.pk}" in desk_of("head of Dinsos").open(address_of(asked)).html
    page = desk_of("operator").open(f"/tugas/{task.pk}")
    assert "Slamet Riyadi" in page.text
    assert f"/p/{walk.number}" in [address for address, _ in page.reader.links]


def test_what_is_missing_is_said_and_what_was_given_stays(walk: Walker) -> None:
    applied(walk)
    desk, address = desk_of("supervisor"), f"/p/{walk.number}/batalkan"
    without = desk.send(address, form_of(desk.open(address), reason="", statement=statement()))
    assert without.status == 422
    assert "Sudah ada: pernyataan.png" in without.text
    kept = without.field("statement_kept")
    assert len(kept) == 64
    sent = desk.send(address, form_of(without, reason=REASON, statement_kept=kept))
    assert sent.title == "Pembatalan: Slamet Riyadi"
    assert desk.open(f"{address_of(sent)}/berkas").response["Content-Type"] == "image/png"

    other = desk_of("supervisor")
    alone = other.send(address, form_of(other.open(address), reason=REASON, statement_kept=kept))
    assert alone.status == 422, "what another browser has sent is not found by its digest"


def test_a_paper_that_is_none_is_refused_in_words(walk: Walker) -> None:
    applied(walk)
    desk, address = desk_of("supervisor"), f"/p/{walk.number}/batalkan"
    disguised = SimpleUploadedFile("surat.pdf", b"<script>alert(1)</script>", "application/pdf")
    page = desk.send(address, form_of(desk.open(address), reason=REASON, statement=disguised))
    assert page.status == 422
    assert page.field("reason") == REASON
    assert walk.state == "applied"


@pytest.mark.parametrize("who", ["operator", "village head", "verifier", "head of Dinsos", "auditor"])
def test_only_the_supervisor_may_ask(walk: Walker, who: str) -> None:
    applied(walk)
    desk = desk_of(who)
    assert "Batalkan penerapan" not in desk.open(f"/p/{walk.number}").text
    page = desk.open(f"/p/{walk.number}/batalkan")
    assert 'disabled aria-describedby="ajukan-pembatalan-reason"' in page.html
    sent = ask(walk, who)
    assert sent.status == 422
    assert walk.state == "applied"


def test_only_the_head_decides_and_a_no_says_why(walk: Walker) -> None:
    address = address_of(ask(applied(walk)))
    for who in ("operator", "supervisor", "verifier", "auditor"):
        assert "Setujui, batalkan sekarang" not in desk_of(who).open(address).text
        sent = desk_of(who).send(address, {"form_id": str(uuid4()), "seen": "1", "verb": "approve"})
        assert sent.status == 422
    assert decide(address, "refuse").status == 422
    no = decide(address, "refuse", note="Lantainya memang tanah.")
    assert "Pembatalan tidak disetujui. Register tidak berubah." in no.text
    assert "Lantainya memang tanah." in desk_of("supervisor").open(address).text
    assert walk.state == "applied"
    assert walk.value("floor_material") == "8"


def test_whoever_asked_takes_it_back(walk: Walker) -> None:
    address = address_of(ask(applied(walk)))
    back = decide(address, "take_back", "supervisor")
    assert "Register tidak berubah." in back.text
    late = desk_of("head of Dinsos").send(address, {"form_id": str(uuid4()), "seen": "2", "verb": "approve"})
    assert late.status == 422
    assert "sudah diputus" in late.text
    assert walk.state == "applied"


def test_whoever_is_too_late_is_told(walk: Walker) -> None:
    address = address_of(ask(applied(walk)))
    desk = desk_of("head of Dinsos")
    older = desk.open(address)
    decide(address, "take_back", "supervisor")
    late = desk.send(address, form_of(older, verb="approve", note=""))
    assert late.status == 422
    assert "Data ini baru diubah" in late.text
    assert walk.state == "applied"


def test_the_same_form_twice_asks_once(walk: Walker) -> None:
    applied(walk)
    desk, address = desk_of("supervisor"), f"/p/{walk.number}/batalkan"
    told = form_of(desk.open(address), reason=REASON)
    first = desk.send(address, {**told, "statement": statement()})
    again = desk.send(address, {**told, "statement": statement()})
    assert address_of(first) == address_of(again)


def test_outside_the_scope_nothing_is_there(walk: Walker) -> None:
    address = address_of(ask(applied(walk)))
    for who in ("operator elsewhere", "supervisor elsewhere", "verifier elsewhere"):
        for one in (address, f"{address}/berkas", f"/p/{walk.number}/batalkan"):
            assert desk_of(who).open(one).status == 404
        assert "Slamet" not in desk_of(who).open("/pembatalan").html
    assert desk_of("supervisor").open("/pembatalan/99999999999999999999").status == 404


def test_the_list_shows_those_that_wait_first(walk: Walker) -> None:
    address = address_of(ask(applied(walk)))
    page = desk_of("head of Dinsos").open(desk_of("head of Dinsos").open("/lainnya").link("Pembatalan"))
    assert "Slamet Riyadi" in page.text
    assert address in page.html
    walk.wait(7)
    assert re.search(r"Lewat \d+ hari", desk_of("head of Dinsos").open("/pembatalan").text)
    assert re.search(r"Lewat \d+ hari", home("head of Dinsos", MINE)[0])


def test_where_nobody_may_decide_it_goes_up_a_level(walk: Walker) -> None:
    ask(applied(walk))
    page = desk_of("centre").open("/")
    assert "Slamet" not in page.html, "who works for the nation has no need of names"
    (row,) = [one for one in page.rows(OTHERS) if "pembatalan" in one]
    assert "1 pembatalan menunggu keputusan." in row
    vacant = page.rows("Naik ke Anda, belum ada petugasnya")
    assert [one for one in vacant if "Kepala Dinas Sosial" in one]
    desk_of("head of Dinsos").open("/")
    again = desk_of("centre").open("/").rows("Naik ke Anda, belum ada petugasnya")
    assert not [one for one in again if "Kepala Dinas Sosial" in one]


def test_reading_it_is_logged(walk: Walker) -> None:
    address = address_of(ask(applied(walk)))
    before = Reading.objects.count()
    desk_of("auditor").open(address)
    (line,) = Reading.objects.order_by("id")[before:]
    assert (line.actor, line.purpose, line.subjects) == ("bpk", "annulment", [walk.house.family])


def test_a_death_flag_that_was_wrong(walk: Walker) -> None:
    """The two relatives' reports of the rulebook, with what each sees on the pages."""
    told_dead(walk)
    walk.wait(70)
    form = desk_of("supervisor").open(f"/p/{walk.number}/batalkan")
    assert "Selesai karena register sudah sesuai; akan menunggu lagi." in form.text, (
        "what rests on it is listed"
    )
    asked = ask(walk)
    assert "Meninggal" in asked.text, "the values are shown in words"
    done = decide(address_of(asked), "approve")
    assert "Permintaan yang menunggu lagi" in done.text
    person = desk_of("operator").open(f"/o/{walk.house.wife}")
    assert "Terdaftar" in person.text
    assert (
        "dibatalkan, yang sebelumnya berlaku lagi"
        in desk_of("operator").open(f"/o/{walk.house.wife}?bagian=riwayat").text
    )
    walk.name = "A2"
    assert walk.state == "reserved"
    assert (
        "Menunggu lagi; yang membuatnya selesai ternyata keliru"
        in desk_of("operator").open(f"/p/{walk.number}").text
    )
