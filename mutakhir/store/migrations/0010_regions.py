"""Decrees that split, merged or renumbered regions."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import mutakhir.store.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0009_erasures"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RegionChangeNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the change", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="The narrowest region that holds everything that changed"
                    ),
                ),
                ("day", models.DateField(db_comment="Since when the new boundaries hold")),
                (
                    "left_over",
                    models.IntegerField(db_comment="How many things nobody has assigned to a successor yet"),
                ),
                (
                    "underway",
                    models.IntegerField(db_comment="How many requests may still end under the old code"),
                ),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the change's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(
                        db_comment="The whole change as its events tell it, without anything personal"
                    ),
                ),
            ],
            options={
                "db_table": "region_change_now",
                "db_table_comment": "Projection: decrees that split, merged or renumbered regions",
            },
        ),
    ]
