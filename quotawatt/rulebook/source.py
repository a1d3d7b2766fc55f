"""The rulebook that counts, for running roles: what is approved meanwhile counts without a restart."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from quotawatt.calendars import announce
from quotawatt.errors import RulebookError
from quotawatt.rulebook.announced import announced_years
from quotawatt.rulebook.in_force import PacksInForce, packs_in_force
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.proposal import APPROVED
from quotawatt.rulebook.proposals import approved_packs
from quotawatt.storage.rules_tables import pack_proposals

log = logging.getLogger(__name__)

_Version = tuple[int, ...]


class RulebookSource:
    """Gives the rulebook of the packs that count, loading them anew only when another pack was approved.

    Files of ``folders`` are read then, and at first; what is done to them in between does not count yet.
    Looks at the approvals at most every ``check_every_s`` seconds of ``monotonic``. Safe to share between
    threads. Working calendars that the packs announce count for the whole process as soon as it is loaded.
    """

    def __init__(
        self,
        engine: Engine,
        folders: Sequence[Path],
        *,
        need_approval: bool,
        check_every_s: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._folders = tuple(folders)
        self._need_approval = need_approval
        self._check_every_s = check_every_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._packs: PacksInForce | None = None
        self._book = Rulebook()
        self._version: _Version | None = None
        self._broken: _Version | None = None
        self._checked_at_s = float("-inf")

    def __call__(self) -> Rulebook:
        """The present rulebook; the one before where the packs approved meanwhile are broken.

        Raises RulebookError where they were at first, StoreError where the record store fails.
        """
        with self._lock:
            if self._monotonic() - self._checked_at_s >= self._check_every_s:
                self._check(retry=False)
            return self._book

    def refresh(self) -> PacksInForce:
        """The packs that count as of this moment. Raises RulebookError where one of them is broken."""
        with self._lock:
            self._check(retry=True)
            assert self._packs is not None
            return self._packs

    def present(self) -> PacksInForce:
        """The packs that would count were they read now, files included; nothing is taken up."""
        with self._engine.connect() as conn:
            return self._read(conn)

    def _check(self, *, retry: bool) -> None:
        with self._engine.connect() as conn:
            version = _version(conn)
            # The version first: what is approved in between is then loaded once more, never missed.
            strict = retry or self._packs is None
            if version != self._version and (strict or version != self._broken):
                self._load(conn, version, strict)
        self._checked_at_s = self._monotonic()

    def _load(self, conn: Connection, version: _Version, strict: bool) -> None:
        try:
            packs = self._read(conn)
            book = packs.rulebook()
        except RulebookError as error:
            self._broken = version
            if strict:
                raise
            log.error("the rulebook stays as it was, for the packs are broken: %s", error)
            return
        announce(announced_years(book.calendars.values()))
        self._packs, self._book, self._version = packs, book, version

    def _read(self, conn: Connection) -> PacksInForce:
        approved = approved_packs(conn)
        return packs_in_force(self._folders, approved, need_approval=self._need_approval)


def _version(conn: Connection) -> _Version:
    numbers = select(pack_proposals.c.id).where(pack_proposals.c.state == APPROVED)
    return tuple(conn.execute(numbers.order_by(pack_proposals.c.id)).scalars())
