"""What one look at the database has read already: within it nothing is read twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from mutakhir.store import access

K = TypeVar("K")
V = TypeVar("V")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("what this look has read", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Questions of the block remember what they read, as long as they are asked in the role that changes nothing."""
    mark = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(mark)


def forget() -> None:
    """What is asked from now on sees the database anew."""
    if (memory := _memory.get()) is not None:
        memory.clear()


def remembered(what: str, keys: Iterable[K], read: Callable[[list[K]], dict[K, V]]) -> dict[K, V]:
    """A value for each key: from memory, and the others by one `read`, which answers for every key."""
    wanted = list(keys)
    memory = _memory.get()
    if memory is None or access.role_taken() != access.READ:
        return read(wanted)
    if missing := [key for key in wanted if (what, key) not in memory]:
        memory.update({(what, key): value for key, value in read(missing).items()})
    return {key: memory[what, key] for key in wanted}
