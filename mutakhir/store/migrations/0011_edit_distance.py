"""How many letters two names differ in, and names as they are searched now: M. is Muhammad, Kholil sounds like Holil."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

from mutakhir.core.people import search_key

ROWS = 5_000


def key_anew(_apps: Any, editor: Any) -> None:
    last = -1
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT id, name, name_key FROM person_now WHERE id > %s ORDER BY id LIMIT %s", [last, ROWS]
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            changed = [
                (number, key) for number, name, before in rows if (key := search_key(name or "")) != before
            ]
            if not changed:
                continue
            numbers, keys = map(list, zip(*changed, strict=True))
            cursor.execute(
                "UPDATE person_now p SET name_key = n.key FROM unnest(%s::bigint[], %s::text[]) n(id, key) WHERE p.id = n.id",
                [numbers, keys],
            )
            cursor.execute(
                "INSERT INTO name_now (key) SELECT DISTINCT unnest(%s::text[]) ON CONFLICT DO NOTHING", [keys]
            )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0010_regions"),
    ]

    operations: ClassVar = [
        CreateExtension("fuzzystrmatch"),
        migrations.RunPython(key_anew, migrations.RunPython.noop),
    ]
