"""Signing in: tries that are counted for all processes, the second factor, sessions that end, and the first account."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import DatabaseError, transaction
from django.test import override_settings

from mutakhir.core.actors import Role
from mutakhir.store.models import Account, AccountDeed, Attempt, RecoveryCode, RoleHeld, SecondFactor
from mutakhir.web.doors import Door, Knock
from mutakhir.wiring import second_factor
from tests.builders import CAST, KABUPATEN, Walker, actor
from tests.web.pages import PASSWORD, Desk, Seen, account_of, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

ADMINISTRATOR = actor("budi", (Role.ADMINISTRATOR, KABUPATEN))
OWN = "pisang-goreng-hangat"


def enrolled(walk: Walker, who: str = "verifier") -> tuple[Account, pyotp.TOTP, tuple[str, ...]]:
    """Somebody with a second factor, the telephone that tells the codes, and the codes on paper."""
    account = account_of(CAST[who])
    phone = pyotp.TOTP(second_factor.begin(account, now=walk.now).secret.replace(" ", ""))
    paper = second_factor.confirm(account, code=phone.at(walk.now), now=walk.now)
    walk.now += timedelta(minutes=1)
    return Account.objects.get(pk=account.pk), phone, paper


def password_of(login: str, desk: Desk, onward: str = "/") -> Seen:
    return desk.send("/masuk", {"login": login, "password": PASSWORD, "next": onward}, follow=False)


# --- tries ----------------------------------------------------------------------------------------------------------


def test_tries_at_the_same_instant_are_not_more_than_are_allowed(walk: Walker) -> None:
    door = Door("sign-in", timedelta(minutes=15))
    knocks = [Knock("a", 3), Knock("b", 5)]
    found = [door.knock(knocks, now=walk.now + timedelta(milliseconds=n)) for n in range(4)]
    assert found[:3] == [None, None, None]
    assert found[3] is not None
    assert Attempt.objects.filter(who="a").count() == 3, "a try that is not looked at is not counted"


def test_coming_in_forgets_slips_of_the_name_and_keeps_those_of_the_address(walk: Walker) -> None:
    account_of(CAST["operator"])
    for _ in range(3):
        Desk().send("/masuk", {"login": "tutik", "password": "salah"})
        walk.now += timedelta(seconds=1)
    before = Attempt.objects.count()
    assert password_of("tutik", Desk()).status == 302
    assert (before, Attempt.objects.count()) == (6, 3)


class Counting(PBKDF2PasswordHasher):
    """The hasher of every day, which counts its work."""

    iterations = 10
    done: list[str]

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        Counting.done.append(password)
        return super().encode(password, salt, iterations)


def test_known_and_unknown_and_ended_names_take_the_same_work(walk: Walker) -> None:
    with override_settings(PASSWORD_HASHERS=["tests.web.test_sign_in.Counting"]):
        Counting.done = []
        account_of(CAST["operator"])
        ended = account_of(CAST["verifier"])
        Account.objects.filter(pk=ended.pk).update(is_active=False)
        texts, work = [], []
        for login in ("tutik", "tidakada", "rudi"):
            Counting.done.clear()
            seen = Desk().send("/masuk", {"login": login, "password": "salah"})
            texts.append(seen.text.replace(login, ""))
            work.append(len(Counting.done))
    assert work == [1, 1, 1]
    assert len(set(texts)) == 1


@override_settings(PROXIES=frozenset({"127.0.0.1"}))
def test_behind_a_proxy_of_ours_the_address_is_the_one_it_names(walk: Walker) -> None:
    from mutakhir.web.doors import address_of

    def of(forwarded: str) -> str:
        return address_of(Desk().client.get("/masuk", headers={"X-Forwarded-For": forwarded}).wsgi_request)

    assert of("10.0.0.9, 192.0.2.7") == "192.0.2.7", "what the browser wrote itself does not count"
    with override_settings(PROXIES=frozenset()):
        assert of("192.0.2.7") == "127.0.0.1"


# --- the second factor ----------------------------------------------------------------------------------------------


def test_a_second_factor_is_taken_into_use(walk: Walker) -> None:
    desk, elsewhere = desk_of("operator"), desk_of("operator")
    desk.open("/")
    elsewhere.open("/")
    page = desk.open("/saya/kode")
    assert page.title == "Kode masuk"
    assert 'aria-label="Kode QR untuk aplikasi kode"' in page.html
    secret = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)[0]
    assert secret in desk.open("/saya/kode").text, "the same until it is confirmed"
    phone = pyotp.TOTP(secret.replace(" ", ""))
    wrong = desk.send("/saya/kode", {"deed": "confirm", "code": "000000"})
    assert wrong.status == 422
    assert "Kode belum cocok" in wrong.text
    done = desk.send("/saya/kode", {"deed": "confirm", "code": phone.at(walk.now)})
    assert done.title == "Simpan kode cadangan ini"
    codes = re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", done.text)
    assert len(set(codes)) == 8
    stored = str(list(RecoveryCode.objects.values_list("digest", flat=True)))
    assert not any(code.replace("-", "") in stored for code in codes), "kept as digests only"
    salt = bytes(SecondFactor.objects.get().salt)
    assert secret.replace(" ", "").encode() not in salt
    assert desk.open("/").status == 200, "who did it stays signed in"
    assert elsewhere.open("/").status == 302, "every other session has ended"
    assert codes[0] not in desk.open("/saya/kode").text


def test_signing_in_asks_for_the_code(walk: Walker) -> None:
    _, phone, _ = enrolled(walk)
    desk = Desk()
    half = password_of("rudi", desk, "/kumpulan")
    assert half.response.headers["Location"].startswith("/masuk/kode")
    assert desk.open("/kumpulan").response.headers["Location"].startswith("/masuk?"), "not signed in yet"
    asked = desk.open(half.response.headers["Location"])
    assert asked.title == "Kode masuk"
    assert 'autocomplete="one-time-code"' in asked.html
    wrong = desk.send("/masuk/kode", {"code": "123", "next": "/kumpulan"})
    assert wrong.status == 422
    code = phone.at(walk.now)
    done = desk.send("/masuk/kode", {"code": f"{code[:3]} {code[3:]}", "next": "/kumpulan"}, follow=False)
    assert done.response.headers["Location"] == "/kumpulan"
    assert desk.open("/kumpulan").status == 200
    assert Account.objects.get(login="rudi").last_login == walk.now


def test_a_code_counts_once(walk: Walker) -> None:
    account, phone, paper = enrolled(walk)
    code = phone.at(walk.now)
    assert second_factor.accepts(account, code, now=walk.now)
    assert not second_factor.accepts(account, code, now=walk.now)
    assert not second_factor.accepts(account, phone.at(walk.now - timedelta(seconds=30)), now=walk.now)
    walk.now += timedelta(minutes=1)
    assert second_factor.accepts(account, phone.at(walk.now), now=walk.now)
    assert second_factor.accepts(account, paper[0].lower(), now=walk.now)
    assert not second_factor.accepts(account, paper[0], now=walk.now)
    assert second_factor.codes_left(account) == 7
    assert not second_factor.accepts(account_of(CAST["operator"]), paper[1], now=walk.now)


def test_codes_are_tried_a_few_times_only_and_the_page_does_not_wait_for_ever(walk: Walker) -> None:
    _, phone, _ = enrolled(walk)
    desk = Desk()
    password_of("rudi", desk)
    for _ in range(8):
        assert desk.send("/masuk/kode", {"code": "000000"}).status == 422
    shut = desk.send("/masuk/kode", {"code": phone.at(walk.now)})
    assert shut.status == 429
    assert "Coba lagi pukul" in shut.text
    other = Desk()
    password_of("rudi", other)
    walk.now += timedelta(minutes=16)
    late = other.send("/masuk/kode", {"code": phone.at(walk.now)}, follow=False)
    assert late.response.headers["Location"].startswith("/masuk?")
    assert other.open("/").status == 302


def test_a_new_password_ends_the_way_to_the_code(walk: Walker) -> None:
    account, phone, _ = enrolled(walk)
    desk = Desk()
    password_of("rudi", desk)
    account.set_password("lain-sekali-sandinya")
    account.save()
    refused = desk.send("/masuk/kode", {"code": phone.at(walk.now)}, follow=False)
    assert refused.response.headers["Location"].startswith("/masuk?")


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_roles_above_the_village_are_led_to_it(walk: Walker) -> None:
    desk = desk_of("verifier")
    for address in ("/", "/kumpulan", "/saya", "/cari?q=siti"):
        assert desk.open(address).response.headers["Location"] == "/saya/kode"
    page = desk.open("/saya/kode")
    assert "Peran Anda memerlukan kode masuk" in page.text
    assert "Nanti saja" not in page.text
    phone = pyotp.TOTP(re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)[0].replace(" ", ""))
    desk.send("/saya/kode", {"deed": "confirm", "code": phone.at(walk.now)})
    assert desk.open("/kumpulan").status == 200
    kept = desk.send("/saya/kode", {"deed": "off", "current": PASSWORD})
    assert "Berhenti memakai" not in kept.text
    assert Account.objects.get(login="rudi").second_factor_since is not None
    assert desk_of("operator").open("/").status == 200, "a village decides for itself"


def test_where_it_is_free_it_can_be_taken_off_with_the_password(walk: Walker) -> None:
    enrolled(walk, "operator")
    desk = desk_of("operator")
    refused = desk.send("/saya/kode", {"deed": "off", "current": "tebakan"})
    assert refused.status == 422
    renewed = desk.send("/saya/kode", {"deed": "codes", "current": PASSWORD})
    assert renewed.title == "Simpan kode cadangan ini"
    desk.send("/saya/kode", {"deed": "off", "current": PASSWORD})
    assert Account.objects.get(login="tutik").second_factor_since is None
    assert not RecoveryCode.objects.exists()
    assert password_of("tutik", Desk()).response.headers["Location"] == "/"


def test_an_administrator_resets_it_with_a_reason_that_is_written_down(walk: Walker) -> None:
    account, _, _ = enrolled(walk)
    working = desk_of("verifier")
    working.open("/")
    desk = Desk()
    desk.client.force_login(account_of(ADMINISTRATOR))
    address = f"/akun/{account.pk}"
    assert "Hapus kode masuk" in desk.open(address).text
    silent = desk.send(address, {"deed": "reset", "reason": " ", "form_id": str(uuid4())})
    assert silent.status == 422
    assert Account.objects.get(pk=account.pk).second_factor_since is not None
    desk.send(address, {"deed": "reset", "reason": "HP hilang", "form_id": str(uuid4())})
    assert Account.objects.get(pk=account.pk).second_factor_since is None
    deed = AccountDeed.objects.get(deed="second_factor_reset")
    assert (deed.account, deed.actor, deed.reason) == (account, "budi", "HP hilang")
    assert working.open("/").status == 302
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountDeed.objects.update(reason="")
    assert desk_of("supervisor").send(address, {"deed": "reset", "reason": "x"}).status == 404


# --- sessions -------------------------------------------------------------------------------------------------------


def signed_in(walk: Walker) -> Desk:
    account_of(CAST["operator"])
    desk = Desk()
    assert password_of("tutik", desk).status == 302
    return desk


def test_a_session_ends_when_nothing_is_opened(walk: Walker) -> None:
    desk = signed_in(walk)
    for _ in range(4):
        walk.now += timedelta(minutes=29)
        assert desk.open("/").status == 200
    walk.now += timedelta(minutes=31)
    over = desk.follow("/keluarga")
    assert over.title == "Masuk"
    assert "Anda keluar karena 30 menit tidak ada kegiatan." in over.text
    assert over.field("next") == "/keluarga"
    assert desk.open("/").status == 302


def test_a_session_ends_when_it_is_old(walk: Walker) -> None:
    desk = signed_in(walk)
    for _ in range(29):
        walk.now += timedelta(minutes=25)
        seen = desk.follow("/")
    assert "Anda keluar karena sudah 12 jam masuk." in seen.text


def test_a_form_sent_too_late_does_nothing(walk: Walker) -> None:
    desk = signed_in(walk)
    walk.now += timedelta(minutes=31)
    late = desk.send("/saya/sandi", {"password": OWN, "again": OWN, "current": PASSWORD}, follow=False)
    assert late.response.headers["Location"].startswith("/masuk?next=/saya/sandi")
    assert Account.objects.get(login="tutik").check_password(PASSWORD)


def test_signing_out_everywhere(walk: Walker) -> None:
    desk, telephone = signed_in(walk), signed_in(walk)
    assert "Keluar dari semua perangkat" in desk.open("/saya").text
    assert desk.open("/saya/keluar-semua").status == 405
    assert desk.send("/saya/keluar-semua").title == "Masuk"
    assert desk.open("/").status == telephone.open("/").status == 302
    assert password_of("tutik", Desk()).status == 302


def test_a_new_password_ends_the_other_sessions(walk: Walker) -> None:
    desk, telephone = signed_in(walk), signed_in(walk)
    desk.send("/saya/sandi", {"password": OWN, "again": OWN, "current": PASSWORD})
    assert desk.open("/").status == 200
    assert telephone.open("/").status == 302


def test_a_role_that_ends_signs_out(walk: Walker) -> None:
    working = signed_in(walk)
    account = Account.objects.get(login="tutik")
    held = RoleHeld.objects.get(account=account)
    desk = Desk()
    desk.client.force_login(account_of(ADMINISTRATOR))
    desk.send(f"/akun/{account.pk}", {"deed": "end_role", "held": str(held.pk), "form_id": str(uuid4())})
    assert working.open("/").response.headers["Location"].startswith("/masuk?")


# --- the first account ----------------------------------------------------------------------------------------------


def test_the_terminal_makes_the_first_administrator(
    walk: Walker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_at_terminal(monkeypatch, "create", "Budi", "--name", "Budi Santoso", "--region", KABUPATEN)
    told = capsys.readouterr().out
    assert told.startswith("Nama pengguna: budi\nKata sandi sekali pakai: ")
    password = re.findall(r"[a-z]+-[a-z]+-[a-z]+-[a-z]+-\d\d", told)[0]
    desk = Desk()
    assert desk.send("/masuk", {"login": "budi", "password": password}, follow=False).status == 302
    assert desk.open("/akun").response.headers["Location"] == "/saya/sandi"
    desk.send("/saya/sandi", {"password": OWN, "again": OWN})
    assert desk.open("/akun").title == "Akun"
    monkeypatch.setenv("MUTAKHIR_LANGUAGE", "en")
    run_at_terminal(monkeypatch, "password", "budi")
    assert capsys.readouterr().out.startswith("User name: budi\nOne-time password: ")
    assert desk.open("/akun").status == 302, "a new one-time password signs out"


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("create", "b", "--name", "Budi Santoso", "--region", KABUPATEN), "login-form"),
        (("create", "budi", "--name", "Budi Santoso", "--region", "35"), "role-level"),
        (("create", "budi", "--name", "Budi Santoso", "--region", "9999"), "region-unknown-code"),
        (
            ("create", "budi", "--name", "Budi Santoso", "--region", KABUPATEN, "--role", "raja"),
            "role-unknown",
        ),
        (("password", "siapa"), "account-unknown"),
        (("reset-code", "siapa", "--reason", "x"), "account-unknown"),
        (("code", "siapa"), "account-unknown"),
    ],
)
def test_what_is_wrong_at_the_terminal_is_refused(
    walk: Walker, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], rule: str
) -> None:
    from mutakhir.core.refusals import Refused

    with pytest.raises(Refused) as refused:
        run_at_terminal(monkeypatch, *arguments)
    assert [one.rule for one in refused.value.refusals] == [rule]
    assert not Account.objects.exists()


def test_codes_at_the_terminal_are_for_training_only(
    walk: Walker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mutakhir.core.refusals import Refused

    _, phone, _ = enrolled(walk)
    run_at_terminal(monkeypatch, "code", "rudi")
    assert capsys.readouterr().out.strip() == phone.at(walk.now)
    with override_settings(TRAINING=False), pytest.raises(Refused) as refused:
        run_at_terminal(monkeypatch, "code", "rudi")
    assert refused.value.refusals[0].rule == "training-only"
    run_at_terminal(monkeypatch, "reset-code", "rudi", "--reason", "HP hilang")
    assert Account.objects.get(login="rudi").second_factor_since is None
    assert AccountDeed.objects.get(deed="second_factor_reset").actor == "terminal"


def run_at_terminal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    """The command on the database of the test, which is there and migrated already."""
    import contextlib

    import typer

    from mutakhir.cli import account
    from mutakhir.node import program
    from mutakhir.wiring import regions

    monkeypatch.setattr(program, "program", lambda: contextlib.nullcontext())
    monkeypatch.setattr(regions, "load_regions", lambda: 0)
    return typer.main.get_command(account.accounts).main(args=list(arguments), standalone_mode=False)
