"""Gives tests that commit a migrated database of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker


@pytest.fixture
def own_database(
    database_url: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The address of an empty, migrated database to which Django's connection leads."""
    from django.db import connections

    from tests.databases import apart, used_by_django

    connections.close_all()
    template = str(connections["default"].settings_dict["NAME"])
    with (
        apart(database_url, template=template) as url,
        used_by_django(url),
        django_db_blocker.unblock(),
    ):
        yield url
