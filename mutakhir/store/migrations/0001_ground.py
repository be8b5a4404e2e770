"""The tables of the first release."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import mutakhir.store.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "login",
                    models.TextField(
                        db_comment="What is typed to sign in; one person, one account", unique=True
                    ),
                ),
                ("name", models.TextField(db_comment="Name of the person")),
                (
                    "is_active",
                    models.BooleanField(db_comment="Ended accounts stay, and cannot sign in", default=True),
                ),
                ("created_at", models.DateTimeField(db_comment="When it was created")),
                ("created_by", models.TextField(db_comment="By whom")),
                ("ended_at", models.DateTimeField(db_comment="When it was ended", null=True)),
                (
                    "must_change_password",
                    models.BooleanField(
                        db_comment="Set until the person has chosen a password", default=True
                    ),
                ),
                ("language", models.TextField(db_comment="id or en", default="id")),
                (
                    "keys_on",
                    models.BooleanField(db_comment="Whether letter keys act in the review", default=True),
                ),
            ],
            options={
                "db_table": "account",
                "db_table_comment": "Personal accounts",
            },
        ),
        migrations.CreateModel(
            name="DwellingNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the dwelling", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("attributes", models.JSONField(db_comment="All values of now, by attribute", default=dict)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the dwelling's history that this row shows"),
                ),
            ],
            options={
                "db_table": "dwelling_now",
                "db_table_comment": "Projection: dwellings as they are believed to be now",
            },
        ),
        migrations.CreateModel(
            name="EventBody",
            fields=[
                (
                    "event",
                    models.BigIntegerField(
                        db_comment="The event that this is the payload of", primary_key=True, serialize=False
                    ),
                ),
                ("salt", models.BinaryField(db_comment="Random bytes; deleted together with the body")),
                ("body", mutakhir.store.models.VerbatimJson(db_comment="The payload as it was committed to")),
            ],
            options={
                "db_table": "event_body",
                "db_table_comment": "Everything personal in an event; a role of its own may delete a row on a legal basis",
            },
        ),
        migrations.CreateModel(
            name="FeedHead",
            fields=[
                (
                    "register",
                    models.TextField(db_comment="Name of the register", primary_key=True, serialize=False),
                ),
                ("position", models.BigIntegerField(db_comment="The last number that was given")),
            ],
            options={
                "db_table": "feed_head",
                "db_table_comment": "One row a register: the head of its feed",
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source", "batch", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.BigIntegerField(db_comment="The source")),
                ("batch", models.IntegerField(db_comment="Number of the batch within the file")),
                ("counts", models.JSONField(db_comment="Rows in, rejected, with warnings, again")),
                ("done_at", models.DateTimeField(db_comment="When the batch was committed")),
            ],
            options={
                "db_table": "import_batch",
                "db_table_comment": "Batches of a file that are in; an interrupted import goes on behind them",
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        db_comment="The number that people are told", primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(db_comment="When")),
                ("path", models.TextField(db_comment="Where")),
                ("trace", models.TextField(db_comment="What happened, for who mends it")),
            ],
            options={
                "db_table": "incident",
                "db_table_comment": "Unexpected failures; people see the number, never the trace",
            },
        ),
        migrations.CreateModel(
            name="KnownAt",
            fields=[
                (
                    "instant",
                    models.DateTimeField(
                        db_comment="The instant that somebody asked about", primary_key=True, serialize=False
                    ),
                ),
                ("position", models.BigIntegerField(db_comment="The position that it means, fixed for ever")),
            ],
            options={
                "db_table": "known_at",
                "db_table_comment": "Instants that were translated into positions of the feed",
            },
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "first",
                    models.BigIntegerField(
                        db_comment="First id of a run of events", primary_key=True, serialize=False
                    ),
                ),
                ("last", models.BigIntegerField(db_comment="Last id of the run")),
            ],
            options={
                "db_table": "pending",
                "db_table_comment": "Committed events that the sequencer has not numbered yet, as runs of ids",
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_comment="When")),
                ("actor", models.TextField(db_comment="Who read")),
                ("purpose", models.TextField(db_comment="For what")),
                ("path", models.TextField(db_comment="By which page, file or command")),
                (
                    "subject",
                    models.BigIntegerField(db_comment="Whose data, if one person's or family's", null=True),
                ),
                ("region", models.TextField(db_collation="C", db_comment="The scope that was read")),
            ],
            options={
                "db_table": "reading",
                "db_table_comment": "Who read personal data, when and for what; inserted only",
            },
        ),
        migrations.CreateModel(
            name="Submitted",
            fields=[
                (
                    "form",
                    models.UUIDField(
                        db_comment="Number made by the browser when the form was opened",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("actor", models.TextField(db_comment="Who sent it")),
                ("action", models.TextField(db_comment="What was done")),
                (
                    "answer",
                    models.JSONField(
                        db_comment="The answer that was given; the same form gets the same answer again"
                    ),
                ),
                ("at", models.DateTimeField(db_comment="When")),
            ],
            options={
                "db_table": "submitted",
                "db_table_comment": "Forms that were carried out, so that nothing is done twice",
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "number",
                    models.TextField(
                        db_comment="The ticket's number without hyphens", primary_key=True, serialize=False
                    ),
                ),
                ("request", models.BigIntegerField(db_comment="The request", unique=True)),
                ("birth_date", models.TextField(db_comment="The second thing that the resident must know")),
            ],
            options={
                "db_table": "ticket",
                "db_table_comment": "Projection: numbers by which residents ask for the state of their requests",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("door", models.TextField(db_comment="ticket or sign-in")),
                (
                    "who",
                    models.TextField(
                        db_comment="A keyed digest of the address or of the number that was tried"
                    ),
                ),
                ("at", models.DateTimeField(db_comment="When")),
            ],
            options={
                "db_table": "attempt",
                "db_table_comment": "Recent tries at doors that are limited",
                "indexes": [models.Index(fields=["door", "who", "at"], name="attempt_recent")],
            },
        ),
        migrations.CreateModel(
            name="BatchNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the batch", primary_key=True, serialize=False
                    ),
                ),
                ("region", models.TextField(db_collation="C", db_comment="The village")),
                ("window", models.BigIntegerField(db_comment="The window")),
                ("number", models.IntegerField(db_comment="Counts the village's batches within the window")),
                ("handed_over_at", models.DateTimeField(db_comment="When it was handed over", null=True)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the batch's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The whole batch as its events tell it"),
                ),
            ],
            options={
                "db_table": "batch_now",
                "db_table_comment": "Projection: what a village hands over in a window",
                "constraints": [
                    models.UniqueConstraint(fields=("window", "region", "number"), name="batch_now_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="EventRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        db_comment="Given when the event is written; ids skip and reorder",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "subject",
                    models.BigIntegerField(
                        db_comment="The person, family, dwelling, request, window, batch, submission or session"
                    ),
                ),
                ("kind", models.TextField(db_comment="What the subject is")),
                ("version", models.IntegerField(db_comment="Counts within the subject from 1")),
                ("type", models.TextField(db_comment="What happened")),
                (
                    "schema",
                    models.SmallIntegerField(db_comment="Version of the payload's form", db_default=1),
                ),
                ("holds_from", models.DateField(db_comment="First day on which the facts hold", null=True)),
                ("holds_to", models.DateField(db_comment="First day on which they hold no more", null=True)),
                ("recorded_at", models.DateTimeField(db_comment="When it was recorded, UTC")),
                ("actor", models.TextField(db_comment="Login of who recorded it, or system")),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                (
                    "authority",
                    models.TextField(
                        db_comment="Whose word this is: civil, social, programme or ranking",
                        db_default="social",
                    ),
                ),
                (
                    "record",
                    models.BigIntegerField(db_comment="The record that the facts belong to", null=True),
                ),
                ("caused_by", models.BigIntegerField(db_comment="The event that caused this one", null=True)),
                ("reason", models.TextField(db_comment="Why, where the step asks for a reason", null=True)),
                ("commitment", models.BinaryField(db_comment="SHA-256 of salt and body")),
            ],
            options={
                "db_table": "event",
                "db_table_comment": "What happened; inserted only. Nothing personal stands here",
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "version"), name="event_subject_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="FamilyNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the family, independent of its No KK",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("no_kk", models.TextField(db_comment="No KK, if one is known", null=True)),
                ("dwelling", models.BigIntegerField(db_comment="The dwelling it lives in", null=True)),
                ("attributes", models.JSONField(db_comment="All values of now, by attribute", default=dict)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the family's history that this row shows"),
                ),
            ],
            options={
                "db_table": "family_now",
                "db_table_comment": "Projection: families as they are believed to be now",
                "indexes": [
                    models.Index(
                        condition=models.Q(("no_kk__isnull", False)),
                        fields=["no_kk"],
                        name="family_now_no_kk",
                    ),
                    models.Index(
                        condition=models.Q(("dwelling__isnull", False)),
                        fields=["dwelling"],
                        name="family_now_dwelling",
                    ),
                    models.Index(fields=["region", "id"], name="family_now_region"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "position",
                    models.BigIntegerField(
                        db_comment="Place in the register's feed, without gaps",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("event", models.BigIntegerField(db_comment="The event at this place", unique=True)),
                ("numbered_at", models.DateTimeField(db_comment="When the sequencer gave the number")),
            ],
            options={
                "db_table": "feed",
                "db_table_comment": "Events in the order in which they became known; the register's clock",
                "indexes": [models.Index(fields=["numbered_at"], name="feed_numbered_at")],
            },
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("kind", models.TextField(db_comment="nik or no_kk")),
                ("value", models.TextField(db_comment="The identifier")),
                ("subject", models.BigIntegerField(db_comment="Who carries or carried it")),
                ("since", models.DateField(db_comment="Since when, if known", null=True)),
                ("until", models.DateField(db_comment="Until when; open if it still holds", null=True)),
            ],
            options={
                "db_table": "identifier",
                "db_table_comment": "Projection: identifiers with their history",
                "indexes": [
                    models.Index(fields=["value"], name="identifier_value"),
                    models.Index(fields=["subject"], name="identifier_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipClosed",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("person", models.BigIntegerField(db_comment="The former member")),
                ("family", models.BigIntegerField(db_comment="The family")),
                ("relation", models.TextField(db_comment="Relation to the head", null=True)),
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        db_comment="From, and up to but not including"
                    ),
                ),
            ],
            options={
                "db_table": "membership_closed",
                "db_table_comment": "Projection: who belonged to which family, and when",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), ("period", "&&")], name="membership_closed_no_overlap"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipOpen",
            fields=[
                (
                    "person",
                    models.BigIntegerField(
                        db_comment="The member; nobody is in two families", primary_key=True, serialize=False
                    ),
                ),
                ("family", models.BigIntegerField(db_comment="The family")),
                ("relation", models.TextField(db_comment="Relation to the head", null=True)),
                ("since", models.DateField(db_comment="Since when, if known", null=True)),
            ],
            options={
                "db_table": "membership_open",
                "db_table_comment": "Projection: who belongs to which family now",
                "indexes": [models.Index(fields=["family"], name="membership_open_family")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("relation", "1")),
                        fields=("family",),
                        name="membership_open_one_head",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NameNow",
            fields=[
                (
                    "key",
                    models.TextField(
                        db_comment="A name as it is searched", primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "db_table": "name_now",
                "db_table_comment": "Projection: the distinct names, for search with typing errors",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("key", name="gin_trgm_ops"),
                        name="name_now_trigrams",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the person", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("name", models.TextField(db_comment="Name as it stands", default="")),
                ("name_key", models.TextField(db_comment="The name as it is searched", default="")),
                ("nik", models.TextField(db_comment="NIK, if one is known", null=True)),
                (
                    "birth_date",
                    models.TextField(db_comment="Birth date, ISO text, perhaps only a year", null=True),
                ),
                ("sex", models.TextField(db_comment="1 male, 2 female", null=True)),
                (
                    "family",
                    models.BigIntegerField(db_comment="The family that the person belongs to", null=True),
                ),
                ("relation", models.TextField(db_comment="Relation to the head", null=True)),
                (
                    "registered",
                    models.BooleanField(
                        db_comment="Whether the person is in the social register", default=False
                    ),
                ),
                ("attributes", models.JSONField(db_comment="All values of now, by attribute", default=dict)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the person's history that this row shows"),
                ),
            ],
            options={
                "db_table": "person_now",
                "db_table_comment": "Projection: persons as they are believed to be now",
                "indexes": [
                    models.Index(
                        condition=models.Q(("nik__isnull", False)), fields=["nik"], name="person_now_nik"
                    ),
                    models.Index(
                        condition=models.Q(("family__isnull", False)),
                        fields=["family"],
                        name="person_now_family",
                    ),
                    models.Index(fields=["name_key", "region"], name="person_now_name_key"),
                    models.Index(fields=["region", "id"], name="person_now_region"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionRow",
            fields=[
                (
                    "code",
                    models.TextField(
                        db_collation="C",
                        db_comment="Digits of the Kemendagri code",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.TextField(db_comment="Name without its level")),
                ("name_key", models.TextField(db_comment="The name as it is searched")),
                ("level", models.TextField(db_comment="province, kabupaten, kecamatan or village")),
                (
                    "valid_from",
                    models.DateField(db_comment="Since when the code is in use, if known", null=True),
                ),
                ("valid_until", models.DateField(db_comment="Until when it was", null=True)),
                ("post_code", models.TextField(db_comment="Post code", null=True)),
            ],
            options={
                "db_table": "region",
                "db_table_comment": "Regions with Kemendagri codes and their validity",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("name_key", name="gin_trgm_ops"),
                        name="region_name_trigrams",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the request", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("kind", models.TextField(db_comment="Kind of the request")),
                ("state", models.TextField(db_comment="State on the route")),
                ("family", models.BigIntegerField(db_comment="The family it is about", null=True)),
                ("person", models.BigIntegerField(db_comment="The person it is about", null=True)),
                ("subject_name", models.TextField(db_comment="The name under which it stands on lists")),
                (
                    "next_step",
                    models.TextField(db_comment="The step that brings it forward, empty when it has ended"),
                ),
                ("owner", models.TextField(db_comment="The role that must act, empty when it has ended")),
                ("since", models.DateTimeField(db_comment="Since when it is in this state")),
                (
                    "due",
                    models.DateField(
                        db_comment="Until when the next step should be taken, where a limit says so",
                        null=True,
                    ),
                ),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_comment="What it lacks before it can be packed",
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "decided",
                    models.BooleanField(
                        db_comment="Whether the village's decision stands, or none is needed", default=False
                    ),
                ),
                (
                    "in_minutes",
                    models.BooleanField(
                        db_comment="Whether signed minutes or an SPTJM hold it", default=False
                    ),
                ),
                (
                    "window",
                    models.BigIntegerField(db_comment="The window or call it was packed for", null=True),
                ),
                ("batch", models.BigIntegerField(db_comment="The village's batch", null=True)),
                ("submission", models.BigIntegerField(db_comment="The kabupaten's list", null=True)),
                (
                    "session",
                    models.BigIntegerField(
                        db_comment="The meeting on whose agenda it stands or stood", null=True
                    ),
                ),
                ("recorded_by", models.TextField(db_comment="Who recorded it")),
                ("recorded_at", models.DateTimeField(db_comment="When it was recorded")),
                ("verified_by", models.TextField(db_comment="Who verified it", null=True)),
                (
                    "ended",
                    models.BooleanField(db_comment="Whether nothing more is to be done", default=False),
                ),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the request's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The whole request as its events tell it"),
                ),
            ],
            options={
                "db_table": "request_now",
                "db_table_comment": "Projection: requests, with what each waits for, whose turn it is, since and until when",
                "indexes": [
                    models.Index(fields=["region", "state", "id"], name="request_now_reserve"),
                    models.Index(
                        condition=models.Q(("ended", False)),
                        fields=["owner", "region", "due"],
                        name="request_now_owner",
                    ),
                    models.Index(fields=["family"], name="request_now_of_family"),
                    models.Index(fields=["person"], name="request_now_of_person"),
                    models.Index(
                        condition=models.Q(("batch__isnull", False)),
                        fields=["batch", "id"],
                        name="request_now_batch",
                    ),
                    models.Index(
                        condition=models.Q(("submission__isnull", False)),
                        fields=["submission", "id"],
                        name="request_now_submission",
                    ),
                    models.Index(
                        condition=models.Q(("session__isnull", False)),
                        fields=["session"],
                        name="request_now_session",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the meeting", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("state", models.TextField(db_comment="called, entered or confirmed")),
                ("day", models.DateField(db_comment="The day of the meeting")),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the meeting's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The whole meeting as its events tell it"),
                ),
            ],
            options={
                "db_table": "session_now",
                "db_table_comment": "Projection: village meetings",
                "indexes": [models.Index(fields=["region", "day"], name="session_now_region")],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        db_comment="Number of the source; the upper half of its records' ids",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.TextField(db_comment="Name of the file")),
                ("digest", models.TextField(db_comment="SHA-256 of the file")),
                ("layout", models.TextField(db_comment="The layout that its headers show")),
                ("authority", models.TextField(db_comment="Whose list it is")),
                ("as_of", models.DateField(db_comment="The day that the list speaks of")),
                (
                    "full_region",
                    models.TextField(
                        db_comment="The region whose everybody the list holds, if it says so", null=True
                    ),
                ),
                (
                    "region",
                    models.TextField(db_collation="C", db_comment="The region that the list is about"),
                ),
                ("actor", models.TextField(db_comment="Who took it in")),
                ("started_at", models.DateTimeField(db_comment="When")),
                ("finished_at", models.DateTimeField(db_comment="When its last row was in", null=True)),
                (
                    "counts",
                    models.JSONField(db_comment="Rows in, rejected, with warnings, again", default=dict),
                ),
            ],
            options={
                "db_table": "source",
                "db_table_comment": "Files that were taken in; each of their rows is a record",
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "authority", "as_of"), name="source_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the list", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("window", models.BigIntegerField(db_comment="The window in which it was finalised")),
                ("state", models.TextField(db_comment="finalised, endorsed, sent or answered")),
                ("since", models.DateTimeField(db_comment="Since when it is in this state")),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the list's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The whole list as its events tell it"),
                ),
            ],
            options={
                "db_table": "submission_now",
                "db_table_comment": "Projection: lists of a kabupaten, frozen, endorsed, sent, answered",
                "indexes": [models.Index(fields=["region", "state"], name="submission_now_region")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(db_comment="Number of the task", primary_key=True, serialize=False),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("rule", models.TextField(db_comment="What it is about: a rule id")),
                (
                    "subject",
                    models.BigIntegerField(db_comment="The person, family or source it is about", null=True),
                ),
                ("particulars", models.JSONField(db_comment="What the sentence needs", default=dict)),
                ("owner", models.TextField(db_comment="The role that must act")),
                ("since", models.DateTimeField(db_comment="Since when")),
                ("due", models.DateField(db_comment="Until when at the latest")),
                ("source", models.BigIntegerField(db_comment="The file that gave rise to it", null=True)),
                ("closed_at", models.DateTimeField(db_comment="When it was done", null=True)),
                ("closed_by", models.TextField(db_comment="By whom", null=True)),
                ("closing_note", models.TextField(db_comment="With which words", default="")),
            ],
            options={
                "db_table": "task",
                "db_table_comment": "Work that no request carries, such as somebody missing in a list of everybody",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["owner", "region", "due"],
                        name="task_owner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("rule", "subject"),
                        name="task_once_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowNow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_comment="Number of the window or call", primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="Scope: digits of a Kemendagri code, compared by prefix"
                    ),
                ),
                ("form", models.TextField(db_comment="window or call")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_comment="Kinds it takes; empty is all",
                        default=list,
                        size=None,
                    ),
                ),
                ("opens", models.DateTimeField(db_comment="When it opens")),
                ("cut_off", models.DateTimeField(db_comment="Until when villages may hand over")),
                ("closes", models.DateTimeField(db_comment="Until when the kabupaten may send")),
                (
                    "marked",
                    models.TextField(db_comment="The last mark: scheduled, open, cut_off, closed, cancelled"),
                ),
                ("closed_at", models.DateTimeField(db_comment="When it was closed, if early", null=True)),
                (
                    "version",
                    models.IntegerField(db_comment="Version of the window's history that this row shows"),
                ),
                (
                    "body",
                    mutakhir.store.models.VerbatimJson(db_comment="The whole window as its events tell it"),
                ),
            ],
            options={
                "db_table": "window_now",
                "db_table_comment": "Projection: update windows and calls by the centre",
                "indexes": [models.Index(fields=["opens", "closes"], name="window_now_opens")],
            },
        ),
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                ("id", models.BigAutoField(db_comment="Has no meaning", primary_key=True, serialize=False)),
                ("role", models.TextField(db_comment="The role")),
                (
                    "region",
                    models.TextField(
                        db_collation="C", db_comment="The region for which it is held; empty is the nation"
                    ),
                ),
                ("from_day", models.DateField(db_comment="Since when")),
                (
                    "until_day",
                    models.DateField(db_comment="The first day on which it is held no more", null=True),
                ),
                ("handed_over_to", models.TextField(db_comment="Login of who took the work over", null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_comment="Who holds it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "role_held",
                "db_table_comment": "Scope: one table of role, region and period",
                "indexes": [models.Index(fields=["role", "region"], name="role_held_region")],
            },
        ),
    ]
