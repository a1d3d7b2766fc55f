"""The alert service: from rules to alerts, cases, notices and messages. A thin front; the parts do the work.

``evaluate`` and ``watch`` judge, ``plan`` sees whom it is time to tell, ``deliver`` sends. Alert, case,
entry of the ledger and notice come into being in one transaction: a process may be killed anywhere.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from alerts.cases.model import Step
from alerts.cases.reacting import adopt, react
from alerts.cases.verifying import verify
from alerts.channels.base import Channels
from alerts.commanding.book import live_commands
from alerts.commanding.watching import watch as watch_commands
from alerts.delivery.sender import Sender
from alerts.engine.deciding import evaluation_effects
from alerts.engine.evaluating import Evaluator
from alerts.engine.outcome import Outcome, take_turn
from alerts.engine.recording import note_empty_denominators, record
from alerts.engine.repository import Alert, Change, load_alerts, store_changes
from alerts.engine.transition import Phase
from alerts.engine.watching import Watcher
from alerts.messages.checking import load_templates
from alerts.messages.impacts import impacts_from
from alerts.messages.writing import Writing
from alerts.people.accounts import read_accounts
from alerts.people.escalating import due_steps
from alerts.people.planner import plan
from alerts.people.routing import tell
from alerts.people.telling import Telling
from alerts.people.tracing import Trace, about_asset, trace
from alerts.wording import Context
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.rulebook.effects import add_evaluation
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import local_date
from quotawatt.storage.port import SeriesStore

Alerts = list[Alert]


class AlertService:
    """One for a process and a rulebook."""

    def __init__(
        self,
        *,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook: Rulebook,
        ledger: Ledger,
        channels: Channels,
        sender: Sender,
        settings: Settings,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook = rulebook
        self._ledger = ledger
        self._channels = channels
        self._sender = sender
        self._zone = ZoneInfo(settings.timezone)
        self._templates = load_templates(settings.templates)
        self._public_url = settings.public_url
        parts = (series, records, register_source, rulebook, self._zone)
        self._evaluator, self._watcher = Evaluator(*parts), Watcher(*parts)
        self._adopted = False

    def evaluate(self, now: datetime) -> Alerts:
        """Look at every rule as of ``now`` and store what changed; returns the changed alerts.

        Between full looks only what changed or waits is read (``Evaluator.evaluate``). Evaluating again at
        the same instant changes nothing. Raises StoreError where a store fails; then nothing is changed.
        """
        stored: Alerts = []
        self._evaluator.evaluate(now, lambda outcome: self._store(outcome, stored, now))
        self._watcher.evaluate(now, lambda outcome: self._store(outcome, stored, now))
        return stored

    def watch(self, now: datetime) -> Alerts:
        """Judge the readings that came since the last look by the rules over readings; as ``evaluate``.

        What fires or moves on is stored; a new figure alone waits for the next evaluation.
        """
        stored: Alerts = []
        self._watcher.watch(now, lambda outcome: self._store(outcome, stored, now))
        return stored

    def plan(self, now: datetime) -> int:
        """Close what has stayed clear, take the steps that are due, and put what people are to be told into
        the outbox; returns how many messages that makes.

        Planning again at the same instant makes none. Raises StoreError where the record store fails.
        """
        register = self._register_source()
        # Apart: whoever has taken steps holds the ledger, and must not wait for cases that others hold.
        with self._records.begin() as conn:
            steps = verify(conn, self._context(register, now), now)
            tell(conn, steps, self._telling(conn, register, now), now)
        with self._records.begin() as conn:
            telling = self._telling(conn, register, now)
            tell(conn, due_steps(conn, telling, now), telling, now)
            return plan(conn, telling, now)

    def follow_commands(self, now: datetime) -> int:
        """See what became of the commands to devices, and tell people; returns how many moved on.

        Raises StoreError where a store fails; then nothing is changed.
        """
        with self._records.connect() as conn:
            if not live_commands(conn):
                return 0
        with self._records.begin() as conn:
            steps = watch_commands(conn, self._series, now)
            self.tell(conn, steps, now)
        return len(steps)

    def deliver(self, now: datetime) -> int:
        """Send what is due by all channels; returns how many messages arrived. See ``Sender.deliver``."""
        return self._sender.deliver(now)

    def tell(self, conn: Connection, steps: Sequence[Step], now: datetime) -> int:
        """Write the notices of steps that others took, in their transaction; returns how many."""
        return tell(conn, steps, self._telling(conn, self._register_source(), now), now)

    def trace(self, asset: str, rule: str, severity: str, now: datetime) -> Trace:
        """Who would be told of a case of this rule over an asset, by which channel, and why."""
        with self._records.connect() as conn:
            telling = self._telling(conn, self._register_source(), now)
        return trace(telling, about_asset(telling, asset, rule, severity), now)

    def list(self, phases: Collection[Phase] | None = None) -> Alerts:
        """Alerts in these phases (None: all), by number."""
        with self._records.connect() as conn:
            return load_alerts(conn, phases)

    def _store(self, outcome: Outcome, stored: Alerts, now: datetime) -> bool:
        context = self._context(outcome.register, now)
        with self._records.begin() as conn:
            if not take_turn(conn, outcome):
                return False
            changes = store_changes(conn, outcome.changes)
            if outcome.counts:
                effects = evaluation_effects(outcome.seen, changes)
                add_evaluation(conn, outcome.rules, effects, outcome.day, now)
            if outcome.empty is not None:
                note_empty_denominators(conn, outcome.empty, outcome.register, now)
            steps = self._react(conn, changes, context, now)
            if steps:
                tell(conn, steps, self._telling(conn, outcome.register, now), now)
            record(conn, self._ledger, changes, now)
        self._adopted = True
        stored += [change.alert for change in changes]
        return True

    def _react(
        self, conn: Connection, changes: Sequence[Change], context: Context, now: datetime
    ) -> Sequence[Step]:
        """The steps of the changes; the first time also of alerts that fire without a case."""
        steps = react(conn, changes, context, now)
        return steps if self._adopted else [*steps, *adopt(conn, context, now)]

    def _context(self, register: Register, now: datetime) -> Context:
        return Context(register, self._rulebook, self._zone, local_date(now, self._zone))

    def _telling(self, conn: Connection, register: Register, now: datetime) -> Telling:
        book = self._rulebook.as_of(local_date(now, self._zone))
        impacts = impacts_from(self._series, register, self._rulebook, now, self._zone)
        writing = Writing(self._rulebook, self._templates, self._public_url, impacts)
        accounts, specs = read_accounts(conn), self._channels.specs
        return Telling(register, book, accounts, specs, self._zone, writing)
