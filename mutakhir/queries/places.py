"""Names of regions, as they are read on pages, in files and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mutakhir.core.regions import Region, display_name, level_of, normalise_region_name, parent_of, path_of
from mutakhir.store.models import RegionRow

REMEMBERED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A village with the names of everything above it; a level that the code does not reach is empty."""

    code: str
    village: str = ""
    kecamatan: str = ""
    kabupaten: str = ""
    province: str = ""

    @property
    def shown(self) -> str:
        """The narrowest two names: "Desa Burno · Senduro"."""
        parts = [self.village, self.kecamatan, self.kabupaten, self.province]
        named = [part for part in parts if part]
        return " · ".join(named[:2]) if self.village else (named[0] if named else "Indonesia")


class _Names:
    """Names by code. They change a few times a year, and every page shows some."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._until = 0.0

    def age(self, now: float) -> None:
        if now >= self._until:
            self._known, self._until = {}, now + REMEMBERED_SECONDS

    def of(self, codes: Iterable[str]) -> dict[str, str]:
        known = self._known
        if missing := [code for code in codes if code not in known]:
            known.update(RegionRow.objects.filter(code__in=missing).values_list("code", "name"))
        return {code: known[code] for code in codes if code in known}

    def forget(self) -> None:
        self._known = {}


_names = _Names()
age = _names.age
"""Read names anew that were read longer ago than they are remembered; `now` is an instant of the monotonic clock."""
forget = _names.forget
"""Read every name anew: for whoever has just changed one."""


def places(codes: Iterable[str]) -> dict[str, Place]:
    """The names for some codes, remembered for a minute, the others read in one query."""
    wanted = set(codes)
    names = _names.of({part for code in wanted for part in path_of(code)})
    found = {}
    for code in wanted:
        shown = {len(part): names.get(part, "") for part in path_of(code)}
        found[code] = Place(
            code,
            village=display_name(code, shown[10]) if shown.get(10) else "",
            kecamatan=shown.get(6, ""),
            kabupaten=display_name(code[:4], shown[4]) if shown.get(4) else "",
            province=shown.get(2, ""),
        )
    return found


def place(code: str) -> Place:
    return places([code])[code]


def search_places(
    words: str, *, scope: str = "", level: str | None = None, ended: bool = False, limit: int = 20
) -> tuple[Region, ...]:
    """Regions by the beginning of their code, or by a name that is written nearly so; codes that ended on request."""
    digits = words.replace(".", "").strip()
    rows = RegionRow.objects.filter(code__gte=scope, code__lt=scope + "~")
    if level is not None:
        rows = rows.filter(level=level)
    if not ended:
        rows = rows.filter(valid_until=None)
    if digits.isdecimal():
        rows = rows.filter(code__gte=digits, code__lt=digits + "~").order_by("code")
    else:
        key = normalise_region_name(words)
        if len(key) < 2:
            return ()
        rows = rows.extra(
            where=["name_key %% %s"], params=[key], select={"near": "name_key <-> %s"}, select_params=[key]
        ).order_by("near", "code")
    return tuple(
        Region(
            row.code,
            row.name,
            level_of(row.code),
            parent_of(row.code),
            row.valid_from,
            row.valid_until,
            row.post_code,
        )
        for row in rows[:limit]
    )
