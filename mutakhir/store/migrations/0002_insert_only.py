"""What the database refuses: changing or deleting an event, its place in the feed, or a line of the reading log."""

from __future__ import annotations

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is inserted only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION refuse_change() IS 'Refuses UPDATE, DELETE and TRUNCATE on tables that are inserted only';
"""
GUARD = """
CREATE TRIGGER {table}_inserted_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BODY = """
CREATE TRIGGER event_body_never_changed BEFORE UPDATE ON event_body
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_body_never_emptied BEFORE TRUNCATE ON event_body
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
SUBJECTS = (
    "CREATE SEQUENCE subject_id MAXVALUE 4294967295; COMMENT ON SEQUENCE subject_id IS 'Numbers of subjects'"
)
HEAD = "INSERT INTO feed_head (register, position) VALUES ('social', 0)"


class Migration(migrations.Migration):
    dependencies = [("store", "0001_ground")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change"),
        *(
            migrations.RunSQL(GUARD.format(table=table), migrations.RunSQL.noop)
            for table in ("event", "feed", "reading")
        ),
        migrations.RunSQL(BODY, migrations.RunSQL.noop),
        migrations.RunSQL(SUBJECTS, "DROP SEQUENCE subject_id"),
        migrations.RunSQL(HEAD, "DELETE FROM feed_head"),
        migrations.RunSQL(
            "ALTER TABLE pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)",
            "ALTER TABLE pending RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        ),
    ]
