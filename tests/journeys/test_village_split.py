"""A village is split by a decree: what Dinsos, both villages and the residents see on the next morning."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.journeys.node import Node
from tests.journeys.test_ticket import ask
from tests.journeys.visit import PHONE, Visitors, keep_picture

pytestmark = pytest.mark.journey
VILLAGE, PART = "3508022001", "3508022099"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request in the reserve of the village, with the number that the resident has, and the RW of the family."""

    id: int
    ticket: str
    birth_date: str
    rw: str


def waiting_in(node: Node) -> Waiting:
    found = node.rows(
        """
        SELECT r.id, t.number, t.birth_date, f.attributes ->> 'rw'
        FROM request_now r JOIN ticket t ON t.request = r.id JOIN family_now f ON f.id = r.family
        WHERE r.region = %s AND r.state IN ('reserved', 'deliberated') AND f.region = r.region ORDER BY r.id
        """,
        VILLAGE,
    )
    return Waiting(*found[0])


def test_a_village_is_split(visitors: Visitors, node: Node) -> None:
    """1. One RW of a village becomes a village of its own. Somebody at Dinsos writes the decree down; one command takes it in.
    2. Families, people and requests of that RW go along; what the decree does not tell is on the list of Dinsos.
    3. The supervisor finds it among their work, and assigns it.
    4. The new village has an operator, who opens the request and goes on with it; for the old village it is not there.
    5. The resident's number is the same, and says who handles the request now.
    6. Figures say by which boundaries they are counted.
    """
    request = waiting_in(node)
    kept = [rw for (rw,) in node.rows(
        "SELECT DISTINCT attributes ->> 'rw' FROM family_now WHERE region = %s ORDER BY 1", VILLAGE
    ) if rw != request.rw]  # fmt: skip
    unsaid = node.value(
        "SELECT attributes ->> 'rw' FROM family_now WHERE region = %s AND attributes ->> 'rw' = ANY(%s) "
        "GROUP BY 1 ORDER BY count(*), 1", VILLAGE, kept
    )  # fmt: skip
    areas = ", ".join(f'"RW {rw}"' for rw in kept if rw != unsaid)
    file = node.data / "perda.toml"
    file.write_text(
        f'decree = "Perda Kabupaten Lumajang 4/2026"\nday = {node.value("SELECT current_date")}\n\n'
        f'[names]\n{PART} = "Tirto Makmur"\n\n[[change]]\nfrom = "{VILLAGE}"\n'
        f'to = [{{ code = "{VILLAGE}", areas = [{areas}] }}, {{ code = "{PART}", areas = ["RW {request.rw}"] }}]\n'
    )
    said = node.command("regions", "change", str(file))
    left = node.value("SELECT left_over FROM region_change_now")
    assert left > 0
    assert f"{left} belum bisa ditempatkan" in said

    dinsos = visitors.sign_in("nira")
    dinsos.locator("main .mk-work__row", has_text="belum bisa ditempatkan").click()
    expect(dinsos.get_by_role("heading", level=1)).to_have_text("Perda Kabupaten Lumajang 4/2026")
    expect(dinsos.locator("main")).to_contain_text("Desa Tirto Makmur")
    first = dinsos.locator("form", has_text="Sekarang termasuk wilayah mana?").first
    dinsos.locator("#sisa").scroll_into_view_if_needed()
    first.get_by_role("button", name="Tempatkan").scroll_into_view_if_needed()
    keep_picture(dinsos, "wilayah-perubahan")
    first.get_by_label("Desa Tirto Makmur").check()
    first.get_by_role("button", name="Tempatkan").click()
    expect(dinsos.locator("form", has_text="Sekarang termasuk wilayah mana?")).to_have_count(left - 1)
    assert node.value("SELECT left_over FROM region_change_now") == left - 1

    node.employ("operator.tirtomakmur", "village_operator", PART)
    new = visitors.sign_in("operator.tirtomakmur", PHONE)
    new.goto(f"/p/{request.id}")
    expect(new.locator("main")).to_contain_text("Desa Tirto Makmur")
    old = visitors.sign_in(node.holder("village_operator", VILLAGE), PHONE)
    assert old.request.get(f"/p/{request.id}").status == 404

    resident = visitors.come(PHONE)
    resident.goto("/t")
    ask(resident, {"number": request.ticket, "birth_date": request.birth_date})
    expect(resident.locator("main")).to_contain_text("Ditangani oleh")
    expect(resident.locator("main")).to_contain_text("Desa Tirto Makmur")

    for page, address in ((dinsos, "/cadangan"), (resident, "/angka")):
        page.goto(address)
        expect(page.locator("main")).to_contain_text(re.compile(r"Menurut batas wilayah sejak .* \(Perda"))
