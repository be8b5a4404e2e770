"""The log of reading names everybody who was shown, and as what it was read."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

KEEP = """
ALTER TABLE reading DISABLE TRIGGER reading_inserted_only;
UPDATE reading SET subjects = ARRAY[subject] WHERE subject IS NOT NULL;
ALTER TABLE reading ENABLE TRIGGER reading_inserted_only;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0011_edit_distance")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="reading",
            name="subjects",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                db_comment="The persons, families and requests that were shown; null where a whole list of the region was",
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="role",
            field=models.TextField(db_comment="The role under which it was read", default=""),
        ),
        migrations.AddField(
            model_name="reading",
            name="office",
            field=models.TextField(
                db_collation="C", db_comment="The region for which that role was held", default=""
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="reading", name="subject"),
        migrations.AddIndex(
            model_name="reading",
            index=django.contrib.postgres.indexes.GinIndex(fields=["subjects"], name="reading_subjects"),
        ),
        migrations.AddIndex(
            model_name="reading", index=models.Index(fields=["actor", "id"], name="reading_actor")
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(
                fields=["region"], name="reading_lists", condition=models.Q(subjects__isnull=True)
            ),
        ),
    ]
