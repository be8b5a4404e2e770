"""Files whose import was reversed; the same file may come again then."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0005_sign_in")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="source",
            name="reversed_at",
            field=models.DateTimeField(db_comment="When all that it said was withdrawn", null=True),
        ),
        migrations.AddField(
            model_name="source",
            name="reversed_by",
            field=models.TextField(db_comment="Who reversed it", default=""),
        ),
        migrations.AddField(
            model_name="source",
            name="reversed_for",
            field=models.TextField(db_comment="Why it was reversed", default=""),
        ),
        migrations.RemoveConstraint(model_name="source", name="source_once"),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reversed_at__isnull", True)),
                fields=("digest", "authority", "as_of"),
                name="source_once",
            ),
        ),
    ]
