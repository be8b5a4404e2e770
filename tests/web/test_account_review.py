"""Accounts are looked at again from time to time: by the administrator, and by the head of Dinsos who is reminded."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from mutakhir.core.actors import Role
from mutakhir.store.models import Account, AccountDeed, Task
from mutakhir.web.sessions import rules_of_today
from mutakhir.wiring.accounts import REMINDER
from mutakhir.wiring.timekeeping import remind_of_accounts
from tests.builders import CAST, ELSEWHERE, KABUPATEN, Walker, actor
from tests.web.pages import Desk, account_of, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

ADMINISTRATOR = actor("budi", (Role.ADMINISTRATOR, KABUPATEN))
HEAD = actor("kepala", (Role.HEAD_OF_DINSOS, KABUPATEN))


def desk_as(who: object) -> Desk:
    desk = Desk()
    desk.client.force_login(account_of(who))
    return desk


def remind(walk: Walker) -> int:
    """The clock comes by; how many reminders are open then."""
    remind_of_accounts(walk.now)
    return Task.objects.filter(rule=REMINDER, closed_at__isnull=True).count()


@pytest.fixture
def staff(walk: Walker) -> dict[str, Account]:
    """Four accounts that were made just now, one of them elsewhere."""
    made = {who.login: account_of(who) for who in (ADMINISTRATOR, HEAD, CAST["operator"])}
    made["jauh"] = account_of(actor("jauh", (Role.VILLAGE_OPERATOR, ELSEWHERE)))
    Account.objects.update(created_at=walk.now)
    return made


def later(walk: Walker) -> None:
    walk.now += rules_of_today(walk.now).review


def deed(desk: Desk, account: Account, name: str, **told: str) -> object:
    return desk.send(f"/akun/{account.pk}", {"deed": name, "form_id": str(uuid4()), **told})


def test_the_list_shows_role_place_last_sign_in_and_second_factor(
    walk: Walker, staff: dict[str, Account]
) -> None:
    Account.objects.filter(login="tutik").update(last_login=walk.now, second_factor_since=walk.now)
    for who in (ADMINISTRATOR, HEAD):
        (row,) = (one for one in desk_as(who).open("/akun").rows("Akun") if "(tutik)" in one)
        assert "Operator desa, Desa Jenggrong" in row
        assert "masuk terakhir" in row
        assert "dengan kode masuk" in row
        assert "Aktif" in row
        assert "jauh" not in desk_as(who).open("/akun").text
    assert "Buat akun" not in desk_as(HEAD).open("/akun").text


def test_nobody_is_reminded_before_it_is_time(walk: Walker, staff: dict[str, Account]) -> None:
    walk.now += rules_of_today(walk.now).review - timedelta(seconds=1)
    assert remind(walk) == 0
    assert "perlu ditinjau" not in desk_as(ADMINISTRATOR).open("/akun").text


def test_the_head_of_dinsos_is_reminded_once_and_reviews_until_nothing_is_left(
    walk: Walker, staff: dict[str, Account]
) -> None:
    later(walk)
    assert (remind(walk), remind(walk)) == (2, 2), "a reminder for each kabupaten, and no second one"
    desk = desk_as(HEAD)
    home = desk.open("/")
    assert "3 akun perlu ditinjau: masih diperlukan, atau diakhiri." in home.text
    listed = desk.open("/akun?tinjau=ya")
    assert listed.text.count("Perlu ditinjau") == 3
    assert "3 akun perlu ditinjau." in desk.open("/akun").text
    deed(desk, staff["tutik"], "review")
    assert Account.objects.get(login="tutik").reviewed_at == walk.now
    assert remind(walk) == 2
    assert "2 akun perlu ditinjau" in desk.open("/").text
    deed(desk, staff["budi"], "end")
    assert not Account.objects.get(login="budi").is_active
    refused = desk.send(f"/akun/{staff['kepala'].pk}", {"deed": "review", "form_id": str(uuid4())})
    assert refused.status == 422, "nobody reviews themselves"
    ours = Task.objects.get(region=KABUPATEN)
    assert (remind(walk), ours.closed_at) == (2, None)
    other = desk_as(actor("wakil", (Role.HEAD_OF_DINSOS, KABUPATEN)))
    Account.objects.filter(login="wakil").update(reviewed_at=walk.now)
    deed(other, staff["kepala"], "review")
    assert remind(walk) == 1, "another kabupaten's stays"
    ours.refresh_from_db()
    assert ours.closed_at == walk.now
    assert [one.deed for one in AccountDeed.objects.order_by("id")] == ["reviewed", "ended", "reviewed"]
    assert "Ditinjau: masih diperlukan" in desk.open(f"/akun/{staff['tutik'].pk}").text


def test_who_reviews_ends_sessions_too(walk: Walker, staff: dict[str, Account]) -> None:
    working = desk_of("operator")
    assert working.open("/").status == 200
    deed(desk_as(HEAD), staff["tutik"], "end_sessions")
    assert working.open("/").status == 302
    assert AccountDeed.objects.get().deed == "signed_out"


def test_a_reviewer_makes_no_accounts_and_gives_no_roles(walk: Walker, staff: dict[str, Account]) -> None:
    desk, operator = desk_as(HEAD), staff["tutik"]
    page = desk.open(f"/akun/{operator.pk}")
    for forbidden in ("Tambah peran", "Buat kata sandi baru", "Akhiri peran"):
        assert forbidden not in page.text
    before = Account.objects.get(pk=operator.pk).password
    deed(desk, operator, "password")
    deed(desk, operator, "end_role", held=str(operator.roles.get().pk))
    assert Account.objects.get(pk=operator.pk).password == before
    assert operator.roles.get().until_day is None
    for address in ("/akun/baru", f"/akun/{operator.pk}/peran", f"/akun/{staff['jauh'].pk}"):
        assert desk.open(address).status == 404
    assert desk_of("verifier").open("/akun").status == 404
