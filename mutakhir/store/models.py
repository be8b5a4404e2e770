"""The tables: events and their feed, projections that can be rebuilt, and plain rows such as accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac


class VerbatimJson(models.Field):
    """A `json` column: it keeps the bytes that were written, so that a commitment over them can be checked."""

    def db_type(self, connection: Any) -> str:
        return "json"


def whole(comment: str, **options: Any) -> models.BigIntegerField:
    return models.BigIntegerField(db_comment=comment, **options)


def words(comment: str, **options: Any) -> models.TextField:
    return models.TextField(db_comment=comment, **options)


def scope(comment: str = "Scope: digits of a Kemendagri code, compared by prefix") -> models.TextField:
    return models.TextField(db_collation="C", db_comment=comment)


def on_day(comment: str, **options: Any) -> models.DateField:
    return models.DateField(db_comment=comment, **options)


def moment(comment: str, **options: Any) -> models.DateTimeField:
    return models.DateTimeField(db_comment=comment, **options)


# --- events and their feed ------------------------------------------------------------------------------------------


class EventRow(models.Model):
    id = models.BigAutoField(
        primary_key=True, db_comment="Given when the event is written; ids skip and reorder"
    )
    subject = whole("The person, family, dwelling, request, window, batch, submission or session")
    kind = words("What the subject is")
    version = models.IntegerField(db_comment="Counts within the subject from 1")
    type = words("What happened")
    schema = models.SmallIntegerField(db_comment="Version of the payload's form", db_default=1)
    holds_from = on_day("First day on which the facts hold", null=True)
    holds_to = on_day("First day on which they hold no more", null=True)
    recorded_at = moment("When it was recorded, UTC")
    actor = words("Login of who recorded it, or system")
    region = scope()
    authority = words("Whose word this is: civil, social, programme or ranking", db_default="social")
    record = whole("The record that the facts belong to", null=True)
    caused_by = whole("The event that caused this one", null=True)
    reason = words("Why, as the first release wrote it; since then it lies in the body", null=True)
    commitment = models.BinaryField(db_comment="SHA-256 of salt and body")

    class Meta:
        db_table = "event"
        db_table_comment = "What happened; inserted only. Nothing personal stands here"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "version"], name="event_subject_version"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["caused_by"], name="event_caused_by", condition=Q(caused_by__isnull=False)),
        ]


class EventBody(models.Model):
    event = models.BigIntegerField(primary_key=True, db_comment="The event that this is the payload of")
    salt = models.BinaryField(db_comment="Random bytes; deleted together with the body")
    body = VerbatimJson(db_comment="The payload as it was committed to")

    class Meta:
        db_table = "event_body"
        db_table_comment = (
            "Everything personal in an event; a role of its own may delete a row on a legal basis"
        )


class SealedBody(models.Model):
    event = models.BigIntegerField(primary_key=True, db_comment="The event that this is the payload of")
    salt = models.BinaryField(db_comment="Random bytes; deleted together with the body")
    body = VerbatimJson(db_comment="The payload as it was committed to")
    reason = words("The reason that stood in the event's row, if it was of the first release", null=True)

    class Meta:
        db_table = "sealed_body"
        db_table_comment = (
            "Payloads that were sealed on a legal basis; no role that asks or writes reads them"
        )


class Pending(models.Model):
    first = models.BigIntegerField(primary_key=True, db_comment="First id of a run of events")
    last = whole("Last id of the run")

    class Meta:
        db_table = "pending"
        db_table_comment = "Committed events that the sequencer has not numbered yet, as runs of ids"


class Feed(models.Model):
    position = models.BigIntegerField(
        primary_key=True, db_comment="Place in the register's feed, without gaps"
    )
    event = whole("The event at this place", unique=True)
    numbered_at = moment("When the sequencer gave the number")

    class Meta:
        db_table = "feed"
        db_table_comment = "Events in the order in which they became known; the register's clock"
        indexes: ClassVar = [models.Index(fields=["numbered_at"], name="feed_numbered_at")]


class FeedHead(models.Model):
    register = models.TextField(primary_key=True, db_comment="Name of the register")
    position = whole("The last number that was given")

    class Meta:
        db_table = "feed_head"
        db_table_comment = "One row a register: the head of its feed"


class KnownAt(models.Model):
    instant = models.DateTimeField(primary_key=True, db_comment="The instant that somebody asked about")
    position = whole("The position that it means, fixed for ever")

    class Meta:
        db_table = "known_at"
        db_table_comment = "Instants that were translated into positions of the feed"


# --- sources --------------------------------------------------------------------------------------------------------


class Source(models.Model):
    id = models.BigAutoField(
        primary_key=True, db_comment="Number of the source; the upper half of its records' ids"
    )
    name = words("Name of the file")
    digest = words("SHA-256 of the file")
    layout = words("The layout that its headers show")
    authority = words("Whose list it is")
    as_of = on_day("The day that the list speaks of")
    full_region = words("The region whose everybody the list holds, if it says so", null=True)
    region = scope("The region that the list is about")
    actor = words("Who took it in")
    started_at = moment("When")
    finished_at = moment("When its last row was in", null=True)
    counts = models.JSONField(db_comment="Rows in, rejected, with warnings, again", default=dict)
    reversed_at = moment("When all that it said was withdrawn", null=True)
    reversed_by = words("Who reversed it", default="")
    reversed_for = words("Why it was reversed", default="")

    class Meta:
        db_table = "source"
        db_table_comment = "Files that were taken in; each of their rows is a record"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "authority", "as_of"],
                name="source_once",
                condition=Q(reversed_at__isnull=True),
            ),
        ]


class ImportBatch(models.Model):
    pk = models.CompositePrimaryKey("source", "batch")
    source = whole("The source")
    batch = models.IntegerField(db_comment="Number of the batch within the file")
    counts = models.JSONField(db_comment="Rows in, rejected, with warnings, again")
    done_at = moment("When the batch was committed")

    class Meta:
        db_table = "import_batch"
        db_table_comment = "Batches of a file that are in; an interrupted import goes on behind them"


# --- projections of persons, families, dwellings --------------------------------------------------------------------


class PersonNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the person")
    region = scope()
    name = words("Name as it stands", default="")
    name_key = words("The name as it is searched", default="")
    nik = words("NIK, if one is known", null=True)
    birth_date = words("Birth date, ISO text, perhaps only a year", null=True)
    sex = words("1 male, 2 female", null=True)
    family = whole("The family that the person belongs to", null=True)
    relation = words("Relation to the head", null=True)
    registered = models.BooleanField(db_comment="Whether the person is in the social register", default=False)
    attributes = models.JSONField(db_comment="All values of now, by attribute", default=dict)
    version = models.IntegerField(db_comment="Version of the person's history that this row shows")

    class Meta:
        db_table = "person_now"
        db_table_comment = "Projection: persons as they are believed to be now"
        indexes: ClassVar = [
            models.Index(fields=["nik"], name="person_now_nik", condition=Q(nik__isnull=False)),
            models.Index(fields=["family"], name="person_now_family", condition=Q(family__isnull=False)),
            models.Index(fields=["name_key", "region"], name="person_now_name_key"),
            models.Index(fields=["region", "id"], name="person_now_region"),
        ]


class NameNow(models.Model):
    key = models.TextField(primary_key=True, db_comment="A name as it is searched")

    class Meta:
        db_table = "name_now"
        db_table_comment = "Projection: the distinct names, for search with typing errors"
        indexes: ClassVar = [GinIndex(OpClass("key", name="gin_trgm_ops"), name="name_now_trigrams")]


class FamilyNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the family, independent of its No KK")
    region = scope()
    no_kk = words("No KK, if one is known", null=True)
    dwelling = whole("The dwelling it lives in", null=True)
    attributes = models.JSONField(db_comment="All values of now, by attribute", default=dict)
    version = models.IntegerField(db_comment="Version of the family's history that this row shows")

    class Meta:
        db_table = "family_now"
        db_table_comment = "Projection: families as they are believed to be now"
        indexes: ClassVar = [
            models.Index(fields=["no_kk"], name="family_now_no_kk", condition=Q(no_kk__isnull=False)),
            models.Index(
                fields=["dwelling"], name="family_now_dwelling", condition=Q(dwelling__isnull=False)
            ),
            models.Index(fields=["region", "id"], name="family_now_region"),
        ]


class DwellingNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the dwelling")
    region = scope()
    attributes = models.JSONField(db_comment="All values of now, by attribute", default=dict)
    version = models.IntegerField(db_comment="Version of the dwelling's history that this row shows")

    class Meta:
        db_table = "dwelling_now"
        db_table_comment = "Projection: dwellings as they are believed to be now"


class MembershipOpen(models.Model):
    person = models.BigIntegerField(primary_key=True, db_comment="The member; nobody is in two families")
    family = whole("The family")
    relation = words("Relation to the head", null=True)
    since = on_day("Since when, if known", null=True)

    class Meta:
        db_table = "membership_open"
        db_table_comment = "Projection: who belongs to which family now"
        indexes: ClassVar = [models.Index(fields=["family"], name="membership_open_family")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["family"], condition=Q(relation="1"), name="membership_open_one_head"
            ),
        ]


class MembershipClosed(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    person = whole("The former member")
    family = whole("The family")
    relation = words("Relation to the head", null=True)
    period = DateRangeField(db_comment="From, and up to but not including")

    class Meta:
        db_table = "membership_closed"
        db_table_comment = "Projection: who belonged to which family, and when"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="membership_closed_no_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]


class Identifier(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    kind = words("nik or no_kk")
    value = words("The identifier")
    subject = whole("Who carries or carried it")
    since = on_day("Since when, if known", null=True)
    until = on_day("Until when; open if it still holds", null=True)

    class Meta:
        db_table = "identifier"
        db_table_comment = "Projection: identifiers with their history"
        indexes: ClassVar = [
            models.Index(fields=["value"], name="identifier_value"),
            models.Index(fields=["subject"], name="identifier_subject"),
        ]


class FormerNumber(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    kind = words("nik, no_kk, or a source's own")
    value = words("The number")
    subject = whole("The person or family to whom it leads now")
    told_by = whole("The person or family whose history says so")

    class Meta:
        db_table = "former_number"
        db_table_comment = "Projection: numbers of retired persons and ended families, and to whom they lead"
        indexes: ClassVar = [
            models.Index(fields=["value"], name="former_number_value"),
            models.Index(fields=["told_by"], name="former_number_told_by"),
        ]


# --- projections of the work ----------------------------------------------------------------------------------------


class RequestNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the request")
    region = scope()
    kind = words("Kind of the request")
    state = words("State on the route")
    family = whole("The family it is about", null=True)
    person = whole("The person it is about", null=True)
    subject_name = words("The name under which it stands on lists")
    next_step = words("The step that brings it forward, empty when it has ended")
    owner = words("The role that must act, empty when it has ended")
    since = moment("Since when it is in this state")
    due = on_day("Until when the next step should be taken, where a limit says so", null=True)
    missing = ArrayField(models.TextField(), db_comment="What it lacks before it can be packed", default=list)
    decided = models.BooleanField(
        db_comment="Whether the village's decision stands, or none is needed", default=False
    )
    in_minutes = models.BooleanField(db_comment="Whether signed minutes or an SPTJM hold it", default=False)
    window = whole("The window or call it was packed for", null=True)
    batch = whole("The village's batch", null=True)
    submission = whole("The kabupaten's list", null=True)
    session = whole("The meeting on whose agenda it stands or stood", null=True)
    recorded_by = words("Who recorded it")
    recorded_at = moment("When it was recorded")
    verified_by = words("Who verified it", null=True)
    forwarded = words("What the camat said: forwarded, let_pass or not_forwarded", null=True)
    ended = models.BooleanField(db_comment="Whether nothing more is to be done", default=False)
    version = models.IntegerField(db_comment="Version of the request's history that this row shows")
    body = VerbatimJson(db_comment="The whole request as its events tell it")

    class Meta:
        db_table = "request_now"
        db_table_comment = (
            "Projection: requests, with what each waits for, whose turn it is, since and until when"
        )
        indexes: ClassVar = [
            models.Index(fields=["region", "state", "id"], name="request_now_reserve"),
            # Whose turn it is is asked on every page, of everything that waits: the index alone answers.
            models.Index(
                fields=["owner", "region", "next_step"],
                include=["kind", "batch", "window", "submission", "since", "due", "id"],
                name="request_now_turns",
                condition=Q(ended=False),
            ),
            models.Index(
                fields=["region", "since"], include=["id"], name="request_now_ended", condition=Q(ended=True)
            ),
            models.Index(fields=["family"], name="request_now_of_family"),
            models.Index(fields=["person"], name="request_now_of_person"),
            models.Index(fields=["batch", "id"], name="request_now_batch", condition=Q(batch__isnull=False)),
            models.Index(
                fields=["submission", "id"],
                name="request_now_submission",
                condition=Q(submission__isnull=False),
            ),
            models.Index(fields=["session"], name="request_now_session", condition=Q(session__isnull=False)),
            models.Index(
                fields=["region", "since"],
                name="request_now_unforwarded",
                condition=Q(state="handed_over", forwarded__isnull=True),
            ),
        ]


class Ticket(models.Model):
    number = models.TextField(primary_key=True, db_comment="The ticket's number without hyphens")
    request = whole("The request", unique=True)
    birth_date = words("The second thing that the resident must know")

    class Meta:
        db_table = "ticket"
        db_table_comment = "Projection: numbers by which residents ask for the state of their requests"


class WindowNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the window or call")
    region = scope()
    form = words("window or call")
    kinds = ArrayField(models.TextField(), db_comment="Kinds it takes; empty is all", default=list)
    opens = moment("When it opens")
    cut_off = moment("Until when villages may hand over")
    closes = moment("Until when the kabupaten may send")
    marked = words("The last mark: scheduled, open, cut_off, closed, cancelled")
    closed_at = moment("When it was closed, if early", null=True)
    version = models.IntegerField(db_comment="Version of the window's history that this row shows")
    body = VerbatimJson(db_comment="The whole window as its events tell it")

    class Meta:
        db_table = "window_now"
        db_table_comment = "Projection: update windows and calls by the centre"
        indexes: ClassVar = [models.Index(fields=["opens", "closes"], name="window_now_opens")]


class SessionNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the meeting")
    region = scope()
    state = words("called, entered or confirmed")
    day = on_day("The day of the meeting")
    version = models.IntegerField(db_comment="Version of the meeting's history that this row shows")
    body = VerbatimJson(db_comment="The whole meeting as its events tell it")

    class Meta:
        db_table = "session_now"
        db_table_comment = "Projection: village meetings"
        indexes: ClassVar = [models.Index(fields=["region", "day"], name="session_now_region")]


class BatchNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the batch")
    region = scope("The village")
    window = whole("The window")
    number = models.IntegerField(db_comment="Counts the village's batches within the window")
    handed_over_at = moment("When it was handed over", null=True)
    version = models.IntegerField(db_comment="Version of the batch's history that this row shows")
    body = VerbatimJson(db_comment="The whole batch as its events tell it")

    class Meta:
        db_table = "batch_now"
        db_table_comment = "Projection: what a village hands over in a window"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "region", "number"], name="batch_now_number"),
        ]


class SubmissionNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the list")
    region = scope()
    window = whole("The window in which it was finalised")
    state = words("finalised, endorsed, sent or answered")
    since = moment("Since when it is in this state")
    version = models.IntegerField(db_comment="Version of the list's history that this row shows")
    body = VerbatimJson(db_comment="The whole list as its events tell it")

    class Meta:
        db_table = "submission_now"
        db_table_comment = "Projection: lists of a kabupaten, frozen, endorsed, sent, answered"
        indexes: ClassVar = [models.Index(fields=["region", "state"], name="submission_now_region")]


class TransferNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the request that is offered")
    region = scope("The village to which it is offered")
    offered_from = scope("The village that handles it until it is taken over")
    kind = words("Kind of the request")
    subject_name = words("The name under which it stands on lists")
    reason = words("Why it is offered")
    since = moment("Since when it is offered")
    due = on_day("Until when an answer is in time", null=True)
    version = models.IntegerField(db_comment="Version of the request's history that offered it")

    class Meta:
        db_table = "transfer_now"
        db_table_comment = (
            "Projection: requests that are offered to another village, as that village sees them"
        )
        indexes: ClassVar = [models.Index(fields=["region", "due"], name="transfer_now_region")]


class VisitNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the visit")
    region = scope("The village of the house")
    about = whole("The request, family, person or dwelling because of which the house is visited")
    family = whole("The family whose house it is", null=True)
    state = words("asked, assigned, reported or called_off")
    owner = words("The role that must act, empty when it has ended")
    checker = words("Login of the field checker to whom it is assigned", null=True)
    since = moment("Since when it is in this state")
    due = on_day("Until when the next step is in time", null=True)
    version = models.IntegerField(db_comment="Version of the visit's history that this row shows")
    body = VerbatimJson(db_comment="The whole visit as its events tell it")

    class Meta:
        db_table = "visit_now"
        db_table_comment = "Projection: visits to houses, with who goes there and what was found"
        indexes: ClassVar = [
            models.Index(fields=["owner", "region", "due"], name="visit_now_owner", condition=~Q(owner="")),
            models.Index(fields=["checker"], name="visit_now_checker", condition=Q(state="assigned")),
            models.Index(fields=["about"], name="visit_now_about"),
        ]


class AnnulmentNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the annulment")
    region = scope()
    request = whole("The request that was applied in error")
    state = words("asked, approved, refused or taken_back")
    since = moment("Since when it is in this state")
    version = models.IntegerField(db_comment="Version of the annulment's history that this row shows")
    body = VerbatimJson(db_comment="The whole annulment as its events tell it")

    class Meta:
        db_table = "annulment_now"
        db_table_comment = "Projection: annulments of what was applied in error, asked for and decided"
        indexes: ClassVar = [
            models.Index(fields=["request"], name="annulment_now_request"),
            models.Index(fields=["region", "state"], name="annulment_now_region"),
        ]


class ErasureNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the erasure")
    region = scope()
    person = whole("The person whose contents are erased, sealed or unsealed")
    state = words("asked, approved, refused, taken_back, begun or carried_out")
    since = moment("Since when it is in this state")
    version = models.IntegerField(db_comment="Version of the erasure's history that this row shows")
    body = VerbatimJson(db_comment="The whole erasure as its events tell it; a person is a number in it")

    class Meta:
        db_table = "erasure_now"
        db_table_comment = (
            "Projection: what was asked to be erased or sealed, on which basis, and how far it is"
        )
        indexes: ClassVar = [
            models.Index(fields=["person"], name="erasure_now_person"),
            models.Index(fields=["region", "state"], name="erasure_now_region"),
        ]


class RegionChangeNow(models.Model):
    id = models.BigIntegerField(primary_key=True, db_comment="Number of the change")
    region = scope("The narrowest region that holds everything that changed")
    day = on_day("Since when the new boundaries hold")
    left_over = models.IntegerField(db_comment="How many things nobody has assigned to a successor yet")
    underway = models.IntegerField(db_comment="How many requests may still end under the old code")
    version = models.IntegerField(db_comment="Version of the change's history that this row shows")
    body = VerbatimJson(db_comment="The whole change as its events tell it, without anything personal")

    class Meta:
        db_table = "region_change_now"
        db_table_comment = "Projection: decrees that split, merged or renumbered regions"


# --- plain rows -----------------------------------------------------------------------------------------------------


class Task(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Number of the task")
    region = scope()
    rule = words("What it is about: a rule id")
    subject = whole("The person, family or source it is about", null=True)
    particulars = models.JSONField(db_comment="What the sentence needs", default=dict)
    owner = words("The role that must act")
    since = moment("Since when")
    due = on_day("Until when at the latest")
    source = whole("The file that gave rise to it", null=True)
    caused_by = whole("The event that gave rise to it", null=True)
    closed_at = moment("When it was done", null=True)
    closed_by = words("By whom", null=True)
    closing_note = words("With which words", default="")

    class Meta:
        db_table = "task"
        db_table_comment = "Work that no request carries, such as somebody missing in a list of everybody"
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "region", "due"], name="task_owner", condition=Q(closed_at__isnull=True)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(closed_at__isnull=True), name="task_once_open"
            ),
        ]


class RegionRow(models.Model):
    code = models.TextField(primary_key=True, db_collation="C", db_comment="Digits of the Kemendagri code")
    name = words("Name without its level")
    name_key = words("The name as it is searched")
    level = words("province, kabupaten, kecamatan or village")
    valid_from = on_day("Since when the code is in use, if known", null=True)
    valid_until = on_day("Until when it was", null=True)
    post_code = words("Post code", null=True)

    class Meta:
        db_table = "region"
        db_table_comment = "Regions with Kemendagri codes and their validity"
        indexes: ClassVar = [GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="region_name_trigrams")]


class Account(AbstractBaseUser):
    login = models.TextField(unique=True, db_comment="What is typed to sign in; one person, one account")
    name = words("Name of the person")
    is_active = models.BooleanField(default=True, db_comment="Ended accounts stay, and cannot sign in")
    created_at = moment("When it was created")
    created_by = words("By whom")
    ended_at = moment("When it was ended", null=True)
    must_change_password = models.BooleanField(
        default=True, db_comment="Set until the person has chosen a password"
    )
    language = words("id or en", default="id")
    keys_on = models.BooleanField(default=True, db_comment="Whether letter keys act in the review")
    session_mark = models.IntegerField(
        default=0, db_comment="Counts how often all sessions of the account were ended"
    )
    second_factor_since = moment("Since when signing in asks for a code as well", null=True)
    reviewed_at = moment("When somebody last found that it is still needed", null=True)
    home_point = words("Where a field checker sets out from, latitude and longitude", null=True)
    home_region = words("The kecamatan or village where a field checker lives", null=True)

    roles_read: list[RoleHeld] | None = None
    """The roles that were read together with the account."""

    USERNAME_FIELD = "login"
    objects: ClassVar[BaseUserManager] = BaseUserManager()

    class Meta:
        db_table = "account"
        db_table_comment = "Personal accounts"

    def get_session_auth_hash(self) -> str:
        """What a session is held against: it ends with the password, and whenever the mark moves."""
        told = f"{self.password}:{self.session_mark}"
        return salted_hmac("mutakhir.session", told, algorithm="sha256").hexdigest()


class SecondFactor(models.Model):
    account = models.OneToOneField(
        Account, models.PROTECT, primary_key=True, db_comment="Whose second factor it is"
    )
    salt = models.BinaryField(db_comment="Random bytes; the secret is made of them and of the node's own")
    last_step = whole("The step of the last code that was taken; no code counts twice", default=0)
    made_at = moment("When it was begun")

    class Meta:
        db_table = "second_factor"
        db_table_comment = "Second factors (RFC 6238) of accounts; no secret stands here"


class RecoveryCode(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_comment="Whose code it is")
    digest = words("A keyed digest of the code")

    class Meta:
        db_table = "recovery_code"
        db_table_comment = "Codes for who has lost the second factor; one that was used is deleted"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once"),
        ]


class AccountDeed(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    account = models.ForeignKey(Account, models.PROTECT, related_name="deeds", db_comment="Whose account")
    at = moment("When")
    actor = words("Who did it")
    deed = words("What was done")
    reason = words("Why, where a reason is asked for", default="")

    class Meta:
        db_table = "account_deed"
        db_table_comment = "What was done with accounts; inserted only"
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="account_deed_account")]


class RoleHeld(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    account = models.ForeignKey(Account, models.PROTECT, related_name="roles", db_comment="Who holds it")
    role = words("The role")
    region = scope("The region for which it is held; empty is the nation")
    from_day = on_day("Since when")
    until_day = on_day("The first day on which it is held no more", null=True)
    handed_over_to = words("Login of who took the work over", null=True)

    class Meta:
        db_table = "role_held"
        db_table_comment = "Scope: one table of role, region and period"
        indexes: ClassVar = [models.Index(fields=["role", "region"], name="role_held_region")]


class Reading(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    at = moment("When")
    actor = words("Who read")
    purpose = words("For what")
    path = words("By which page, file or command")
    subjects = ArrayField(
        models.BigIntegerField(),
        db_comment="The persons, families and requests that were shown; null where a whole list of the region was",
        null=True,
    )
    region = scope("The scope that was read")
    role = words("The role under which it was read", default="")
    office = models.TextField(
        db_collation="C", db_comment="The region for which that role was held", default=""
    )

    class Meta:
        db_table = "reading"
        db_table_comment = "Who read personal data, when and for what; inserted only"
        indexes: ClassVar = [
            GinIndex(fields=["subjects"], name="reading_subjects"),
            models.Index(fields=["actor", "id"], name="reading_actor"),
            models.Index(fields=["region"], name="reading_lists", condition=Q(subjects__isnull=True)),
        ]


class Submitted(models.Model):
    form = models.UUIDField(
        primary_key=True, db_comment="Number made by the browser when the form was opened"
    )
    actor = words("Who sent it")
    action = words("What was done")
    answer = models.JSONField(
        db_comment="The answer that was given; the same form gets the same answer again"
    )
    at = moment("When")

    class Meta:
        db_table = "submitted"
        db_table_comment = "Forms that were carried out, so that nothing is done twice"


class Attempt(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="Has no meaning")
    door = words("ticket or sign-in")
    who = words("A keyed digest of the address or of the number that was tried")
    at = moment("When")

    class Meta:
        db_table = "attempt"
        db_table_comment = "Recent tries at doors that are limited"
        indexes: ClassVar = [models.Index(fields=["door", "who", "at"], name="attempt_recent")]


class Incident(models.Model):
    id = models.BigAutoField(primary_key=True, db_comment="The number that people are told")
    at = moment("When")
    path = words("Where")
    trace = words("What happened, for who mends it")

    class Meta:
        db_table = "incident"
        db_table_comment = "Unexpected failures; people see the number, never the trace"
