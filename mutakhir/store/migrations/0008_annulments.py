"""Annulments as they stand, and what names an event as its cause."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import mutakhir.store.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0007_places"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AnnulmentNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the annulment", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("request", models.BigIntegerField(db_comment="The request that was applied in error")),
                ("state", models.TextField(db_comment="asked, approved, refused or taken_back")),
                ("since", models.DateTimeField(db_comment="Since when it is in this state")),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the annulment's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(
                        db_comment="The whole annulment as its events tell it"
                    ),
                ),
            ],
            options={
                "db_table": "annulment_now",
                "db_table_comment": "Projection: annulments of what was applied in error, asked for and decided",
            },
        ),
        migrations.AddField(
            model_name="task",
            name="caused_by",
            field=models.BigIntegerField(db_comment="The event that gave rise to it", null=True),
        ),
        migrations.AddIndex(
            model_name="eventrow",
            index=models.Index(
                condition=models.Q(("caused_by__isnull", False)), fields=["caused_by"], name="event_caused_by"
            ),
        ),
        migrations.AddIndex(
            model_name="annulmentnow",
            index=models.Index(fields=["request"], name="annulment_now_request"),
        ),
        migrations.AddIndex(
            model_name="annulmentnow",
            index=models.Index(fields=["region", "state"], name="annulment_now_region"),
        ),
    ]
