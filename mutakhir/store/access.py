"""Who may do what in the database: its roles, what each is granted, and which rows each of them sees.

All of it is derived from one table, `TABLES`: the grants, the policies, the page of the data model, and the tests.
What a role sees is set per transaction, in `taken` and nowhere else; where nothing is set, nothing is seen.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from django.db import DatabaseError, connection, transaction
from psycopg.pq import TransactionStatus

from mutakhir.core.actors import Reach

READ, WRITE, LOG, ERASE, NUMBER, TICKET, SITE = (
    "read",
    "write",
    "log",
    "erase",
    "number",
    "ticket",
    "site",
)
ROLES: Mapping[str, str] = {
    READ: "Asks questions, and changes nothing",
    WRITE: "Carries out deeds: inserts events and lets the projections follow",
    LOG: "Inserts lines into the log of reading, and nothing else",
    ERASE: "Deletes or seals the bodies of events, on a legal basis",
    NUMBER: "Gives committed events their places in the feed",
    TICKET: "Sees the one request whose ticket was shown",
}
"""Roles that a transaction takes; none can sign in, none owns anything."""
BEFORE_LAST = "~"
"""Stands behind every digit: a region lies in a scope if it is not before the scope and before the scope and this."""


# --- which rows --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """A condition on a row, in SQL, and in words for whoever reads the data model."""

    condition: str
    words: str


def _seen(record: str, number: str) -> str:
    """That another record is seen: asked of a function that works as its owner.

    A sub-select would bring the other table's policy into every query, and that one's again: to plan them took twenty
    times as long as to carry them out. That it gives a number, and not true or false, makes the planner expect it.
    """
    return f"seen_{record}({number}) IS NOT NULL"


EVERYWHERE = "in_reach('') OR "
"""Whoever reaches the nation is not asked row by row; and a projection is told by events of what it does not show yet."""
INSIDE = Sight("in_reach(region)", "within reach")
OFFER = Sight("in_reach(region) OR in_reach(offered_from)", "within reach, or made from there")
REQUEST = Sight(
    f"in_reach(region) OR {_seen('transfer', 'request_now.id')}",
    "within reach, or offered to a village that is",
)
PERSON = Sight(
    f"in_reach(region) OR {_seen('request_about', 'person_now.id, person_now.family')}",
    "within reach, or asked about by an open request that is",
)
FAMILY = Sight(f"in_reach(region) OR {_seen('request_about', 'NULL, family_now.id')}", PERSON.words)
DWELLING = Sight(
    f"in_reach(region) OR {_seen('family_in', 'dwelling_now.id')}",
    "within reach, or lived in by a family that is seen",
)
MEMBERSHIP = Sight(
    f"{EVERYWHERE}{_seen('family', 'family')} OR {_seen('person', 'person')}",
    "of a family or person that is seen",
)
NUMBER_OF = Sight(
    f"{EVERYWHERE}{_seen('person', 'subject')} OR {_seen('family', 'subject')}", MEMBERSHIP.words
)
OF_REQUEST = Sight(EVERYWHERE + _seen("request", "ticket.request"), "of a request that is seen")
PROJECTED = {
    "request": ("request_now", REQUEST),
    "family": ("family_now", FAMILY),
    "dwelling": ("dwelling_now", DWELLING),
    "session": ("session_now", INSIDE),
    "batch": ("batch_now", INSIDE),
    "submission": ("submission_now", INSIDE),
    "visit": ("visit_now", INSIDE),
    "annulment": ("annulment_now", INSIDE),
    "erasure": ("erasure_now", INSIDE),
}
EVENT = Sight(
    EVERYWHERE
    + "CASE event.kind "
    + " ".join(f"WHEN '{kind}' THEN {_seen(kind, 'event.subject')}" for kind in PROJECTED)
    + f" WHEN 'person' THEN {_seen('person', 'event.subject')} "
    f"OR {_seen('family_left', 'event.subject, event.holds_from')} "
    f"OR {_seen('person', 'lives_on_as(event.subject)')}"
    " WHEN 'window' THEN true ELSE in_reach(event.region) END",
    "of a subject that is seen, or of somebody who was found to be such a person; of a former member of a family that is "
    "seen, until the day of leaving it",
)
BODY = Sight(EVERYWHERE + _seen("event", "event_body.event"), "of an event that is seen")


def _by_number(table: str, sight: Sight) -> tuple[str, str]:
    return "bigint", f"{table} WHERE id = $1 AND ({sight.condition})"


SEEN: Mapping[str, tuple[str, str]] = {
    **{kind: _by_number(table, sight) for kind, (table, sight) in PROJECTED.items()},
    "person": _by_number("person_now", PERSON),
    "transfer": _by_number("transfer_now", OFFER),
    "event": _by_number("event", EVENT),
    "request_about": (
        "bigint, bigint",
        f"request_now WHERE NOT ended AND (person = $1 OR family = $2) AND ({REQUEST.condition})",
    ),
    "family_in": ("bigint", f"family_now WHERE dwelling = $1 AND ({FAMILY.condition})"),
    "family_left": (
        "bigint, date",
        f"membership_closed WHERE person = $1 AND $2 <= upper(period) AND {_seen('family', 'family')}",
    ),
}
"""Of the functions that say whether a record is seen: what each takes, and where it looks."""
OWN_READING = Sight(
    "actor = nullif(current_setting('mutakhir.login', true), '') "
    "OR region ^@ ANY (nullif(current_setting('mutakhir.readings', true), '')::text[])",
    "one's own lines, and for administrators and auditors those about their region",
)
SHOWN = "nullif(current_setting('mutakhir.request', true), '')::bigint"


# --- who may do what ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """What each role may do with a table. `sight` says which rows `read` and `write` see; without one, all.

    `also` are conditions for other roles, each for what it was granted.
    """

    sight: Sight | None = None
    read: str = "SELECT"
    write: str = "SELECT"
    others: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)

    def granted(self, role: str) -> str:
        return {READ: self.read, WRITE: self.write}.get(role) or self.others.get(role, "")


FOLLOWS = "SELECT, INSERT, UPDATE"
REPLACED = "SELECT, INSERT, DELETE"
KEPT = "SELECT, INSERT, UPDATE, DELETE"
TABLES: Mapping[str, Table] = {
    "event": Table(
        EVENT,
        write="SELECT, INSERT",
        others={NUMBER: "SELECT (id)", ERASE: "SELECT, INSERT, UPDATE (reason)", TICKET: "SELECT"},
        also={NUMBER: "true", ERASE: "true", TICKET: f"kind = 'request' AND subject = {SHOWN}"},
    ),
    "event_body": Table(
        BODY,
        write="SELECT, INSERT",
        others={ERASE: "SELECT, INSERT, DELETE", TICKET: "SELECT"},
        also={
            ERASE: "true",
            TICKET: "(SELECT o.id FROM event o WHERE o.id = event_body.event LIMIT 1) IS NOT NULL",
        },
    ),
    "sealed_body": Table(read="", write="", others={ERASE: "SELECT, INSERT, DELETE"}),
    "pending": Table(write="INSERT", others={NUMBER: "SELECT, DELETE", ERASE: "INSERT", SITE: "SELECT"}),
    "feed": Table(others={NUMBER: "INSERT", TICKET: "SELECT", ERASE: "SELECT"}),
    "feed_head": Table(others={NUMBER: "SELECT, UPDATE", SITE: "SELECT"}),
    "known_at": Table(write="SELECT, INSERT"),
    "source": Table(),
    "import_batch": Table(),
    "person_now": Table(PERSON, write=FOLLOWS),
    "name_now": Table(read="", write="INSERT"),
    "family_now": Table(FAMILY, write=FOLLOWS),
    "dwelling_now": Table(DWELLING, write=FOLLOWS),
    "membership_open": Table(MEMBERSHIP, write=REPLACED),
    "membership_closed": Table(MEMBERSHIP, write=REPLACED),
    "identifier": Table(NUMBER_OF, write=REPLACED),
    "former_number": Table(NUMBER_OF, write=REPLACED),
    "request_now": Table(REQUEST, write=FOLLOWS, others={TICKET: "SELECT"}, also={TICKET: f"id = {SHOWN}"}),
    "ticket": Table(OF_REQUEST, write=FOLLOWS),
    "window_now": Table(write=FOLLOWS, others={TICKET: "SELECT"}),
    "session_now": Table(INSIDE, write=FOLLOWS),
    "batch_now": Table(INSIDE, write=FOLLOWS),
    "submission_now": Table(INSIDE, write=FOLLOWS),
    "transfer_now": Table(OFFER, write="SELECT, INSERT, UPDATE, DELETE"),
    "visit_now": Table(INSIDE, write=FOLLOWS),
    "annulment_now": Table(INSIDE, write=FOLLOWS),
    "erasure_now": Table(INSIDE, write=FOLLOWS),
    "region_change_now": Table(write=FOLLOWS, others={TICKET: "SELECT"}),
    "task": Table(INSIDE, write=FOLLOWS),
    "region": Table(others={SITE: "SELECT", TICKET: "SELECT"}),
    "account": Table(write=FOLLOWS, others={SITE: "SELECT, UPDATE"}),
    "role_held": Table(write=FOLLOWS, others={SITE: "SELECT"}),
    "account_deed": Table(write="SELECT, INSERT", others={SITE: "SELECT (id), INSERT"}),
    "second_factor": Table(read="", write=KEPT, others={SITE: KEPT}),
    "recovery_code": Table(read="", write=REPLACED, others={SITE: REPLACED}),
    "reading": Table(OWN_READING, write="", others={LOG: "INSERT"}, also={LOG: "true"}),
    "submitted": Table(write=FOLLOWS),
    "attempt": Table(read="", write="", others={SITE: "SELECT, INSERT, DELETE"}),
    "incident": Table(read="", write="", others={SITE: "SELECT (id), INSERT"}),
    "django_session": Table(read="", write="", others={SITE: "SELECT, INSERT, UPDATE, DELETE"}),
}
"""Every table of ours, and of the framework's the one that the site needs."""
SEQUENCES = ("event_id_seq", "subject_id")
POLICED = frozenset(name for name, table in TABLES.items() if table.sight is not None)


# --- the statements ----------------------------------------------------------------------------------------------------

FUNCTIONS = """
CREATE OR REPLACE FUNCTION in_reach(region text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN region >= substr(nullif(current_setting('mutakhir.lowest', true), ''), 2) COLLATE "C"
   AND region < nullif(current_setting('mutakhir.highest', true), '') COLLATE "C"
   AND NOT (left(current_setting('mutakhir.scopes', true), 1) = '{'
            AND NOT region ^@ ANY (nullif(current_setting('mutakhir.scopes', true), '')::text[]));

CREATE OR REPLACE FUNCTION lives_on_as(person bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH RECURSIVE found AS (
        SELECT (attributes ->> 'same_as')::bigint AS id FROM person_now WHERE id = person
        UNION SELECT (p.attributes ->> 'same_as')::bigint FROM person_now p JOIN found ON p.id = found.id
    )
    SELECT found.id FROM found JOIN person_now p ON p.id = found.id WHERE NOT p.attributes ? 'same_as'
$$;

CREATE OR REPLACE FUNCTION ticket_of(shown text) RETURNS TABLE (request bigint, birth_date text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.request, t.birth_date FROM ticket t WHERE t.number = shown
$$;
REVOKE ALL ON FUNCTION ticket_of(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION people_named(wanted text, written text, narrowed text[], most integer)
RETURNS TABLE (person bigint, place bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    lowest text COLLATE "C" := greatest(substr(nullif(current_setting('mutakhir.lowest', true), ''), 2) COLLATE "C",
        (SELECT min(one COLLATE "C") FROM unnest(narrowed) one));
    highest text COLLATE "C" := least(current_setting('mutakhir.highest', true) COLLATE "C",
        (SELECT max(one COLLATE "C") FROM unnest(narrowed) one) || '~');
    edits integer := CASE WHEN length(wanted) > 3 THEN 2 ELSE 1 END;
BEGIN
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT n.key FROM name_now n
        WHERE n.key % wanted OR n.key LIKE wanted || '%' OR n.key LIKE '% ' || wanted || '%'
        UNION SELECT n.key FROM name_now n
        WHERE left(n.key, 1) = left(wanted, 1) AND length(n.key) BETWEEN length(wanted) - edits AND length(wanted) + edits
            AND levenshtein_less_equal(left(n.key, 100), left(wanted, 100), edits) <= edits
    ), ranked AS MATERIALIZED (
        SELECT near.key, CASE WHEN ' ' || near.key LIKE '% ' || wanted || '%' THEN 0 ELSE 3 END AS part,
            levenshtein_less_equal(left(near.key, 100), left(wanted, 100), 3) AS away
        FROM near
    )
    SELECT p.id, row_number() OVER (ORDER BY least(r.away, r.part + 1),
        levenshtein(left(lower(p.name), 100), left(written, 100)), p.name, p.id)
    FROM ranked r JOIN person_now p ON p.name_key = r.key
    WHERE p.region >= lowest AND p.region < highest AND in_reach(p.region) AND p.region ^@ ANY (narrowed)
    ORDER BY 2 LIMIT most;
END $$;
REVOKE ALL ON FUNCTION people_named(text, text, text[], integer) FROM PUBLIC;

CREATE OR REPLACE FUNCTION registered_elsewhere(number text, key text, born text)
RETURNS TABLE (person bigint, name text, region text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.name, p.region FROM person_now p
    WHERE p.nik = number AND p.registered AND p.name_key = key AND p.birth_date = born ORDER BY p.id
$$;
REVOKE ALL ON FUNCTION registered_elsewhere(text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION office_readings(about bigint[], places text[], shift interval, most integer)
RETURNS TABLE (day date, role text, office text, purpose text, times bigint, whole_list boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
AS $$
    SELECT (at AT TIME ZONE 'UTC' + shift)::date, found.role, found.office, found.purpose, count(*), listed
    FROM (
        SELECT r.at, r.role, r.office, r.purpose, false AS listed FROM reading r WHERE r.subjects && about
        UNION ALL
        SELECT r.at, r.role, r.office, r.purpose, true FROM reading r
        WHERE r.subjects IS NULL AND r.region = ANY (places)
    ) AS found
    GROUP BY 1, 2, 3, 4, 6 ORDER BY 1 DESC, 5 DESC, 2, 4 LIMIT most
$$;
REVOKE ALL ON FUNCTION office_readings(bigint[], text[], interval, integer) FROM PUBLIC;
"""
"""`in_reach` is a range that an index answers; where somebody has several scopes the range holds all, and each row is asked
again. Its last clause is written so that the planner takes it for nearly always true.

The others work as the owner, each for one purpose. Likeness and LIKE are never an index's condition behind a policy, so the
search by name has the range inside; planned anew each time, for a plan made for a village takes seconds for a kabupaten.
`registered_elsewhere` is the narrow door out of one's reach, for who knows all three.
"""


GRANT_DATABASE = """
DO $$ BEGIN
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO {everybody}', current_database());
END $$
"""
DROP_POLICIES = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass LOOP
        EXECUTE format('DROP POLICY %I ON {table}', one.polname);
    END LOOP;
END $$
"""


def role_name(role: str, owner: str) -> str:
    return f"{owner}_{role}"


@functools.cache
def _name_of(role: str) -> str:
    """The role's name in the database: it begins with the name of who owns the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('event')")
        return role_name(role, cursor.fetchone()[0])


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def statements(owner: str) -> Iterator[str]:
    """Everything that brings grants and policies up to date, whatever stood there before."""
    named = {role: _quoted(role_name(role, owner)) for role in (*ROLES, SITE)}
    everybody = ", ".join(named.values())
    yield FUNCTIONS
    yield from _looks(f"{named[READ]}, {named[WRITE]}")
    yield GRANT_DATABASE.format(everybody=everybody)
    yield f"GRANT USAGE ON SCHEMA public TO {everybody}"
    yield f"GRANT USAGE ON SEQUENCE {', '.join(SEQUENCES)} TO {named[WRITE]}, {named[ERASE]}"
    yield f"GRANT EXECUTE ON FUNCTION ticket_of(text) TO {named[TICKET]}"
    yield f"GRANT EXECUTE ON FUNCTION people_named(text, text, text[], integer) TO {named[READ]}, {named[WRITE]}"
    door = "registered_elsewhere(text, text, text)"
    yield f"GRANT EXECUTE ON FUNCTION {door} TO {named[READ]}, {named[WRITE]}"
    yield (
        "GRANT EXECUTE ON FUNCTION office_readings(bigint[], text[], interval, integer) "
        f"TO {named[READ]}, {named[TICKET]}"
    )
    for name, table in TABLES.items():
        yield f"REVOKE ALL ON {name} FROM PUBLIC, {everybody}"
        for role in (*ROLES, SITE):
            if granted := table.granted(role):
                yield f"GRANT {granted} ON {name} TO {named[role]}"
        yield DROP_POLICIES.format(table=name)
        if table.sight is not None:
            yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
            yield from _policies(name, table, named)


def _looks(roles: str) -> Iterator[str]:
    for record, (takes, where) in SEEN.items():
        yield (
            f"CREATE OR REPLACE FUNCTION seen_{record}({takes}) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER "  # noqa: S608
            f"SET search_path = public, pg_temp AS $$ BEGIN RETURN (SELECT id FROM {where} LIMIT 1); END $$"
        )
        yield f"REVOKE ALL ON FUNCTION seen_{record}({takes}) FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION seen_{record}({takes}) TO {roles}"


def _policies(name: str, table: Table, named: Mapping[str, str]) -> Iterator[str]:
    assert table.sight is not None
    seen = f"USING ({table.sight.condition})"
    yield f"CREATE POLICY seen ON {name} FOR SELECT TO {named[READ]}, {named[WRITE]} {seen}"
    # What a deed may write is decided by the core; the row that it replaces must be seen.
    for policy, verb, condition in (
        ("inserted", "INSERT", "WITH CHECK (true)"),
        ("replaced", "UPDATE", f"{seen} WITH CHECK (true)"),
        ("taken_away", "DELETE", seen),
    ):
        if verb in table.write:
            yield f"CREATE POLICY {policy} ON {name} FOR {verb} TO {named[WRITE]} {condition}"
    for role, condition in table.also.items():
        for verb in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            if verb in table.others[role]:
                clause = "WITH CHECK" if verb == "INSERT" else "USING"
                yield (
                    f"CREATE POLICY {role}_{verb.lower()} ON {name} FOR {verb} TO {named[role]} {clause} ({condition})"
                )


def role_statements(owner: str) -> Iterator[tuple[str, str]]:
    """Each role with the statement that makes it; what an administrator runs where the owner may not."""
    for role in ROLES:
        yield role_name(role, owner), f"CREATE ROLE {_quoted(role_name(role, owner))} NOLOGIN"
    yield role_name(SITE, owner), f"CREATE ROLE {_quoted(role_name(SITE, owner))} LOGIN"


def member_statements(owner: str) -> Iterator[tuple[str, str, str]]:
    """Who may take which role: the owner every one, the site's login all but the one that erases."""
    for role in ROLES:
        for member in (owner, role_name(SITE, owner)):
            if (role, member) != (ERASE, role_name(SITE, owner)):
                grant = f"GRANT {_quoted(role_name(role, owner))} TO {_quoted(member)} WITH INHERIT FALSE, SET TRUE"
                yield role_name(role, owner), member, grant


class RolesMissing(Exception):
    """The owner of the database may not make roles, and some are not there; the text has the statements for who may."""


def apply() -> None:
    """Bring roles, grants and policies up to date; where they are, nothing is done and nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    wanted = hashlib.sha256("\n".join(statements(owner)).encode()).hexdigest()[:16]
    if _is_applied(wanted, owner):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('access'))")
        _make_roles(owner)
        for statement in statements(owner):
            cursor.execute(statement)
        cursor.execute(
            f"COMMENT ON FUNCTION in_reach(text) IS 'Whether a region lies within reach [{wanted}]'"
        )


def _is_applied(wanted: str, owner: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(obj_description(to_regprocedure('in_reach(text)'), 'pg_proc') LIKE %s, false) "
            "AND (SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)) = %s",
            [f"%[{wanted}]", [name for name, _ in role_statements(owner)], len(ROLES) + 1],
        )
        return bool(cursor.fetchone()[0])


def _make_roles(owner: str) -> None:
    """Make what is not there. Roles belong to the whole server: another database of it may have made them just now."""
    missing = []
    with connection.cursor() as cursor:
        for name, statement in role_statements(owner):
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone() is None and not _done(statement, but="42710"):
                missing.append(f"{statement};")
        for name, member, statement in () if missing else member_statements(owner):
            cursor.execute(
                "SELECT FROM pg_auth_members m WHERE m.roleid = %s::regrole AND m.member = %s::regrole AND m.set_option "
                "AND NOT m.inherit_option",
                [_quoted(name), _quoted(member)],
            )
            if cursor.fetchone() is None and not _done(statement, but="42710"):
                missing.append(f"{statement};")
    if missing:
        missing += [f"{statement};" for _, _, statement in member_statements(owner)]
        raise RolesMissing("\n".join(dict.fromkeys(missing)))


def _done(statement: str, *, but: str) -> bool:
    """Whether a statement went through, or somebody else was faster with it; False where it is not allowed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        code = getattr(error.__cause__, "sqlstate", "")
        if code not in (but, "23505", "XX000", "42501"):
            raise
        return code != "42501"
    return True


# --- taking a role -----------------------------------------------------------------------------------------------------

NOTHING = Reach()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a transaction has taken: a role (empty for the login's own), what it sees, and a request that was shown."""

    role: str = ""
    reach: Reach = NOTHING
    request: int | None = None


_taken: ContextVar[Taken] = ContextVar("taken", default=Taken())  # noqa: B039  (it never changes)


@contextmanager
def taken(role: str, reach: Reach, *, read_only: bool = False, request: int | None = None) -> Iterator[None]:
    """A transaction that takes a role and sees what a reach says, and loses both at its end.

    This is where what is seen is set, and nowhere else. Inside another transaction it gives back what that one had.
    """
    nested, before = connection.in_atomic_block, _taken.get()
    with transaction.atomic():
        with _at_once():
            _set(Taken(role, reach, request), read_only=read_only)
        try:
            yield
        finally:
            _taken.set(before)
        if nested:
            _give_back(before)


@contextmanager
def everywhere() -> Iterator[None]:
    """Inside a deed: the projections follow wherever its events lead, also to a place that the actor does not see."""
    before = _taken.get()
    if not before.role or before.reach.people == ("",):
        yield
        return
    _set(replace(before, reach=replace(before.reach, people=("",))))
    try:
        yield
    finally:
        _taken.set(before)
        _give_back(before)


@contextmanager
def also(role: str, reach: Reach) -> Iterator[None]:
    """Another role for a statement whose answer nobody waits for: inside the transaction that is open, or in one of its own.

    Taking the role, the statement and giving the role back go to the server together.
    """
    before = _taken.get()
    if not before.role:
        with taken(role, reach):
            yield
        return
    with _at_once():
        _set(Taken(role, reach))
        try:
            yield
        finally:
            _taken.set(before)
        _set(before)


@contextmanager
def _at_once() -> Iterator[None]:
    """What is sent in the block goes in one turn, and its errors come at the end."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def is_broken() -> bool:
    """Whether the open transaction takes no further statement, because one of it failed."""
    return (
        connection.connection is not None
        and connection.connection.info.transaction_status == TransactionStatus.INERROR
    )


def role_taken() -> str:
    """The role that this transaction has taken; empty for the login's own."""
    return _taken.get().role


def _give_back(before: Taken) -> None:
    # Whatever went wrong in the transaction ends it, and with it all that was set.
    if not is_broken():
        _set(before)


def _set(now: Taken, *, read_only: bool = False) -> None:
    people, readings = now.reach.people, now.reach.readings
    # An empty setting and one that was never made are alike: after a transaction, what was set in it is empty.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('mutakhir.lowest', %s, true), "
            "set_config('mutakhir.highest', %s, true), set_config('mutakhir.scopes', %s, true), "
            "set_config('mutakhir.readings', %s, true), set_config('mutakhir.login', %s, true), "
            "set_config('mutakhir.request', %s, true)"
            + (", set_config('transaction_read_only', 'on', true)" if read_only else ""),
            [
                _name_of(now.role) if now.role else "none",
                f":{min(people)}" if people else "",
                max(people) + BEFORE_LAST if people else "",
                _array(people) if len(people) > 1 else "",
                _array(readings) if readings else "",
                now.reach.login,
                "" if now.request is None else str(now.request),
            ],
        )
    _taken.set(now)


def _array(prefixes: tuple[str, ...]) -> str:
    return "{" + ",".join(f'"{prefix}"' for prefix in prefixes) + "}"
