"""The place of handling of requests, visits to houses, and what the camat said."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import mutakhir.store.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0006_reversal"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TransferNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the request that is offered", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(db_collation="C", db_comment="The village to which it is offered"),
                ),
                (
                    "offered_from",
                    models.TextField(
                        db_collation="C", db_comment="The village that handles it until it is taken over"
                    ),
                ),
                ("kind", models.TextField(db_comment="Kind of the request")),
                ("subject_name", models.TextField(db_comment="The name under which it stands on lists")),
                ("reason", models.TextField(db_comment="Why it is offered")),
                ("since", models.DateTimeField(db_comment="Since when it is offered")),
                ("due", models.DateField(db_comment="Until when an answer is in time", null=True)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the request's history that offered it"),
                ),
            ],
            options={
                "db_table": "transfer_now",
                "db_table_comment": "Projection: requests that are offered to another village, as that village sees them",
            },
        ),
        migrations.CreateModel(
            name="VisitNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the visit", primary_key=True, serialize=False
                    ),
                ),
                ("region", models.TextField(db_collation="C", db_comment="The village of the house")),
                (
                    "about",
                    models.BigIntegerField(
                        db_comment="The request, family, person or dwelling because of which the house is visited"
                    ),
                ),
                ("family", models.BigIntegerField(db_comment="The family whose house it is", null=True)),
                ("state", models.TextField(db_comment="asked, assigned, reported or called_off")),
                ("owner", models.TextField(db_comment="The role that must act, empty when it has ended")),
                (
                    "checker",
                    models.TextField(
                        db_comment="Login of the field checker to whom it is assigned", null=True
                    ),
                ),
                ("since", models.DateTimeField(db_comment="Since when it is in this state")),
                ("due", models.DateField(db_comment="Until when the next step is in time", null=True)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the visit's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The whole visit as its events tell it"),
                ),
            ],
            options={
                "db_table": "visit_now",
                "db_table_comment": "Projection: visits to houses, with who goes there and what was found",
            },
        ),
        migrations.AddField(
            model_name="account",
            name="home_point",
            field=models.TextField(
                db_comment="Where a field checker sets out from, latitude and longitude", null=True
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="home_region",
            field=models.TextField(
                db_comment="The kecamatan or village where a field checker lives", null=True
            ),
        ),
        migrations.AddField(
            model_name="requestnow",
            name="forwarded",
            field=models.TextField(
                db_comment="What the camat said: forwarded, let_pass or not_forwarded", null=True
            ),
        ),
        migrations.RunSQL(
            "UPDATE request_now SET forwarded = body ->> 'forwarded' WHERE body ->> 'forwarded' IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="requestnow",
            index=models.Index(
                condition=models.Q(("forwarded__isnull", True), ("state", "handed_over")),
                fields=["region", "since"],
                name="request_now_unforwarded",
            ),
        ),
        migrations.AddIndex(
            model_name="transfernow",
            index=models.Index(fields=["region", "due"], name="transfer_now_region"),
        ),
        migrations.AddIndex(
            model_name="visitnow",
            index=models.Index(
                condition=models.Q(("owner", ""), _negated=True),
                fields=["owner", "region", "due"],
                name="visit_now_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="visitnow",
            index=models.Index(
                condition=models.Q(("state", "assigned")), fields=["checker"], name="visit_now_checker"
            ),
        ),
        migrations.AddIndex(
            model_name="visitnow",
            index=models.Index(fields=["about"], name="visit_now_about"),
        ),
    ]
