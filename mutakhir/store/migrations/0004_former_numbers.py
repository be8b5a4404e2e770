"""Numbers of retired persons and ended families, and to whom they lead."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0003_turns")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="FormerNumber",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("kind", models.TextField(db_comment="nik, no_kk, or a source's own")),
                ("value", models.TextField(db_comment="The number")),
                ("subject", models.BigIntegerField(db_comment="The person or family to whom it leads now")),
                (
                    "told_by",
                    models.BigIntegerField(db_comment="The person or family whose history says so"),
                ),
            ],
            options={
                "db_table": "former_number",
                "db_table_comment": "Projection: numbers of retired persons and ended families, and to whom they lead",
                "indexes": [
                    models.Index(fields=["value"], name="former_number_value"),
                    models.Index(fields=["told_by"], name="former_number_told_by"),
                ],
            },
        ),
    ]
