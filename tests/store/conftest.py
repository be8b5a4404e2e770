"""Gives tests that commit a migrated database of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def migrated_database(database_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    from tests.databases import migrated

    with django_db_blocker.unblock(), migrated(database_url) as name:
        yield name


@pytest.fixture
def own_database(
    database_url: str, migrated_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The address of an empty, migrated database to which Django's connection leads."""
    from tests.databases import apart, used_by_django

    with (
        django_db_blocker.unblock(),
        apart(database_url, template=migrated_database) as url,
        used_by_django(url),
    ):
        yield url
