"""Indexes that answer by themselves whose turn it is, and what was finished last."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0002_insert_only")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="requestnow", name="request_now_owner"),
        migrations.AddIndex(
            model_name="requestnow",
            index=models.Index(
                fields=["owner", "region", "next_step"],
                include=["kind", "batch", "window", "submission", "since", "due", "id"],
                name="request_now_turns",
                condition=models.Q(ended=False),
            ),
        ),
        migrations.AddIndex(
            model_name="requestnow",
            index=models.Index(
                fields=["region", "since"],
                include=["id"],
                name="request_now_ended",
                condition=models.Q(ended=True),
            ),
        ),
    ]
