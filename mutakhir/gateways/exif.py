"""Exif: when and where a photograph says it was taken, read from what the camera wrote into it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_EXIF_FOLDER = 0x8769
_GPS_FOLDER = 0x8825
_CHANGED_AT = 0x0132
_TAKEN_AT = 0x9003
_TAKEN_OFFSET = 0x9011
_LATITUDE_SIDE, _LATITUDE, _LONGITUDE_SIDE, _LONGITUDE, _GPS_TIME, _GPS_DATE = 1, 2, 3, 4, 7, 29

_UNIT_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
_TEXT, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
# A camera writes some dozens of entries; more is not a photograph's.
_ENTRIES_AT_MOST = 1000

_Value = str | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees of WGS 84, north and east positive."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Exif:
    """What the camera said; nobody has checked it."""

    taken_at: datetime | None = None
    point: Point | None = None


def read(block: bytes, *, zone: tzinfo) -> Exif:
    """Read the TIFF block of a photograph. `zone` holds where the camera did not write its own offset. Never raises."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(block[:4])
    if order is None:
        return Exif()
    try:
        first = _folder(block, order, struct.unpack_from(order + "I", block, 4)[0])
        inner = _folder(block, order, _offset(first.get(_EXIF_FOLDER)))
        gps = _folder(block, order, _offset(first.get(_GPS_FOLDER)))
    except struct.error:
        return Exif()
    taken_at = (
        _camera_time(inner, _TAKEN_AT, zone) or _gps_time(gps) or _camera_time(first, _CHANGED_AT, zone)
    )
    return Exif(taken_at, _point(gps))


def _folder(block: bytes, order: str, offset: int) -> dict[int, _Value]:
    """The entries of one folder of the block; those that point outside it are left out."""
    if offset == 0:
        return {}
    (count,) = struct.unpack_from(order + "H", block, offset)
    found: dict[int, _Value] = {}
    for number in range(min(count, _ENTRIES_AT_MOST)):
        place = offset + 2 + 12 * number
        tag, kind, units = struct.unpack_from(order + "HHI", block, place)
        size = _UNIT_BYTES.get(kind, 0) * units
        if not 0 < size <= len(block):
            continue
        start = place + 8 if size <= 4 else struct.unpack_from(order + "I", block, place + 8)[0]
        raw = block[start : start + size]
        if len(raw) == size:
            found[tag] = _value(raw, kind, units, order)
    return found


def _value(raw: bytes, kind: int, units: int, order: str) -> _Value:
    if kind == _SHORT:
        return tuple(map(float, struct.unpack(f"{order}{units}H", raw)))
    if kind == _LONG:
        return tuple(map(float, struct.unpack(f"{order}{units}I", raw)))
    if kind == _RATIONAL:
        parts = struct.unpack(f"{order}{units * 2}I", raw)
        return tuple(
            top / bottom if bottom else float("nan")
            for top, bottom in zip(parts[::2], parts[1::2], strict=True)
        )
    return raw.split(b"\x00", 1)[0].decode("ascii", "replace").strip()


def _offset(value: _Value | None) -> int:
    return int(value[0]) if isinstance(value, tuple) else 0


def _camera_time(entries: Mapping[int, _Value], tag: int, zone: tzinfo) -> datetime | None:
    written = entries.get(tag)
    if not isinstance(written, str):
        return None
    offset = entries.get(_TAKEN_OFFSET)
    known = _zone_of(offset) if isinstance(offset, str) else None
    try:
        return datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=known or zone)
    except ValueError:
        return None


def _zone_of(offset: str) -> timezone | None:
    """The zone of "+07:00"; None for anything else."""
    try:
        sign = {"+": 1, "-": -1}[offset[0]]
        return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])))
    except (KeyError, IndexError, ValueError):
        return None


def _gps_time(gps: Mapping[int, _Value]) -> datetime | None:
    day, clock = gps.get(_GPS_DATE), gps.get(_GPS_TIME)
    if not isinstance(day, str) or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    try:
        hours, minutes, seconds = (int(part) for part in clock)
        return datetime.strptime(day, "%Y:%m:%d").replace(
            hour=hours, minute=minutes, second=min(seconds, 59), tzinfo=UTC
        )
    except ValueError:
        return None


def _point(gps: Mapping[int, _Value]) -> Point | None:
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_SIDE), "N", "S", 90)
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_SIDE), "E", "W", 180)
    # A phone that has not found its place yet writes 0/0.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    return Point(latitude, longitude)


def _degrees(value: _Value | None, side: _Value | None, plus: str, minus: str, limit: int) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3 or side not in (plus, minus):
        return None
    degrees, minutes, seconds = value
    found = degrees + minutes / 60 + seconds / 3600
    if not found <= limit:
        return None
    return round(found if side == plus else -found, 6)
