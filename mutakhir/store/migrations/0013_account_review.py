"""Accounts are looked at again from time to time."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0012_reading")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="account",
            name="reviewed_at",
            field=models.DateTimeField(
                db_comment="When somebody last found that it is still needed", null=True
            ),
        ),
    ]
