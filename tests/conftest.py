"""Gives the tests a real database server of their own, started when the first test asks for it.

DATABASE_URL, if set, names another server to test on (an owner who may create databases).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mutakhir.node import postgres

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
"""Only for tests: nothing here has to outlive a loss of power."""

ELSEWHERE = os.environ.get("DATABASE_URL")
FOLDER = Path(tempfile.mkdtemp(prefix="mutakhir-", dir="/tmp" if os.name == "posix" else None))
FOLDER.chmod(0o755)

if not ELSEWHERE:
    # The address is known before the server runs, because the settings are read long before the first test.
    os.environ["DATABASE_URL"] = postgres.url_of(FOLDER / "s")
os.environ["MUTAKHIR_DATA"] = str(FOLDER)
# Whoever sits down in a test signs in with a password; the tests of the second factor ask for it.
os.environ["MUTAKHIR_SECOND_FACTOR"] = "optional"
# A browser that a test drives keeps a loop in its process; the tests after it still ask the database as before.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

if find_spec("mutakhir.site.settings"):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutakhir.site.settings")


# How long an example takes to invent says how busy the machine is, nothing about the program.
settings.register_profile("shared", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


def pytest_configure() -> None:
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        from django.conf import settings

        assert settings.DATABASES, "reading them is what makes pytest-django set Django up"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The processes that run the tests begin afresh: each has a server of its own, unless one was named."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    if not ELSEWHERE:
        os.environ.pop("DATABASE_URL", None)


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The address of a running server, for its owner; started once, for all tests that ask."""
    if ELSEWHERE:
        yield ELSEWHERE
        return
    sockets = FOLDER / "s"
    sockets.mkdir(mode=0o700, exist_ok=True)
    with postgres.server(FOLDER / "data", sockets=sockets, options=FAST) as url:
        assert url == os.environ["DATABASE_URL"]
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """pytest-django asks for this before it makes the test database: the server has to run by then."""


@pytest.fixture(autouse=True)
def _names_anew() -> None:
    """A test's places are gone with it, and so is what was remembered of them."""
    if (places := sys.modules.get("mutakhir.queries.places")) is not None:
        places.forget()
