"""News of cases as they come: one look at the record store for all who listen in a process."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection, Engine, func, select
from starlette.exceptions import HTTPException

from quotawatt.storage.case_tables import case_steps, cases

LOOK_EVERY_S = 1.0
"""So often the record store is looked at, however many listen."""

MOST_LISTENERS = 200
"""Connections of one process that may be open at a time."""

_KEPT = 2_000
_PAGE = 500


@dataclass(frozen=True, slots=True)
class News:
    """A step of a case. ``severity`` and ``state`` are the case's as they are now; ``at`` is UTC."""

    id: int
    case: int
    event: str
    at: datetime
    rule: str
    asset: str
    organisation: str
    severity: str
    state: str


class CaseStream:
    """The newest steps of all cases, for many who read on from where each of them is.

    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        records: Engine,
        clock: Callable[[], float] = time.monotonic,
        most_listeners: int = MOST_LISTENERS,
    ) -> None:
        self._records = records
        self._clock = clock
        self._most = most_listeners
        self._lock = Lock()
        self._recent: deque[News] = deque()
        self._last: int | None = None
        self._begun_after = 0
        self._looked_at: float | None = None
        self._listeners = 0
        self.closed = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Count somebody who listens; answers 429 where there are as many as there may be."""
        with self._lock:
            if self._listeners >= self._most:
                raise HTTPException(
                    429,
                    f"at most {self._most} connections must follow events, got one more",
                    {"Retry-After": "30"},
                )
            self._listeners += 1
        try:
            yield
        finally:
            with self._lock:
                self._listeners -= 1

    def close(self) -> None:
        """Let all who listen go, so that the server can end."""
        self.closed = True

    def newest(self) -> int:
        """Number of the newest step; 0 where there is none."""
        return self._look()[0]

    def after(self, number: int, case: int | None = None) -> tuple[list[News], int]:
        """What came after the step of this number, in order, and the number to go on from.

        ``case``: of this one only. No more than a page; nothing where all was read. A number that is not
        there yet, as after the store was put back, is taken for the newest.
        """
        last, begun_after, recent = self._look()
        if number >= last:
            return [], last
        if number >= begun_after:
            found = [one for one in recent if one.id > number and case in (None, one.case)]
            return found, last
        with self._records.connect() as conn:
            found = _read(conn, number, last, case, _PAGE)
        return found, found[-1].id if len(found) == _PAGE else last

    def _look(self) -> tuple[int, int, list[News]]:
        """The newest number, the number after which ``recent`` is whole, and the recent ones."""
        with self._lock:
            now = self._clock()
            if self._looked_at is None or now - self._looked_at >= LOOK_EVERY_S:
                self._looked_at = now
                self._take_in()
            return self._last or 0, self._begun_after, list(self._recent)

    def _take_in(self) -> None:
        # Steps are numbered under the ledger's lock: no smaller number comes to be seen later.
        with self._records.connect() as conn:
            if self._last is None:
                newest = conn.execute(select(func.max(case_steps.c.id))).scalar_one()
                self._last = self._begun_after = newest or 0
                return
            found = _read(conn, self._last, None, None, _KEPT)
        for one in found:
            self._last = one.id
            self._recent.append(one)
        while len(self._recent) > _KEPT:
            self._begun_after = self._recent.popleft().id


def _read(
    conn: Connection, after: int, until: int | None, case: int | None, limit: int
) -> list[News]:
    """Steps after a number, up to and with another one, in order."""
    s, c = case_steps.c, cases.c
    columns = [
        s.id,
        s.case,
        s.action.label("event"),
        s.at,
        c.rule,
        c.asset,
        c.organisation,
        c.severity,
        c.state,
    ]
    query = select(*columns).join(cases, c.id == s.case).where(s.id > after)
    if until is not None:
        query = query.where(s.id <= until)
    if case is not None:
        query = query.where(s.case == case)
    rows = conn.execute(query.order_by(s.id).limit(limit)).mappings()
    return [News(**row) for row in rows]
