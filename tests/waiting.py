"""What tests wait for, and a record store that is away."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from quotawatt.errors import StoreError

LIMIT_S = 60.0


def until(
    condition: Callable[[], object],
    message: str = "it did not come about in time",
    limit_s: float = LIMIT_S,
) -> None:
    """Wait for what must come about; fail where it does not."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, message
        time.sleep(0.01)


@contextmanager
def silent(records: Engine) -> Iterator[None]:
    """A record store that does not answer meanwhile."""

    def refuse(*_: object) -> None:
        raise StoreError("the record store must be there, it is away")

    event.listen(records, "do_connect", refuse)
    records.dispose()
    yield
    event.remove(records, "do_connect", refuse)
