"""How roles tell of themselves: each process writes heartbeats, and the API reads those of all.

Processes meet in the record store only, so that is where each says how its roles are: every few seconds,
and at once when something gets better or worse. A process that ends on purpose takes its rows away; one
that does not write any more is *silent*.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as Source
from sqlalchemy import Engine, delete, select

from quotawatt.clock import Clock
from quotawatt.errors import QuotawattError
from quotawatt.readings import Grain
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import role_states

log = logging.getLogger(__name__)

States = Mapping[str, Mapping[str, Any]]
"""What each role of a process says of itself; ``ok`` of each tells whether it is well."""

LOOK_EVERY_S = 0.2
STOP_LIMIT_S = 5.0
SILENT_AFTER_PERIODS = 3
FORGOTTEN_AFTER = timedelta(days=7)


def probe_stores(series: SeriesStore, records: Engine, now: datetime) -> None:
    """Ask both stores the smallest question there is. Raises StoreError where one does not answer."""
    with records.connect() as conn:
        conn.execute(select(role_states.c.role).limit(1)).all()
    series.read_results(Grain.DAY, ["-"], ["carbon_kgco2"], Span(now, now))


def collector_state(
    found: Mapping[str, Any], store_problem: str, lag_limit_s: float
) -> dict[str, Any]:
    """A collector's health with broker, store and lag told apart.

    found
        The answer of ``Collector.healthy()``.
    store_problem
        What the last look at the stores said; empty where they answered. The collector itself only
        notices when it writes.
    lag_limit_s
        Age in seconds up to which an unacknowledged message is no sign of trouble.
    """
    subscribed = bool(found["connected"] and found["subscribed"])
    waiting = "" if subscribed else "the collector must be subscribed, it is not yet"
    store = found["store_problem"] or store_problem
    lag_s = found["oldest_unacknowledged_s"]
    parts = {
        "broker": {"ok": subscribed, "problem": found["broker_problem"] or waiting},
        "store": {"ok": not store, "problem": store},
        "lag": {
            "ok": lag_s <= lag_limit_s,
            "oldest_unacknowledged_s": round(lag_s, 3),
            "limit_s": lag_limit_s,
        },
    }
    well = bool(found["ok"]) and all(part["ok"] for part in parts.values())
    return {"ok": well, **parts, "processed": found["processed"]}


class Heartbeat:
    """Writes the states of this process's roles, in a thread, until stopped.

    instance
        Name of the process among those with the same role; the same after a restart.
    clock
        The machine's clock: it is compared with that of the process that reads.

    A failing store is tried again at the next look; nothing else of the process notices.
    """

    def __init__(
        self,
        records: Engine,
        states: Callable[[], States],
        instance: str,
        every_s: float,
        clock: Clock,
    ) -> None:
        self._records, self._states, self._clock = records, states, clock
        self._instance, self._every_s = instance, every_s
        self._told: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin; the first heartbeat comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, and take the rows of this process away: it is not silent, it is gone.

        Where the store hangs they stay.
        """
        self._stop.set()
        if not self._thread.is_alive():
            return
        self._thread.join(STOP_LIMIT_S)
        if self._thread.is_alive():
            log.warning("the last heartbeat hangs and is left")
            return
        # Other processes may go by the same name in other roles.
        own = (role_states.c.instance == self._instance) & role_states.c.role.in_(self._told)
        try:
            with self._records.begin() as conn:
                conn.execute(delete(role_states).where(own))
        except QuotawattError as error:
            log.warning("the last heartbeat could not be taken away: %s", error)

    def _run(self) -> None:
        written: object = None
        due = time.monotonic()
        while not self._stop.is_set():
            try:
                states = self._states()
                marks = _marks(states)
                if marks != written or time.monotonic() >= due:
                    due = time.monotonic() + self._every_s
                    self._write(states)
                    written = marks
            except QuotawattError as error:
                log.warning("the heartbeat could not be written and will be again: %s", error)
                self._stop.wait(min(1.0, self._every_s))
            except Exception:
                # A thread that dies in silence would make a working process look dead.
                log.exception("the heartbeat failed and will be tried again")
                self._stop.wait(self._every_s)
            self._stop.wait(min(LOOK_EVERY_S, self._every_s))

    def _write(self, states: States) -> None:
        now = self._clock()
        self._told |= set(states)
        rows = [
            {
                "role": role,
                "instance": self._instance,
                "at": now,
                "ok": bool(state["ok"]),
                "detail": {**state, "every_s": self._every_s},
            }
            for role, state in states.items()
        ]
        with self._records.begin() as conn:
            upsert(
                conn, role_states, rows, keys=["role", "instance"], update=["at", "ok", "detail"]
            )
            conn.execute(delete(role_states).where(role_states.c.at < now - FORGOTTEN_AFTER))


def _marks(value: object) -> object:
    """All marks ``ok`` in a state, at whatever depth: a heartbeat is due where one has turned."""
    if not isinstance(value, Mapping):
        return None
    inner = {key: _marks(part) for key, part in value.items() if isinstance(part, Mapping)}
    return value.get("ok"), inner


def read_states(records: Engine, expected: Iterable[str], now: datetime) -> dict[str, Any]:
    """How the roles of all processes are: ``{role: {"ok", "instances": {name: state}}}``.

    A role of ``expected`` that no process tells of is not ok, nor is one of which an instance is not ok
    or silent. Raises StoreError where the record store does not answer.
    """
    roles: dict[str, Any] = {role: {"ok": False, "instances": {}} for role in expected}
    with records.connect() as conn:
        rows = conn.execute(select(role_states).order_by(role_states.c.instance)).all()
    for row in rows:
        role = roles.setdefault(row.role, {"ok": False, "instances": {}})
        role["instances"][row.instance] = _instance_state(row, now)
    for role in roles.values():
        states = role["instances"].values()
        role["ok"] = bool(states) and all(state["ok"] for state in states)
    return roles


def _instance_state(row: Any, now: datetime) -> dict[str, Any]:
    detail = dict(row.detail)
    silent_after = timedelta(seconds=SILENT_AFTER_PERIODS * detail.pop("every_s"))
    silent = now - row.at > silent_after
    return {**detail, "ok": row.ok and not silent, "silent": silent, "at": row.at.isoformat()}


class RoleMetrics(Source):
    """The heartbeats of all processes as metrics, read when somebody looks."""

    def __init__(self, records: Engine, clock: Clock) -> None:
        self._records, self._clock = records, clock

    def collect(self) -> Iterator[Metric]:
        """Whether each role is well, and the age of its heartbeat; nothing where the store is silent.

        The other metrics are wanted most while it is.
        """
        now = self._clock()
        try:
            states = read_states(self._records, (), now)
        except QuotawattError as error:
            log.warning("the roles are left out of the metrics: %s", error)
            return
        labels = ["role", "instance"]
        up = GaugeMetricFamily("quotawatt_role_up", "Whether a role is well.", labels=labels)
        age = GaugeMetricFamily(
            "quotawatt_role_heartbeat_age_seconds", "Age of its heartbeat.", labels=labels
        )
        for role, found in states.items():
            for instance, state in found["instances"].items():
                up.add_metric([role, instance], float(state["ok"]))
                at = datetime.fromisoformat(state["at"])
                age.add_metric([role, instance], max(0.0, (now - at).total_seconds()))
        yield up
        yield age

    def describe(self) -> Iterable[Metric]:
        """Nothing: the store is not asked before somebody looks."""
        return ()
