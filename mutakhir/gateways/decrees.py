"""Decrees that change regions, as Dinsos writes them down: a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.region_changes import Area, Change, Decree, Successor, parse_area
from mutakhir.core.regions import parse_code

FILE_MAX_BYTES = 4 * 1024 * 1024
KEYS = frozenset({"decree", "day", "names", "change"})
CHANGE_KEYS = frozenset({"from", "to", "staff"})
SUCCESSOR_KEYS = frozenset({"code", "areas", "families", "rest"})


def read_decree(path: Path) -> Decree:
    """The decree in a file; raises `Refused` with every place where it cannot be understood."""
    try:
        if path.stat().st_size > FILE_MAX_BYTES:
            raise Refused(Refusal.of("decree-unreadable", name=path.name, why="> 4 MiB"))
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise Refused(Refusal.of("file-unreadable", name=path.name)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(Refusal.of("decree-unreadable", name=path.name, why=str(error))) from None
    return _Reader().decree(told)


class _Reader:
    """Reads what a file says, and gathers what cannot be understood before refusing."""

    def __init__(self) -> None:
        self._reasons: list[Refusal] = []

    def decree(self, told: Mapping[str, Any]) -> Decree:
        self._keys(told, KEYS)
        day = told.get("day")
        if not isinstance(day, date) or isinstance(day, datetime):
            self._reasons.append(Refusal.of("decree-lacks", what="day"))
            day = date.max
        number = told.get("decree")
        if not isinstance(number, str):
            self._reasons.append(Refusal.of("decree-lacks", what="decree"))
        names = told.get("names", {})
        found = Decree(
            str(number or ""),
            day,
            tuple(self._change(one) for one in self._tables(told.get("change"), "change")),
            {self._code(code): str(name).strip() for code, name in names.items()}
            if isinstance(names, dict)
            else {},
        )
        if self._reasons:
            raise Refused(*dict.fromkeys(self._reasons))
        return found

    def _change(self, told: Mapping[str, Any]) -> Change:
        self._keys(told, CHANGE_KEYS)
        to = told.get("to")
        successors = (
            (Successor(self._code(to)),)
            if isinstance(to, str)
            else tuple(self._successor(one) for one in self._tables(to, "to"))
        )
        staff = told.get("staff")
        return Change(
            self._code(told.get("from")), successors, self._code(staff) if staff is not None else ""
        )

    def _successor(self, told: Mapping[str, Any]) -> Successor:
        self._keys(told, SUCCESSOR_KEYS)
        return Successor(
            self._code(told.get("code")),
            tuple(area for text in self._texts(told, "areas") if (area := self._area(text)) is not None),
            tuple(self._texts(told, "families")),
            told.get("rest") is True,
        )

    def _keys(self, told: Mapping[str, Any], known: Iterable[str]) -> None:
        self._reasons += [Refusal.of("decree-word-unknown", word=word) for word in told if word not in known]

    def _tables(self, told: Any, what: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = (
            [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        )
        if not found:
            self._reasons.append(Refusal.of("decree-lacks", what=what))
        return found

    def _texts(self, told: Mapping[str, Any], name: str) -> list[str]:
        found = told.get(name, [])
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return [one.strip() for one in found]
        self._reasons.append(Refusal.of("decree-lacks", what=name))
        return []

    def _code(self, raw: Any) -> str:
        code = parse_code(raw) if isinstance(raw, str) else None
        if code is None:
            self._reasons.append(Refusal.of("decree-code", value=str(raw)))
        return code or ""

    def _area(self, text: str) -> Area | None:
        area = parse_area(text)
        if area is None:
            self._reasons.append(Refusal.of("decree-area", value=text))
        return area
