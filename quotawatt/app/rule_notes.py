"""That the packs changed, in the ledger; that a file does not count as it is, among the findings."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.in_force import PacksInForce
from quotawatt.rulebook.seen import note_packs
from quotawatt.rulebook.source import RulebookSource

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
    ) -> None:
        self._records = records
        self._rulebook_source = rulebook_source
        self._register_source = register_source
        self._noted: PacksInForce | None = None

    def run(self, now: datetime) -> None:
        """Take up what was approved and tell of it; bring the findings about files up to date.

        Raises RulebookError for a broken pack, StoreError where the record store fails.
        """
        packs = self._rulebook_source.refresh()
        # Not each time: two machines with other files would contradict each other without end.
        if packs is not self._noted:
            note_packs(self._records, packs, ACTOR, now)
            self._noted = packs
        notes = self._rulebook_source.present().notes
        with self._records.begin() as conn:
            report_findings(conn, SOURCE, notes, self._register_source(), now)
