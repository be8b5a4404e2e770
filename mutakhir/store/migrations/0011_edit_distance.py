"""How many letters two names differ in: for names that were typed wrongly."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0010_regions"),
    ]

    operations: ClassVar = [CreateExtension("fuzzystrmatch")]
