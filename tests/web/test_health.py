"""The page that watchers ask says where the feed stands and what waits for its number."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import RequestFactory

import mutakhir
from mutakhir.store import feed
from mutakhir.web.health import health

pytestmark = pytest.mark.django_db


def test_it_says_where_the_feed_stands_and_what_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO pending (first, last) VALUES (900001, 900003)")
    answer = health(RequestFactory().get("/sehat"))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    assert json.loads(answer.content) == {
        "version": mutakhir.__version__,
        "position": feed.head(),
        "waiting": 1,
    }


def test_it_cannot_be_written_to() -> None:
    assert health(RequestFactory().post("/sehat")).status_code == 405
