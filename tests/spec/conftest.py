"""Gives every paragraph of the rulebook a register: one in memory and one in PostgreSQL, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.builders import Ground
    from tests.spec.families.households import Households
    from tests.spec.intake.lists import Lists
    from tests.spec.time.facts import Facts
    from tests.spec.walks import Walking


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.django_db)])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A register without anything in it."""
    # Only now: this file is read before the settings are.
    from django.db import connection, transaction

    from tests.builders import MemoryGround, PostgresGround

    if request.param == "memory":
        yield MemoryGround()
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE subject_id RESTART")
        yield PostgresGround()


@pytest.fixture
def walk(ground: Ground) -> Walking:
    from tests.builders import Walker
    from tests.spec.walks import Walking

    return Walking(Walker(ground))


@pytest.fixture
def facts(ground: Ground) -> Facts:
    from tests.spec.time.facts import Facts

    return Facts(ground)


@pytest.fixture
def lists(ground: Ground) -> Lists:
    from tests.spec.intake.lists import Lists

    return Lists(ground)


@pytest.fixture
def households(ground: Ground) -> Households:
    from tests.spec.families.households import Households

    return Households(ground)
