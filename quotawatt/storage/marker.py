"""Marking by one writer that marks the same series and hours with every batch.

A mark that this writer set and that nobody took since still stands, so it need not be set again: of the
thousand series of a batch nearly all are in the hour that the batch before has marked. What was set is
remembered only once it is durable, and forgotten by a restart, which costs no more than marking anew.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Engine

from quotawatt.storage.touched import Touched, confirm, last_taken, mark

_REMEMBERED = 200_000


class Marker:
    """Marks for one writer. Use: ``mark``, write the readings, ``confirm``."""

    def __init__(self, records: Engine) -> None:
        self._records = records
        self._generations: dict[Touched, int] = {}

    def mark(self, keys: Collection[Touched]) -> int:
        """See to it that ``keys`` are marked, durably; returns what ``confirm`` needs.

        That is the lowest generation of their marks: a taking from it on may have overtaken one of them.
        """
        if not keys:
            return 0
        with self._records.connect() as conn:
            taken = last_taken(conn)
        generations = {key: self._generations.get(key, 0) for key in keys}
        missing = [key for key, generation in generations.items() if generation <= taken]
        if missing:
            with self._records.begin() as conn:
                new = dict.fromkeys(missing, mark(conn, missing))
            if len(self._generations) + len(new) > _REMEMBERED:
                self._generations.clear()
            self._generations |= new
            generations |= new
        return min(generations.values())

    def confirm(self, conn: Connection, keys: Collection[Touched], generation: int) -> None:
        """After the readings are durable: mark again, in the caller's transaction, what was taken since."""
        if confirm(conn, keys, generation):
            for key in keys:
                # Whether this transaction will hold is not known yet.
                self._generations.pop(key, None)
