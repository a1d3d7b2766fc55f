"""That the packs changed, in the ledger; files that do not count and reviews due, among the findings."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.in_force import PacksInForce
from quotawatt.rulebook.review import reviews_due
from quotawatt.rulebook.seen import note_packs
from quotawatt.rulebook.source import RulebookSource
from quotawatt.spans import local_date

ACTOR = "system"

SOURCE = "rulebook"
"""What the findings about packs go by."""


class RuleNotes:
    """Tells of the packs that count, at first and each time that others do."""

    def __init__(
        self,
        records: Engine,
        rulebook_source: RulebookSource,
        register_source: Callable[[], Register],
        zone: ZoneInfo,
    ) -> None:
        self._records = records
        self._rulebook_source = rulebook_source
        self._register_source = register_source
        self._zone = zone
        self._noted: PacksInForce | None = None

    def run(self, now: datetime) -> None:
        """Take up what was approved and tell of it; bring the findings about packs up to date.

        Raises RulebookError for a broken pack, StoreError where the record store fails.
        """
        packs = self._rulebook_source.refresh()
        # Not each time: two machines with other files would contradict each other without end.
        if packs is not self._noted:
            note_packs(self._records, packs, ACTOR, now)
            self._noted = packs
        due = reviews_due(self._rulebook_source(), local_date(now, self._zone))
        notes = [*self._rulebook_source.present().notes, *due]
        with self._records.begin() as conn:
            report_findings(conn, SOURCE, notes, self._register_source(), now)
