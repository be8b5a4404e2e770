"""Erasing is asked by one person on a legal basis and decided by another; the pages say what it reaches and what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mutakhir import wiring
from mutakhir.core.flows.erasure import Kind
from mutakhir.core.refusals import Refused
from mutakhir.store.models import Reading
from mutakhir.wiring.erasures import carry_out
from mutakhir.wiring.terminal import TERMINAL
from tests.builders import TO_APPLIED, Walker
from tests.web.pages import Seen, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db
LETTER = "460/12, 3 Februari 2027"


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> Any:
    """Papers in a folder of their own."""
    settings.DATA = tmp_path
    wiring.blobs.cache_clear()
    yield
    wiring.blobs.cache_clear()


@pytest.fixture
def left(walk: Walker) -> Walker:
    """A woman who is not eligible any more."""
    for deed, who in (("record not_eligible reason=8", "operator"), *TO_APPLIED[1:]):
        walk.must(deed, who)
    return walk


def form_of(page: Seen, **told: Any) -> dict[str, Any]:
    return {"form_id": page.field("form_id"), **told}


def ask(walk: Walker, who: str = "supervisor", basis: str = "erase:asked", number: str = LETTER) -> Seen:
    desk, address = desk_of(who), f"/o/{walk.house.wife}/hapus"
    return desk.send(address, form_of(desk.open(address), basis=basis, number=number))


def decide(address: str, verb: str, who: str = "head of Dinsos", note: str = "") -> Seen:
    desk = desk_of(who)
    page = desk.open(address)
    return desk.send(address, form_of(page, seen=page.field("seen"), verb=verb, note=note))


def address_of(page: Seen) -> str:
    return str(page.response.request["PATH_INFO"])


def carried(page: Seen, kind: Kind = Kind.ERASE) -> None:
    carry_out(int(address_of(page).rpartition("/")[2]), kind, actor=TERMINAL, now=wiring.clock())


def test_one_asks_another_decides_and_the_terminal_carries_it_out(left: Walker) -> None:
    supervisor = desk_of("supervisor")
    person = supervisor.open(f"/o/{left.house.wife}")
    form = supervisor.open(person.link("Hapus atau kunci data orang"))
    assert "UU 27/2022" in form.text
    assert "Isinya dan buktinya ikut." in form.text
    asked = ask(left)
    assert asked.title == "Hapus selamanya: Siti Aminah"
    assert LETTER in asked.text
    (row,) = [
        one for one in desk_of("head of Dinsos").open("/").rows("Perlu Anda kerjakan") if "dihapus" in one
    ]
    assert "yang bertindak Anda" in row
    (row,) = [one for one in desk_of("operator").open("/").rows("Menunggu pihak lain") if "dihapus" in one]
    assert "Kepala Dinas Sosial" in row
    done = decide(address_of(asked), "approve")
    assert f"mutakhir erase {address_of(asked).rpartition('/')[2]}" in done.text
    (row,) = [one for one in desk_of("supervisor").open("/").rows("Menunggu pihak lain") if "terminal" in one]
    assert "yang bertindak" in row
    assert "Siti" in desk_of("operator").open(f"/o/{left.house.wife}").text, "nothing is gone yet"
    carried(asked)
    page = desk_of("supervisor").open(address_of(asked))
    assert "Selesai dikerjakan" in page.text
    assert "riwayat tinggal tanpa isi" in page.text


def test_the_pages_say_what_is_left(left: Walker) -> None:
    asked = ask(left)
    decide(address_of(asked), "approve")
    carried(asked)
    for who in ("operator", "supervisor", "verifier", "auditor"):
        desk = desk_of(who)
        person = desk.open(f"/o/{left.house.wife}")
        assert person.status == 200
        assert "Isi catatan orang ini dihapus" in person.text
        assert "Diminta oleh orangnya" in person.text
        assert "belum pernah terdaftar" not in person.text, "what is not known any more is not denied"
        for part in ("isian", "riwayat"):
            assert desk.open(f"/o/{left.house.wife}?bagian={part}").status == 200
        request = desk.open(f"/p/{left.number}")
        assert "Isi permintaan ini dihapus atau dikunci." in request.text
        assert "Berlaku di register" in request.text
        family = desk.open(f"/k/{left.house.family}")
        for page in (
            person,
            request,
            family,
            desk.open("/"),
            desk.open("/penghapusan"),
            desk.open(address_of(asked)),
        ):
            assert page.status == 200
            assert "Siti" not in page.html
        assert not [one for one in request.reader.buttons if one.get("name") == "verb"]
    assert "Siti" not in desk_of("operator").open("/cari?q=siti+aminah").html
    assert not desk_of("supervisor").open(f"/p/{left.number}/batalkan").text.count("Siti")


def test_what_is_open_stands_in_the_way_and_is_listed(left: Walker) -> None:
    left.name = "A2"
    left.must("record not_eligible reason=16", "operator").must("reserve", "operator")
    form = desk_of("supervisor").open(f"/o/{left.house.wife}/hapus")
    assert "Belum bisa, karena masih ada yang berjalan:" in form.text
    assert "Selesaikan atau tarik dulu." in form.text
    refused = ask(left)
    assert refused.status == 422
    assert refused.field("number") == LETTER
    left.must("withdraw", "operator")
    asked = ask(left)
    left.name = "A3"
    left.must("record not_eligible reason=15", "operator")
    assert decide(address_of(asked), "approve").status == 422
    left.must("withdraw", "operator")
    decide(address_of(asked), "approve")
    left.name = "A4"
    left.must("record not_eligible reason=14", "operator")
    with pytest.raises(Refused, match="erasure-request-open"):
        carried(asked)


def test_what_is_missing_is_said_and_what_was_typed_stays(left: Walker) -> None:
    for basis, number in (
        ("", LETTER),
        ("erase:asked", " "),
        ("erase:whatever", LETTER),
        ("burn:it", LETTER),
    ):
        page = ask(left, basis=basis, number=number)
        assert page.status == 422, basis
        assert page.field("number").strip() == number.strip()
    assert ask(left, basis="unseal:asked").status == 422, "nothing is sealed"


@pytest.mark.parametrize("who", ["operator", "village head", "verifier", "head of Dinsos", "auditor"])
def test_only_the_supervisor_may_ask(left: Walker, who: str) -> None:
    desk = desk_of(who)
    assert "Hapus atau kunci data orang" not in desk.open(f"/o/{left.house.wife}").text
    assert ask(left, who).status == 422


def test_only_the_head_decides_and_who_asked_does_not(left: Walker) -> None:
    address = address_of(ask(left))
    for who in ("operator", "supervisor", "verifier", "auditor"):
        sent = desk_of(who).send(address, {"form_id": str(uuid4()), "seen": "1", "verb": "approve"})
        assert sent.status == 422
    assert decide(address, "refuse").status == 422, "a no says why"
    assert (
        "Tidak disetujui. Register tidak berubah." in decide(address, "refuse", note="Masih diperlukan.").text
    )
    with pytest.raises(Refused, match="not-approved"):
        carry_out(int(address.rpartition("/")[2]), Kind.ERASE, actor=TERMINAL, now=wiring.clock())
    again = address_of(ask(left))
    assert "Ditarik kembali." in decide(again, "take_back", "supervisor").text


def test_sealed_it_can_be_given_back(left: Walker) -> None:
    asked = ask(left, basis="seal:protected")
    assert asked.title == "Kunci isinya: Siti Aminah"
    assert ask(left).status == 422, "one at a time"
    decide(address_of(asked), "approve")
    carried(asked, Kind.SEAL)
    assert "Isi catatan orang ini dikunci" in desk_of("operator").open(f"/o/{left.house.wife}").text
    again = ask(left, basis="unseal:basis_ended")
    decide(address_of(again), "approve")
    carried(again, Kind.UNSEAL)
    person = desk_of("operator").open(f"/o/{left.house.wife}")
    assert person.title == "Siti Aminah"
    assert "Isi catatan orang ini dibuka lagi" in person.text


def test_outside_the_scope_nothing_is_there(left: Walker) -> None:
    address = address_of(ask(left))
    for who in ("operator elsewhere", "supervisor elsewhere", "verifier elsewhere"):
        for one in (address, f"/o/{left.house.wife}/hapus"):
            assert desk_of(who).open(one).status == 404
        assert "Siti" not in desk_of(who).open("/penghapusan").html
    assert desk_of("supervisor").open("/penghapusan/99999999999999999999").status == 404
    assert desk_of("supervisor").open("/o/99999999999999999999/hapus").status == 404


def test_reading_it_is_logged(left: Walker) -> None:
    address = address_of(ask(left))
    before = Reading.objects.count()
    desk_of("auditor").open(address)
    (line,) = Reading.objects.order_by("id")[before:]
    assert (line.actor, line.purpose, line.subjects) == ("bpk", "erasure", [left.house.wife])
