"""Erasing and sealing: where sealed payloads lie, how far each erasure is, and that a reason may be taken from an event."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import mutakhir.store.models

REASON_ALONE = """
CREATE FUNCTION refuse_change_but_of_reason() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before event;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD;
        before.reason := NEW.reason;
        IF before IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is inserted only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION refuse_change_but_of_reason() IS
    'Refuses UPDATE and DELETE of an event, but for its reason: what people wrote in the first release can be erased';
DROP TRIGGER event_inserted_only ON event;
CREATE TRIGGER event_inserted_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_of_reason();
"""
AS_BEFORE = """
DROP TRIGGER event_inserted_only ON event;
CREATE TRIGGER event_inserted_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_change_but_of_reason();
"""
SEALED = """
CREATE TRIGGER sealed_body_never_changed BEFORE UPDATE ON sealed_body
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_body_never_emptied BEFORE TRUNCATE ON sealed_body
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("store", "0008_annulments"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ErasureNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the erasure", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                (
                    "person",
                    models.BigIntegerField(
                        db_comment="The person whose contents are erased, sealed or unsealed"
                    ),
                ),
                (
                    "state",
                    models.TextField(db_comment="asked, approved, refused, taken_back, begun or carried_out"),
                ),
                ("since", models.DateTimeField(db_comment="Since when it is in this state")),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the erasure's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(
                        db_comment="The whole erasure as its events tell it; a person is a number in it"
                    ),
                ),
            ],
            options={
                "db_table": "erasure_now",
                "db_table_comment": "Projection: what was asked to be erased or sealed, on which basis, and how far it is",
                "indexes": [
                    models.Index(fields=["person"], name="erasure_now_person"),
                    models.Index(fields=["region", "state"], name="erasure_now_region"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedBody",
            fields=[
                (
                    "event",
                    models.BigIntegerField(
                        db_comment="The event that this is the payload of", primary_key=True, serialize=False
                    ),
                ),
                ("salt", models.BinaryField(db_comment="Random bytes; deleted together with the body")),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The payload as it was committed to"),
                ),
                (
                    "reason",
                    models.TextField(
                        db_comment="The reason that stood in the event's row, if it was of the first release",
                        null=True,
                    ),
                ),
            ],
            options={
                "db_table": "sealed_body",
                "db_table_comment": "Payloads that were sealed on a legal basis; no role that asks or writes reads them",
            },
        ),
        migrations.AlterField(
            model_name="eventrow",
            name="reason",
            field=models.TextField(
                db_comment="Why, as the first release wrote it; since then it lies in the body", null=True
            ),
        ),
        migrations.RunSQL(REASON_ALONE, AS_BEFORE),
        migrations.RunSQL(SEALED, migrations.RunSQL.noop),
    ]
