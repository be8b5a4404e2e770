"""Signing in, personal accounts from beginning to end, the two languages, and what people see when something breaks."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client

from mutakhir import wiring
from mutakhir.core.actors import Role
from mutakhir.store.models import Account, Attempt, Incident, Reading, RoleHeld
from mutakhir.web.sessions import rules_of_today
from tests.builders import CAST, ELSEWHERE, KABUPATEN, VILLAGE, Walker, actor
from tests.web.pages import PASSWORD, Desk, Seen, account_of, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

ADMINISTRATOR = actor("budi", (Role.ADMINISTRATOR, KABUPATEN))
NEIGHBOUR = actor("bagio", (Role.ADMINISTRATOR, ELSEWHERE[:4]))
OWN = "pisang-goreng-hangat"


def desk_at(who: Any) -> Desk:
    desk = Desk()
    desk.client.force_login(account_of(who))
    return desk


def sign_in(login: str, password: str, desk: Desk | None = None, **told: str) -> Seen:
    return (desk or Desk()).send("/masuk", {"login": login, "password": password, **told}, follow=False)


def create(desk: Desk, **told: str) -> Seen:
    values = {
        "login": "sulastri",
        "name": "Sulastri",
        "role": "village_operator",
        "region": VILLAGE,
        "form_id": str(uuid4()),
    }
    return desk.send("/akun/baru", {**values, **told})


def first_password(page: Seen) -> str:
    return re.findall(r"[a-z]+-[a-z]+-[a-z]+-[a-z]+-\d\d", page.text)[0]


# --- signing in and out ---------------------------------------------------------------------------------------------


def test_signing_in_leads_on_to_where_one_wanted(walk: Walker) -> None:
    account_of(CAST["operator"])
    desk = Desk()
    page = desk.follow("/keluarga?sesudah=")
    assert page.title == "Masuk"
    done = sign_in("tutik", PASSWORD, desk, next=page.field("next"))
    assert done.response.headers["Location"] == "/keluarga?sesudah="
    assert desk.open("/").title == "Pekerjaan Anda"


@pytest.mark.parametrize(
    "onward", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"]
)
def test_signing_in_never_leads_elsewhere(walk: Walker, onward: str) -> None:
    account_of(CAST["operator"])
    assert sign_in("tutik", PASSWORD, next=onward).response.headers["Location"] == "/"


def test_wrong_answers_read_alike(walk: Walker) -> None:
    account_of(CAST["operator"])
    known, unknown = sign_in("tutik", "salah"), sign_in("tutak", "salah")
    assert known.status == unknown.status == 422
    assert known.title == "Masuk"
    assert "Nama pengguna atau kata sandi belum cocok." in known.text
    assert known.text == unknown.text.replace("tutak", "tutik")
    assert known.field("login") == "tutik", "the name stays, the password does not"
    assert "salah" not in known.html


def test_tries_are_limited_by_name_and_by_address(walk: Walker) -> None:
    account_of(CAST["operator"])
    account_of(CAST["verifier"])
    rules = rules_of_today(walk.now)
    for _ in range(rules.tries):
        assert sign_in("Tutik", "salah").status == 422
    shut = sign_in("tutik", PASSWORD)
    assert shut.status == 429
    assert "Terlalu banyak percobaan. Coba lagi pukul" in shut.text
    assert sign_in("rudi", PASSWORD).status == 302, "a colleague behind the same address still comes in"
    walk.now += rules.within
    assert sign_in("tutik", PASSWORD).status == 302
    for number in range(rules.tries_from_address):
        sign_in(f"orang{number}", "salah")
    assert sign_in("rudi", PASSWORD).status == 429
    assert "127.0.0.1" not in str(list(Attempt.objects.values_list("who", flat=True)))


def test_signing_out_clears_what_the_browser_kept(walk: Walker) -> None:
    desk = desk_of("operator")
    key = re.findall(r'data-user="([0-9a-f]+)"', desk.open("/").html)[0]
    assert key == re.findall(r'data-user="([0-9a-f]+)"', desk.open("/lainnya").html)[0], (
        "one account, one mark"
    )
    assert key not in desk_of("verifier").open("/").html
    out = desk.send("/keluar", {})
    assert out.title == "Masuk"
    assert "data-signed-out" in out.html
    assert "data-signed-out" not in desk.open("/masuk").html
    assert "data-user" not in out.html
    assert desk.open("/").status == 302
    assert desk_of("operator").open("/keluar").status == 405, "a link does not sign anybody out"


def test_forms_need_their_token(walk: Walker) -> None:
    account_of(CAST["operator"])
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/masuk", {"login": "tutik", "password": PASSWORD}).status_code == 403
    strict.force_login(Account.objects.get(login="tutik"))
    for address in ("/keluar", "/saya/sandi", "/tugas/1"):
        assert strict.post(address, {}).status_code == 403


# --- passwords ------------------------------------------------------------------------------------------------------


def test_the_first_password_is_changed_at_the_first_sign_in(walk: Walker) -> None:
    made = create(desk_at(ADMINISTRATOR))
    password = first_password(made)
    desk = Desk()
    assert sign_in("sulastri", password, desk).status == 302
    for address in ("/", "/keluarga", "/catat", "/saya"):
        assert desk.open(address).response.headers["Location"] == "/saya/sandi"
    page = desk.open("/saya/sandi")
    assert page.title == "Pilih kata sandi Anda sendiri"
    assert "current" not in page.reader.fields
    for first, second, words in (
        (OWN, "lain", "Kedua kata sandi belum sama."),
        ("pendek", "pendek", ""),
        ("password123", "password123", ""),
        (password, password, "Pilih kata sandi yang lain dari yang sekarang."),
    ):
        refused = desk.send("/saya/sandi", {"password": first, "again": second})
        assert refused.status == 422
        assert words in refused.text
        assert f'value="{first}"' not in refused.html
    assert desk.send("/saya/sandi", {"password": OWN, "again": OWN}).title == "Pekerjaan Anda"
    assert sign_in("sulastri", password).status == 422
    assert sign_in("sulastri", OWN).status == 302


def test_a_password_is_changed_by_who_knows_it(walk: Walker) -> None:
    desk = desk_of("operator")
    assert "current" in desk.open("/saya/sandi").reader.fields
    refused = desk.send("/saya/sandi", {"password": OWN, "again": OWN, "current": "tebakan"})
    assert refused.status == 422
    assert "Kata sandi sekarang belum cocok." in refused.text
    assert (
        desk.send("/saya/sandi", {"password": OWN, "again": OWN, "current": PASSWORD}).title
        == "Pekerjaan Anda"
    )


def test_ones_own_account_shows_roles_and_the_switch_of_letter_keys(walk: Walker) -> None:
    page = desk_of("operator").open("/saya")
    assert page.title == "Tutik"
    assert "Operator desa" in page.text
    assert "Desa Jenggrong" in page.text
    assert "data-key-switch" in page.html


# --- accounts -------------------------------------------------------------------------------------------------------


def test_an_administrator_creates_a_personal_account(walk: Walker) -> None:
    desk = desk_at(ADMINISTRATOR)
    page = create(desk)
    assert page.title == "Akun siap"
    account = Account.objects.get(login="sulastri")
    assert account.must_change_password
    assert account.check_password(first_password(page))
    assert account.created_by == "budi"
    held = RoleHeld.objects.get(account=account)
    assert (held.role, held.region, held.from_day) == ("village_operator", VILLAGE, walk.today())
    listed = desk.open("/akun?q=sulas")
    assert "Operator desa, Desa Jenggrong" in listed.text
    assert first_password(page) not in listed.html


def test_roles_of_the_kabupaten_need_no_region_to_be_typed(walk: Walker) -> None:
    create(desk_at(ADMINISTRATOR), role="verifier", region="")
    assert RoleHeld.objects.get(account__login="sulastri").region == KABUPATEN


def test_a_region_is_searched_without_losing_what_was_typed(walk: Walker) -> None:
    page = create(desk_at(ADMINISTRATOR), region="", region_query="jenggr", region_search="1")
    assert page.title == "Buat akun pribadi"
    assert f'value="{VILLAGE}"' in page.html
    assert page.field("login") == "sulastri"
    assert not Account.objects.filter(login="sulastri").exists()
    outside = create(desk_at(ADMINISTRATOR), region="", region_query="padomasan", region_search="1")
    assert ELSEWHERE not in outside.html


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"login": "S"}, "login"),
        ({"login": "sulastri dewi"}, "login"),
        ({"login": "budi"}, "login"),
        ({"name": " "}, "name"),
        ({"role": "raja"}, "role"),
        ({"role": "centre"}, "role"),
        ({"region": ""}, "region_query"),
        ({"region": "3508999999"}, "region_query"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(walk: Walker, told: dict[str, str], field: str) -> None:
    desk = desk_at(ADMINISTRATOR)
    before = Account.objects.count()
    page = create(desk, **told)
    assert page.status == 422
    assert f"#{field}" in [address for address, _ in page.reader.links] or page.text, page.text
    assert page.field("name").strip() == told.get("name", "Sulastri").strip()
    assert Account.objects.count() == before


def test_the_same_form_twice_makes_one_account(walk: Walker) -> None:
    desk = desk_at(ADMINISTRATOR)
    form = str(uuid4())
    first = create(desk, form_id=form)
    second = create(desk, form_id=form)
    assert first.title == "Akun siap"
    assert second.title == "Akun", "the first password is shown once only"
    assert Account.objects.filter(login="sulastri").count() == 1


def test_nobody_creates_accounts_beyond_their_region(walk: Walker) -> None:
    page = create(desk_at(ADMINISTRATOR), region=ELSEWHERE)
    assert page.status == 422
    assert not Account.objects.filter(login="sulastri").exists()


def test_handing_over_moves_the_roles(walk: Walker) -> None:
    old, new = account_of(CAST["operator"]), account_of(CAST["other operator"])
    RoleHeld.objects.filter(account=new).update(until_day=walk.today())
    desk = desk_at(ADMINISTRATOR)
    working = desk_of("operator")
    page = desk.open(f"/akun/{old.pk}")
    form = {"deed": "end", "form_id": page.field("form_id")}
    unknown = desk.send(f"/akun/{old.pk}", {**form, "successor": "siapa"})
    assert unknown.status == 422
    assert unknown.field("successor") == "siapa"
    done = desk.send(f"/akun/{old.pk}", {**form, "successor": "wawan", "form_id": str(uuid4())})
    assert "Diakhiri" in done.text
    assert "diteruskan kepada wawan" in done.text
    held = RoleHeld.objects.get(account=new, until_day__isnull=True)
    assert (held.role, held.region) == ("village_operator", VILLAGE)
    assert working.open("/").status == 302, "who was working is signed out"
    assert sign_in("tutik", PASSWORD).status == 422
    assert wiring.actor_of(Account.objects.get(pk=new.pk), now=walk.now).sees(VILLAGE)


def test_ending_a_role_ends_what_it_opened(walk: Walker) -> None:
    account = account_of(CAST["operator"])
    working = desk_of("operator")
    assert working.open("/keluarga").status == 200
    desk = desk_at(ADMINISTRATOR)
    held = RoleHeld.objects.get(account=account)
    desk.send(f"/akun/{account.pk}", {"deed": "end_role", "held": str(held.pk), "form_id": str(uuid4())})
    held.refresh_from_db()
    assert held.until_day == walk.today()
    assert working.open("/keluarga").status == 302, "who was working is signed out"
    assert sign_in("tutik", PASSWORD, working).status == 302, "the account itself is still there"
    assert working.open("/keluarga").status == 404


def test_one_person_has_one_account_with_more_roles(walk: Walker) -> None:
    account = account_of(CAST["operator"])
    desk = desk_at(ADMINISTRATOR)
    page = desk.open(desk.open(f"/akun/{account.pk}").link("Tambah peran"))
    assert page.title == "Tambah peran untuk Tutik"
    address = f"/akun/{account.pk}/peran"
    wrong = desk.send(address, {"role": "village_head", "region": ELSEWHERE, "form_id": str(uuid4())})
    assert wrong.status == 422
    form = {"role": "verifier", "form_id": str(uuid4())}
    assert "Pemeriksa Dinsos" in desk.send(address, form).text
    desk.send(address, form)
    held = RoleHeld.objects.filter(account=account, role="verifier")
    assert [one.region for one in held] == [KABUPATEN]
    assert {one.role for one in wiring.actor_of(account, now=walk.now).held} == {
        Role.VILLAGE_OPERATOR,
        Role.VERIFIER,
    }
    assert desk_at(NEIGHBOUR).open(address).status == 404


def test_a_new_first_password_for_who_forgot(walk: Walker) -> None:
    account = account_of(CAST["operator"])
    working = desk_of("operator")
    page = desk_at(ADMINISTRATOR).send(f"/akun/{account.pk}", {"deed": "password", "form_id": str(uuid4())})
    assert sign_in("tutik", PASSWORD).status == 422
    assert sign_in("tutik", first_password(page)).response.headers["Location"] == "/"
    assert working.open("/").status == 302


def test_another_kabupaten_is_not_there(walk: Walker) -> None:
    account = account_of(CAST["operator"])
    desk = desk_at(NEIGHBOUR)
    assert desk.open(f"/akun/{account.pk}").status == 404
    for deed in ("end", "password"):
        assert desk.send(f"/akun/{account.pk}", {"deed": deed, "form_id": str(uuid4())}).status == 404
    own = account_of(CAST["operator elsewhere"])
    held = RoleHeld.objects.get(account=account)
    stolen = desk.send(f"/akun/{own.pk}", {"deed": "end_role", "held": str(held.pk), "form_id": str(uuid4())})
    assert stolen.status == 404
    held.refresh_from_db()
    assert held.until_day is None
    assert "tutik" not in desk.open("/akun").html
    account.refresh_from_db()
    assert account.is_active
    assert account.check_password(PASSWORD)


def test_nobody_ends_their_own_account(walk: Walker) -> None:
    desk = desk_at(ADMINISTRATOR)
    account = Account.objects.get(login="budi")
    assert desk.send(f"/akun/{account.pk}", {"deed": "end", "form_id": str(uuid4())}).status == 422
    account.refresh_from_db()
    assert account.is_active


@pytest.mark.parametrize("who", ["operator", "verifier", "supervisor", "centre"])
def test_accounts_are_the_administrators(walk: Walker, who: str) -> None:
    account = account_of(CAST["operator"])
    desk = desk_of(who)
    for address in ("/akun", "/akun/baru", f"/akun/{account.pk}", "/jejak"):
        assert desk.open(address).status == 404
    assert create(desk).status == 404


def test_accounts_are_listed_by_pages(walk: Walker) -> None:
    for number in range(60):
        account_of(actor(f"op{number:03}", (Role.VILLAGE_OPERATOR, VILLAGE)))
    desk = desk_at(ADMINISTRATOR)
    page = desk.open("/akun")
    rest = desk.open("/akun" + page.link("Berikutnya"))
    logins = re.findall(r"\((op\d{3})\)", page.html + rest.html)
    assert len(logins) == len(set(logins)) == 60


def test_who_read_what_is_seen_by_the_administrator_and_the_auditor(walk: Walker) -> None:
    house = walk.house
    desk_of("operator").open(f"/k/{house.family}")
    for desk in (desk_at(ADMINISTRATOR), desk_of("auditor")):
        page = desk.open("/jejak")
        assert "Membuka keluarga" in page.text
        assert "tutik" in page.text
        assert f"/k/{house.family}" in page.text
    assert "tutik" not in desk_at(NEIGHBOUR).open("/jejak").text
    assert not desk_at(ADMINISTRATOR).open("/jejak?siapa=rudi").rows("Siapa membuka data siapa")
    for _ in range(60):
        wiring.log_reading(
            CAST["operator"], purpose="search", path="/cari", region=VILLAGE, subject=None, now=walk.now
        )
    page = desk_at(ADMINISTRATOR).open("/jejak?siapa=tutik")
    assert len(page.rows("Siapa membuka data siapa")) == 50
    rest = desk_at(ADMINISTRATOR).open("/jejak" + page.link("Berikutnya"))
    assert len(rest.rows("Siapa membuka data siapa")) == Reading.objects.count() - 50
    for strange in ("x", "9" * 30, "²"):
        assert desk_at(ADMINISTRATOR).open(f"/jejak?sebelum={strange}").status == 200


def test_regions_are_found_by_name_and_code(walk: Walker) -> None:
    desk = desk_at(ADMINISTRATOR)
    assert "Jenggrong" in desk.open("/wilayah?q=jengrong").text
    assert "Jenggrong" in desk.open(f"/wilayah?q={VILLAGE}").text
    assert "Tidak ditemukan. Coba nama atau kode lain." in desk.open("/wilayah?q=xxxxxxxx").text


# --- languages ------------------------------------------------------------------------------------------------------


def test_the_language_is_chosen_and_kept(walk: Walker) -> None:
    desk = desk_of("operator")
    page = desk.open("/saya")
    english = desk.follow(page.link("English"))
    assert english.response.request["PATH_INFO"] == "/saya"
    assert 'lang="en"' in english.html
    assert "Sign out" in english.text
    assert Account.objects.get(login="tutik").language == "en"
    assert desk_of("operator").open("/").title == "Your work", "the account keeps it on another machine"
    back = desk.follow("/bahasa?ke=id&kembali=/")
    assert back.title == "Pekerjaan Anda"


def test_residents_choose_a_language_too(walk: Walker) -> None:
    desk = Desk()
    page = desk.follow("/bahasa?ke=en&kembali=/t")
    assert 'lang="en"' in page.html
    assert desk.follow("/bahasa?ke=xx&kembali=/t").status == 200
    assert desk.open("/bahasa?ke=en&kembali=https://example.org/").response.headers["Location"] == "/"


# --- when something breaks ------------------------------------------------------------------------------------------


def test_an_unexpected_failure_is_a_number(walk: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    from mutakhir.web.work import views

    desk = desk_of("operator")
    desk.client.raise_request_exception = False

    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("the connection to 10.0.0.7 was lost while reading Slamet Riyadi")

    monkeypatch.setattr(views.work, "work_of", broken)
    page = desk.open("/")
    assert page.status == 500
    assert page.title == "Halaman ini belum bisa dibuka"
    incident = Incident.objects.get()
    assert f"Nomor kejadian {incident.pk}." in page.text
    assert "10.0.0.7" in incident.trace
    for secret in ("Traceback", "10.0.0.7", "Slamet", "DatabaseError", "work_of"):
        assert secret not in page.html
    assert page.link("Ke halaman depan") == "/"


def test_a_site_without_its_database_says_so(walk: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    from mutakhir.web import middleware

    desk = Desk()
    desk.client.raise_request_exception = False

    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("no connection")

    monkeypatch.setattr(middleware.wiring, "clock", broken)
    page = desk.open("/t")
    assert page.status == 500
    assert page.title == "Halaman ini belum bisa dibuka"
    assert "no connection" not in page.html
    assert "Content-Security-Policy" in page.response.headers


def test_a_strange_host_and_a_form_without_token_are_answered(walk: Walker) -> None:
    strange = Desk().open("/t", host="example.org")
    assert strange.status == 400
    assert strange.title
    strict = Desk(Client(enforce_csrf_checks=True))
    old = strict.send("/masuk", {"login": "tutik", "password": PASSWORD})
    assert old.status == 403
    assert "Muat ulang, lalu kirim sekali lagi." in old.text


@pytest.mark.parametrize(
    "address",
    ["/tidak-ada", "/p/99999999", "/k/99999999", "/o/99999999", "/jadwal/99999999", "/tugas/99999999"],
)
def test_what_is_not_there_says_so(walk: Walker, address: str) -> None:
    page = desk_of("operator").open(address)
    assert page.status == 404
    assert page.title == "Halaman ini tidak ada"
    assert page.link("Ke halaman depan") == "/"
    assert "Traceback" not in page.html
    assert Incident.objects.count() == 0


def test_every_page_carries_its_policy(walk: Walker) -> None:
    house = walk.house
    operator, nobody = desk_of("operator"), Desk()
    pages = [
        operator.open(address)
        for address in (
            "/",
            "/lainnya",
            "/keluarga",
            "/cari?q=siti",
            f"/k/{house.family}",
            f"/o/{house.wife}",
            "/jadwal",
            "/saya",
            "/tidak-ada",
        )
    ]
    pages += [nobody.open(address) for address in ("/masuk", "/t", "/angka")]
    for page in pages:
        policy = page.response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.html), "no script stands in a page"
        assert not re.search(r"\son[a-z]+=\"|\sstyle=\"", page.html)
        assert page.response.headers["X-Content-Type-Options"] == "nosniff"
        assert page.title
    for page in pages[:9]:
        assert page.response.headers["Cache-Control"] == "no-store", "pages about people are not kept"
