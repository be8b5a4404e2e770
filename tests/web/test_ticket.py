"""The resident's page: a number and a birth date tell how it stands, in plain words, to nobody else, and without an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mutakhir.core.tickets import from_random, shown
from mutakhir.queries.ticket import FEWEST
from mutakhir.store.models import Attempt
from mutakhir.web.ticket.views import DOOR, TRIES, TRIES_FROM_ADDRESS
from tests.builders import WAY, Walker
from tests.web.pages import Desk, Seen, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

BIRTH = {"birth_day": "5", "birth_month": "7", "birth_year": "1988"}
BANNED = re.compile(r"\b(tidak valid|gagal|error|admin|invalid|failed|failure)\b|!", re.IGNORECASE)
WORDS_AT_MOST = 20
STRAIGHT = tuple(WAY)[1:]
RESERVING = (("prove", "operator"), ("reserve", "operator"))
FORKS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "incomplete": ("", (("record", "operator"), ("reserve", "operator"))),
    "not fit": ("reserved", (("deliberate not_fit", "village head"),)),
    "appealed": ("reserved", (("deliberate not_fit", "village head"), ("appeal", "operator"))),
    "returned": ("handed_over", (("verify returned photo_unclear", "verifier"),)),
    "refused": ("handed_over", (("verify refused not_as_found", "verifier"),)),
    "conflict": ("deliberated", (("state floor_material=7", "system"), ("open a window", "supervisor"), ("pack", "system"))),
    "satisfied": ("deliberated", (("state floor_material=8", "system"), ("open a window", "supervisor"), ("pack", "system"))),
    "withdrawn": ("reserved", (("withdraw", "operator"),)),
    "not determined": ("sent", (("determine no quota", "supervisor"),)),
    "offered": ("deliberated", (("offer", "operator"),)),
    "annulled": ("applied", (("annul", "head of Dinsos"),)),
    "reopened": ("reserved", (("apply another", "system"), ("look after a list", "system"), ("annul the other", "head of Dinsos"))),
    "to be referred": ("", (("record death of=head", "operator"), *RESERVING)),
    "referred": ("", (("record death of=head", "operator"), *RESERVING, ("refer", "operator"))),
    "recorded by the civil registry": ("", (("record death of=head", "operator"), *RESERVING,
                                            ("civil says died_on=2026-11-20 of=head", "system"),
                                            ("look after a list", "system"))),
}  # fmt: skip
"""States off the straight way: where the way is left, and by which deeds."""
SENTENCES = {
    "reserved": "Permintaan Anda sudah dicatat. Kini menunggu musyawarah desa.",
    "deliberated": "Permintaan Anda sudah siap. Kini menunggu masa pemutakhiran dibuka.",
    "packed": "Permintaan Anda ikut masa pemutakhiran ini. Kini menunggu diserahkan desa.",
    "handed_over": "Permintaan Anda sedang diperiksa Dinas Sosial.",
    "verified": "Permintaan Anda sudah diperiksa. Kini menunggu disahkan dalam daftar.",
    "finalised": "Permintaan Anda menunggu tanda tangan Bupati.",
    "endorsed": "Permintaan Anda sudah disahkan. Kini menunggu dikirim ke pusat.",
    "sent": "Permintaan Anda sudah dikirim. Kini menunggu penetapan Menteri.",
    "applied": "Selesai. Perubahan Anda sudah berlaku di register.",
    "incomplete": "Permintaan Anda sudah dicatat. Masih ada yang perlu dilengkapi.",
    "not fit": "Musyawarah desa belum menyetujui permintaan Anda.",
    "appealed": "Permintaan Anda sudah siap. Kini menunggu masa pemutakhiran dibuka.",
    "offered": "Permintaan Anda sudah siap. Kini menunggu diterima desa tempat tinggal Anda.",
    "returned": "Permintaan Anda dikembalikan ke desa untuk dilengkapi.",
    "refused": "Permintaan Anda tidak disetujui.",
    "conflict": "Data di register berubah sejak permintaan dicatat. Desa akan memastikannya.",
    "satisfied": "Selesai. Data sudah benar sebelum diproses.",
    "withdrawn": "Permintaan ini ditarik atas permintaan Anda.",
    "not determined": "Kementerian Sosial belum menyetujui permintaan Anda.",
    "annulled": "Perubahan ini keliru diterapkan dan sudah dibatalkan.",
    "reopened": "Permintaan Anda sudah dicatat. Kini menunggu musyawarah desa.",
    "to be referred": "Laporan Anda sudah dicatat. Kini perlu disampaikan ke kantor catatan sipil (Dukcapil).",
    "referred": "Laporan Anda sudah dicatat. Kini menunggu kantor catatan sipil (Dukcapil).",
    "recorded by the civil registry": "Selesai. Kantor catatan sipil (Dukcapil) sudah mencatatnya.",
}
ENDED = (
    "applied",
    "refused",
    "satisfied",
    "withdrawn",
    "not determined",
    "annulled",
    "recorded by the civil registry",
)


def go(walk: Walker, state: str) -> Walker:
    until, more = FORKS.get(state, (state, ()))
    for reached, deeds in WAY.items() if until else ():
        for words, who in deeds:
            walk.must(words, who)
        if reached == until:
            break
    for words, who in more:
        walk.must(words, who)
    return walk


def ask(walk: Walker, desk: Desk | None = None, **told: str) -> Seen:
    typed = {"number": shown(walk.request.ticket or ""), **BIRTH, **told}
    return (desk or Desk()).send("/t", typed)


@pytest.mark.parametrize("state", SENTENCES)
def test_every_state_is_a_sentence(walk: Walker, state: str) -> None:
    go(walk, state)
    page = ask(walk)
    assert page.status == 200
    assert page.title == SENTENCES[state]
    assert shown(walk.request.ticket or "") in page.text
    if state in ENDED:
        assert "Yang bertindak" not in page.text
    else:
        for label in ("Menunggu", "Sejak"):
            assert label in page.text
        assert "Yang bertindak" in page.text or "Dibuka oleh" in page.text
        assert "(belum ditentukan)" not in page.text
    assert "Slamet" not in page.html, "the name is masked, whoever reads along"
    assert "S***** R*****" in page.text
    assert not re.search(r"\b99\d{14}\b", page.html), "no NIK stands here"


@pytest.mark.parametrize("state", SENTENCES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_words_are_short_and_kind(walk: Walker, state: str, language: str) -> None:
    go(walk, state)
    desk = Desk()
    desk.client.cookies["django_language"] = language
    page = ask(walk, desk)
    assert page.status == 200
    assert f'lang="{language}"' in page.html
    if language == "en":
        assert page.title not in SENTENCES.values(), "every sentence has its English"
    texts = re.findall(r"<(?:h1|h2|h3|p|b|dd|dt|li|label|button)\b[^>]*>([^<]+)<", page.html)
    assert len(texts) > 10
    for text in texts:
        assert not BANNED.search(text), text
        for sentence in re.split(r"(?<=[.?])\s", text):
            assert len(sentence.split()) <= WORDS_AT_MOST, sentence


def test_every_way_a_request_can_stand_is_tried() -> None:
    """What the sentences' tables hold beyond these walks is what no resident meets."""
    from mutakhir.core.change_requests import State
    from mutakhir.web.ticket.sentences import SETTLED, WAITING

    shown_here = set(SENTENCES.values())
    untried = {str(text) for text in (*SETTLED.values(), *WAITING.values())} - shown_here
    assert untried == {
        str(WAITING["reserve"]),  # A draft has no ticket yet.
        str(WAITING["apply"]),  # What is determined is applied in the same transaction.
        str(SETTLED[State.LAPSED]),
    }


def test_an_annulled_change_says_what_holds_now_and_that_nothing_is_asked(walk: Walker) -> None:
    page = ask(go(walk, "annulled"))
    assert "Anda tidak perlu datang atau membayar." in page.text
    assert "Data sebelumnya berlaku lagi." in page.text
    assert "rumah yang salah" not in page.text, "what staff wrote may speak of others"


def test_a_request_that_waits_again_says_why(walk: Walker) -> None:
    page = ask(go(walk, "reopened"))
    assert "Sekarang permintaan menunggu lagi." in page.text
    assert "Sekarang permintaan menunggu lagi." not in ask(go(Walker(walk.ground, name="B"), "reserved")).text


def test_a_claim_says_where_to_go_with_which_papers(walk: Walker) -> None:
    """Whoever is afraid of offices reads what to ask for, what to bring, that it is free, and that nothing stops."""
    page = ask(go(walk, "to be referred"))
    for words in (
        "kantor catatan sipil (Dukcapil)", "minta akta kematian", "Surat keterangan kematian dari desa",
        "Kartu Keluarga asli", "Gratis. Tidak perlu calo.", "Kantor desa boleh membawakan berkasnya",
        "Bantuan keluarga tidak berhenti karena laporan ini.",
    ):  # fmt: skip
        assert words in page.text
    assert "Anda tidak perlu datang atau membayar." not in page.text
    walk.must("refer", "operator")
    page = ask(walk)
    assert (
        "Anda tidak perlu datang atau membayar. Berkasnya sudah dibawa ke kantor catatan sipil" in page.text
    )
    assert "minta akta kematian" not in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [("to be referred", "berkasnya belum sampai ke"), ("referred", "belum mencatatnya")],
)
def test_a_claim_that_lapsed_says_with_whom(walk: Walker, state: str, words: str) -> None:
    go(walk, state).wait(181)
    walk.must("let lapse", "system")
    page = ask(walk)
    assert page.title.startswith("Laporan ini berhenti: ")
    assert words in page.title


def test_a_lapsed_request_says_that_it_can_go_on(walk: Walker) -> None:
    go(walk, "not fit").wait(400)
    walk.must("let lapse", "system")
    if walk.state == "lapsed":
        assert ask(walk).title.startswith("Permintaan ini berhenti karena batas waktunya lewat.")
    else:
        assert walk.state == "refused", walk.state


@pytest.mark.parametrize("state", ["returned", "refused", "not determined"])
def test_a_refusal_gives_its_reason_in_words_for_residents(walk: Walker, state: str) -> None:
    from mutakhir import parameters

    go(walk, state)
    request = walk.request
    listed = {"returned": "return", "refused": "refuse", "not determined": "determination"}[state]
    code = request.returned_because if state == "returned" else request.answer_reason
    assert parameters.load().reason(listed, code or "").resident["id"] in ask(walk).text


def test_who_was_not_agreed_to_may_object_until_a_day(walk: Walker) -> None:
    page = ask(go(walk, "not fit"))
    assert "Anda boleh berkeberatan di kantor desa sampai 24 Desember 2026." in page.text


def test_papers_that_are_missing_are_listed(walk: Walker) -> None:
    page = ask(go(walk, "incomplete"))
    assert "Anda diminta datang ke kantor desa membawa:" in page.text
    assert "Anda tidak perlu datang atau membayar." not in page.text
    walk.must("prove", "operator")
    assert "Anda tidak perlu datang atau membayar." in ask(walk).text


def test_a_window_that_is_not_set_is_only_customary(walk: Walker) -> None:
    page = ask(go(walk, "deliberated"))
    assert "Belum ada jadwal dari Kementerian Sosial." in page.text
    walk.must("schedule 2027-01-04 2027-01-16 2027-01-31", "supervisor")
    page = ask(walk)
    assert "Belum ada jadwal" not in page.text
    assert "4 Januari 2027" in page.text


def test_a_window_that_closed_early_says_why(walk: Walker) -> None:
    go(walk, "deliberated").must("open a window", "supervisor")
    walk.must("close the window Anggaran pemeriksaan habis.", "supervisor")
    assert "Masa pemutakhiran ditutup lebih awal: Anggaran pemeriksaan habis." in ask(walk).text


def test_what_is_late_says_that_the_superior_was_told(walk: Walker) -> None:
    go(walk, "handed_over").wait(30)
    assert "Atasan sudah diberi tahu." in ask(walk).text


# --- the door -------------------------------------------------------------------------------------------------------


def wrong(page: Seen, typed: str) -> str:
    assert page.status == 422
    assert "Nomor atau tanggal lahir tidak cocok. Periksa tanda terima Anda." in page.text
    return page.html.replace(typed, "")


def test_a_wrong_number_and_a_wrong_day_read_alike_and_take_the_same_way(walk: Walker) -> None:
    go(walk, "reserved")
    known, unknown = shown(walk.request.ticket or ""), shown(from_random(b"\x07" * 16))
    # The first page of a process asks what its roles are called.
    Desk().send("/t", {"number": unknown, **BIRTH})
    queries: list[list[str]] = []
    answers = []
    for number, told in (
        (unknown, BIRTH),
        (known, {**BIRTH, "birth_year": "1989"}),
        (known, {"birth_day": "", "birth_month": "", "birth_year": ""}),
    ):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = Desk().send("/t", {"number": number, **told})
        queries.append([re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in captured])
        answers.append(re.sub(r'value="\d*"', "", wrong(page, number)))
    assert answers[0] == answers[1] == answers[2]
    assert queries[0] == queries[1] == queries[2]


@pytest.mark.parametrize(
    "number", ["", "abc", "7K4Q", "A" * 5000, "'; DROP TABLE ticket; --", "\x00\x00", "½" * 12]
)
def test_what_is_no_number_reads_alike_too(walk: Walker, number: str) -> None:
    page = Desk().send("/t", {"number": number, **BIRTH})
    assert page.status == 422
    assert "Nomor atau tanggal lahir tidak cocok. Periksa tanda terima Anda." in page.text


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda text: text.replace("-", ""),
        lambda text: f" {text} ",
        lambda text: text.replace("-", " "),
    ],
)
def test_the_number_may_be_written_in_any_way(walk: Walker, write: Any) -> None:
    go(walk, "reserved")
    assert ask(walk, number=write(shown(walk.request.ticket or ""))).status == 200


@pytest.mark.parametrize(
    ("day", "month", "year"), [("05", "07", "1988"), ("5", "Juli", "1988"), ("5", "7", "88")]
)
def test_the_day_may_be_written_in_any_way(walk: Walker, day: str, month: str, year: str) -> None:
    go(walk, "reserved")
    assert ask(walk, birth_day=day, birth_month=month, birth_year=year).status == 200


def test_tries_are_limited_by_number(walk: Walker) -> None:
    go(walk, "reserved")
    for number in range(TRIES):
        assert ask(walk, birth_year=str(1900 + number)).status == 422
    shut = ask(walk)
    assert shut.status == 429, "even the right day does not open it now"
    assert "Terlalu banyak percobaan. Coba lagi pukul" in shut.text
    walk.now += DOOR.within
    assert ask(walk).status == 200


def test_tries_are_limited_by_address(walk: Walker) -> None:
    go(walk, "reserved")
    for number in range(TRIES_FROM_ADDRESS):
        Desk().send("/t", {"number": shown(from_random(number.to_bytes(16, "big"))), **BIRTH})
    assert ask(walk).status == 429
    elsewhere = Desk()
    elsewhere.client.defaults["REMOTE_ADDR"] = "10.9.8.7"
    assert ask(walk, elsewhere).status == 200


def test_tries_hold_nothing_of_who_tried(walk: Walker) -> None:
    go(walk, "reserved")
    ask(walk, birth_year="1989")
    ticket = walk.request.ticket or ""
    for attempt in Attempt.objects.all():
        assert ticket not in attempt.who
        assert "127.0.0.1" not in attempt.who
    walk.now += 2 * DOOR.within
    ask(walk, birth_year="1989")
    assert Attempt.objects.count() == 2, "tries that no longer count are forgotten"


def test_no_cookie_is_set(walk: Walker) -> None:
    go(walk, "reserved")
    desk = Desk()
    for page in (desk.open("/t"), ask(walk, desk), ask(walk, desk, birth_year="1989"), desk.open("/angka")):
        assert not page.response.cookies
        assert "Vary" not in page.response.headers or "Cookie" in page.response.headers["Vary"]
    assert not desk.client.cookies


def test_a_number_in_the_address_only_fills_the_field(walk: Walker) -> None:
    go(walk, "reserved")
    ticket = shown(walk.request.ticket or "")
    page = Desk().open(f"/t?n={ticket}")
    assert page.status == 200
    assert page.field("number") == ticket
    assert "Permintaan Anda" not in page.text
    assert "Sampai di mana permintaan saya?" in page.title


# --- cancelling -----------------------------------------------------------------------------------------------------


def test_cancelling_asks_first_and_becomes_a_task_of_the_village(walk: Walker) -> None:
    go(walk, "deliberated")
    before = walk.history
    asked = ask(walk, deed="cancel")
    assert "Batalkan permintaan ini? Anda bisa mengajukan lagi kapan saja." in asked.text
    assert walk.history == before, "asking changes nothing"
    assert "Batalkan permintaan ini?" not in ask(walk, deed="show").text
    done = ask(walk, deed="cancel", sure="yes")
    assert "Anda sudah meminta pembatalan. Kantor desa akan memastikannya dengan Anda." in done.text
    assert walk.state == "deliberated", "never at once a withdrawal"
    assert len(walk.history) == len(before) + 1
    again = ask(walk, deed="cancel", sure="yes")
    assert again.status == 200
    assert len(walk.history) == len(before) + 1, "asked twice is asked once"
    assert any(
        "Pemohon minta dibatalkan" in row for row in desk_of("operator").open("/").rows("Perlu Anda kerjakan")
    )
    assert not any("Batalkan permintaan" in button.get("text", "") for button in again.reader.buttons)


def test_cancelling_needs_both_again(walk: Walker) -> None:
    go(walk, "deliberated")
    before = walk.history
    assert ask(walk, deed="cancel", sure="yes", birth_year="1989").status == 422
    assert walk.history == before


@pytest.mark.parametrize("state", ["sent", "applied"])
def test_what_was_sent_is_not_cancelled(walk: Walker, state: str) -> None:
    go(walk, state)
    before = walk.history
    page = ask(walk)
    assert not any("Batalkan permintaan" in button.get("text", "") for button in page.reader.buttons)
    late = ask(walk, deed="cancel", sure="yes")
    assert late.status == 200
    assert late.title == SENTENCES[state]
    assert walk.history == before


# --- figures --------------------------------------------------------------------------------------------------------


def many(walk: Walker, count: int) -> None:
    for number in range(count):
        walk.name = chr(ord("A") + number)
        walk.must("record", "operator").must("reserve", "operator")


def counts_in(page: Seen) -> set[int]:
    """Every number of the page but those of its date and its note."""
    body = page.text[page.text.index("Langsung ke isi") : page.text.rindex("http://")]
    body = re.sub(r"Keadaan per .* tidak ditampilkan\.", "", body)
    return {int(one) for one in re.findall(r"\d+", body)}


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_small_numbers_are_not_published(walk: Walker, count: int) -> None:
    many(walk, count)
    page = Desk().open("/angka?kab=3508")
    assert page.status == 200
    assert page.title
    assert counts_in(page) == {FEWEST}, "fewer than five, and not even whether there is one"
    assert "Ranuyoso" not in page.text


def test_figures_without_names(walk: Walker) -> None:
    many(walk, FEWEST + 2)
    walk.wait(3)
    page = Desk().open("/angka?kab=3508")
    assert "Ranuyoso" in page.text
    assert f"{FEWEST + 2} menunggu, paling lama 3 hari." in page.text
    for name in ("Slamet", "Siti", "Jenggrong", "9908"):
        assert name not in page.html
    assert counts_in(page) == {FEWEST + 2, 3}, "how many, and for how many days"


def test_what_is_left_out_cannot_be_found_by_subtracting(walk: Walker) -> None:
    many(walk, FEWEST + 1)
    walk.must("prove", "operator")
    text = Desk().open("/angka?kab=3508").text
    assert f"{FEWEST + 1} menunggu" in text
    assert f": {FEWEST}," not in text, "one waits at another step: the sum would tell"


def test_figures_of_an_unknown_place_are_empty(walk: Walker) -> None:
    for asked in ("9999", "abc", "35'08", "3508152001"):
        assert Desk().open(f"/angka?kab={asked}").status == 200
