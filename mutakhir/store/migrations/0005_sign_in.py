"""Second factors with their codes, the mark by which sessions end, and the journal of what was done with accounts."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER {table}_inserted_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0004_former_numbers"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_comment="Whose second factor it is",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "salt",
                    models.BinaryField(
                        db_comment="Random bytes; the secret is made of them and of the node's own"
                    ),
                ),
                (
                    "last_step",
                    models.BigIntegerField(
                        db_comment="The step of the last code that was taken; no code counts twice", default=0
                    ),
                ),
                ("made_at", models.DateTimeField(db_comment="When it was begun")),
            ],
            options={
                "db_table": "second_factor",
                "db_table_comment": "Second factors (RFC 6238) of accounts; no secret stands here",
            },
        ),
        migrations.AddField(
            model_name="account",
            name="second_factor_since",
            field=models.DateTimeField(db_comment="Since when signing in asks for a code as well", null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="session_mark",
            field=models.IntegerField(
                db_comment="Counts how often all sessions of the account were ended", default=0
            ),
        ),
        migrations.CreateModel(
            name="AccountDeed",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_comment="When")),
                ("actor", models.TextField(db_comment="Who did it")),
                ("deed", models.TextField(db_comment="What was done")),
                ("reason", models.TextField(db_comment="Why, where a reason is asked for", default="")),
                (
                    "account",
                    models.ForeignKey(
                        db_comment="Whose account",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "account_deed",
                "db_table_comment": "What was done with accounts; inserted only",
                "indexes": [models.Index(fields=["account", "at"], name="account_deed_account")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("digest", models.TextField(db_comment="A keyed digest of the code")),
                (
                    "account",
                    models.ForeignKey(
                        db_comment="Whose code it is",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "recovery_code",
                "db_table_comment": "Codes for who has lost the second factor; one that was used is deleted",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "digest"), name="recovery_code_once")
                ],
            },
        ),
        migrations.RunSQL(GUARD.format(table="account_deed"), migrations.RunSQL.noop),
    ]
