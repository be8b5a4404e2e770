"""Parameters: what the law, the forms and the calendar say, read once from the tables beside this file."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from types import MappingProxyType
from typing import Any, get_args

from mutakhir.core.actors import Role
from mutakhir.core.attributes import (
    Attribute,
    AttributeTable,
    AttributeType,
    Authority,
    CodeList,
    CodeMapping,
    SubjectKind,
    Text,
)
from mutakhir.core.calendar import Limit, OpeningRule, WorkingDays
from mutakhir.core.refusals import Refusal
from mutakhir.core.sign_in import SignIn

LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of an official list, with the words for staff and, where they differ, for residents."""

    code: str
    list: str
    label: Text
    resident: Text
    reference: str
    needs_evidence: bool = False
    ends_registration: bool = False
    official: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """What a resident does at the civil registry about one topic: what to ask for, which papers to bring."""

    topic: str
    ask: Text
    needs: tuple[Text, ...]
    note: Text
    reference: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str
    joint_leave: bool
    reference: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Parameters:
    attributes: AttributeTable
    limits: Mapping[str, tuple[Limit, ...]]
    reasons: Mapping[str, Mapping[str, Reason]]
    opening_rules: Mapping[str, OpeningRule]
    holidays: tuple[Holiday, ...]
    sign_in: tuple[SignIn, ...]
    sentences: Mapping[str, Text]
    words: Mapping[str, Mapping[str, Text]]
    referrals: Mapping[str, Referral]

    def limit(self, name: str, on: date) -> Limit:
        """The limit of a step as it stood on a day. KeyError for an unknown name or a day before the first."""
        in_force = [limit for limit in self.limits[name] if limit.from_ <= on]
        if not in_force:
            raise KeyError(f"no limit {name} on {on}")
        return in_force[-1]

    def signing_in(self, on: date) -> SignIn:
        """The rules of signing in as they stood on a day. KeyError before the first."""
        in_force = [rules for rules in self.sign_in if rules.from_ <= on]
        if not in_force:
            raise KeyError(f"no rules of signing in on {on}")
        return in_force[-1]

    def reason(self, list_name: str, code: str) -> Reason:
        return self.reasons[list_name][code]

    def working_days(self) -> WorkingDays:
        """Working days by the table of holidays of this folder alone; the gateway adds what it knows."""
        return WorkingDays(
            holidays=frozenset(holiday.day for holiday in self.holidays if not holiday.joint_leave),
            joint_leave=frozenset(holiday.day for holiday in self.holidays if holiday.joint_leave),
        )

    def sentence(self, rule: str, language: str, **particulars: str | int) -> str:
        """What people read for a rule. KeyError if no sentence was written for it.

        A particular named `attribute` is shown by its label; one that is missing is shown as three dots.
        """
        return self.sentences[rule][language].format_map(_Particulars(self._shown(particulars, language)))

    def say(self, refusal: Refusal, language: str) -> str:
        return self.sentence(refusal.rule, language, **dict(refusal.particulars))

    def word(self, table: str, key: str, language: str) -> str:
        """What people read for a kind, a state, a role, a step or a paper. KeyError if there is no word for it."""
        return self.words[table][key][language]

    def piece(self, what: str, language: str) -> str:
        """A piece that is missing, as `missing` names it: `attribute:NAME`, `evidence:KIND`, or a plain word."""
        table, _, key = what.rpartition(":")
        if table == "attribute":
            attribute = self.attributes.get(key)
            return attribute.label[language] if attribute else key
        words = self.words.get(table or "what", {}).get(key)
        return words[language] if words else key

    def _shown(self, particulars: Mapping[str, str | int], language: str) -> dict[str, str | int]:
        shown = dict(particulars)
        attribute = self.attributes.get(str(shown.get("attribute", "")))
        if attribute is not None:
            shown["attribute"] = attribute.label[language]
        for table in ("state", "kind"):
            if (words := self.words[table].get(str(shown.get(table, "")))) is not None:
                shown[table] = words[language]
        if "roles" in shown:
            held = [self.words["role"].get(role) for role in str(shown["roles"]).split(",")]
            shown["roles"] = ", ".join(words[language] for words in held if words is not None)
        if "what" in shown:
            shown["what"] = self.piece(str(shown["what"]), language)
        return shown


class _Particulars(dict[str, str | int]):
    def __missing__(self, name: str) -> str:
        return "…"


def sentence(rule: str, language: str, **particulars: str | int) -> str:
    return load().sentence(rule, language, **particulars)


@functools.cache
def load() -> Parameters:
    """All parameters. Read once a process; a mistake in a table raises ValueError and names it."""
    return Parameters(
        attributes=_attribute_table(_table("attributes.toml"), _table("code_lists.toml")),
        limits=_limits(_table("limits.toml")),
        reasons=_reasons(_table("reasons.toml")),
        opening_rules=_opening_rules(_table("calendar.toml")),
        holidays=_holidays(_table("holidays.toml")),
        sign_in=_sign_in(_table("sign_in.toml")),
        referrals=_referrals(_table("referrals.toml")),
        words=MappingProxyType(
            {
                table: MappingProxyType({key: _words(pair) for key, pair in rows.items()})
                for table, rows in _table("words.toml").items()
            }
        ),
        sentences=MappingProxyType(
            {rule: MappingProxyType(dict(words)) for rule, words in _table("sentences.toml").items()}
        ),
    )


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _words(pair: list[str]) -> Text:
    return MappingProxyType(dict(zip(LANGUAGES, pair[:2], strict=True)))


def _attribute_table(attributes: dict[str, Any], lists: dict[str, Any]) -> AttributeTable:
    mappings = tuple(
        CodeMapping(
            from_list=row["from"][0],
            from_version=row["from"][1],
            to_list=row["to"][0],
            to_version=row["to"][1],
            codes=MappingProxyType(row["codes"]),
            reference=row["reference"],
        )
        for row in lists.pop("mapping")
    )
    return AttributeTable(
        attributes=tuple(_attribute(name, row) for name, row in attributes.items()),
        code_lists=tuple(_code_list(name, row) for name, row in lists.items()),
        mappings=mappings,
    )


def _attribute(name: str, row: dict[str, Any]) -> Attribute:
    for key, allowed in (("of", SubjectKind), ("type", AttributeType), ("authority", Authority)):
        if row[key] not in get_args(allowed):
            raise ValueError(f"attribute {name}: {key} cannot be {row[key]}")
    words: dict[str, Any] = {key: _words(row[key]) for key in ("label", "question", "hint")}
    return Attribute(name=name, **{**row, **words})


def _code_list(name: str, row: dict[str, Any]) -> CodeList:
    aliases: dict[str, str] = {}
    for code, spellings in row["codes"].items():
        for spelling in spellings:
            lowered = " ".join(spelling.lower().split())
            if lowered not in row["codes"] and aliases.setdefault(lowered, code) != code:
                raise ValueError(f"code list {name}: {spelling} is said of {aliases[lowered]} and of {code}")
    return CodeList(
        name=row.get("list", name),
        version=row["version"],
        from_=row["from"],
        reference=row["reference"],
        codes=MappingProxyType({code: _words(spellings) for code, spellings in row["codes"].items()}),
        aliases=MappingProxyType(aliases),
        kept=row.get("kept", True),
    )


def _limits(table: dict[str, Any]) -> Mapping[str, tuple[Limit, ...]]:
    return MappingProxyType(
        {
            name: tuple(
                sorted(
                    (
                        Limit(
                            name,
                            from_=row["from"],
                            value=row["value"],
                            unit=row["unit"],
                            reference=row["reference"],
                        )
                        for row in rows
                    ),
                    key=lambda limit: limit.from_,
                )
            )
            for name, rows in table.items()
        }
    )


def _reasons(table: dict[str, Any]) -> Mapping[str, Mapping[str, Reason]]:
    return MappingProxyType(
        {
            list_name: MappingProxyType(
                {
                    code: Reason(
                        code=code,
                        list=list_name,
                        label=_words(row["label"]),
                        resident=_words(row.get("resident", row["label"])),
                        reference=row["reference"],
                        needs_evidence=row.get("needs_evidence", False),
                        ends_registration=row.get("ends_registration", False),
                        official=row.get("official", ""),
                    )
                    for code, row in rows.items()
                }
            )
            for list_name, rows in table.items()
        }
    )


def _referrals(table: dict[str, Any]) -> Mapping[str, Referral]:
    return MappingProxyType(
        {
            topic: Referral(
                topic=topic,
                ask=_words(row["ask"]),
                needs=tuple(map(_words, row["needs"])),
                note=_words(row["note"]),
                reference=row["reference"],
                confirmed=row["confirmed"],
            )
            for topic, row in table.items()
        }
    )


def _opening_rules(table: dict[str, Any]) -> Mapping[str, OpeningRule]:
    return MappingProxyType(
        {
            name: OpeningRule(name=name, **{**row, "months": tuple(row["months"])})
            for name, row in table.items()
        }
    )


def _holidays(table: dict[str, Any]) -> tuple[Holiday, ...]:
    found = [
        Holiday(
            day=day,
            name=name,
            joint_leave=kind == "joint_leave",
            reference=decree["reference"],
            confirmed=decree.get("confirmed", True),
        )
        for decree in table["decree"]
        for kind in ("holiday", "joint_leave")
        for day, name in decree.get(kind, [])
    ]
    return tuple(sorted(found, key=lambda holiday: (holiday.day, holiday.joint_leave)))


def _sign_in(table: dict[str, Any]) -> tuple[SignIn, ...]:
    found = [
        SignIn(
            from_=row["from"],
            tries=row["tries"],
            tries_from_address=row["tries_from_address"],
            within=timedelta(minutes=row["within_minutes"]),
            session_idle=timedelta(minutes=row["session_idle_minutes"]),
            session_whole=timedelta(hours=row["session_hours"]),
            second_factor=frozenset(Role(name) for name in row["second_factor"]),
            unmasked=timedelta(minutes=row["unmasked_minutes"]),
            review=timedelta(days=row["review_days"]),
            review_within_days=row["review_within_days"],
            reference=row["reference"],
        )
        for row in table["sign_in"]
    ]
    return tuple(sorted(found, key=lambda rules: rules.from_))
