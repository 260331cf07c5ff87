"""The one place that knows what time it is, so that a played life can move it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_source: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=lambda: datetime.now(UTC))


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source.get()()


@contextmanager
def running_on(source: Callable[[], datetime]) -> Iterator[None]:
    """Inside the block `now()` answers what `source` says. Source must return aware instants."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
