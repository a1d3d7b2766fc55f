"""The register in the record store: saved whole or not at all, loaded as a snapshot."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from quotawatt.clock import require_utc
from quotawatt.ledger import Ledger
from quotawatt.register.account import account_of
from quotawatt.register.changes import KindChange, affected, changes_between
from quotawatt.register.model import Register
from quotawatt.register.retired import settle_codes
from quotawatt.register.rows import Record
from quotawatt.register.stored import load, mark_adopted, write
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.jobs import REPLAY, add_job
from quotawatt.storage.records import reading_as_one
from quotawatt.storage.seen import devices_with_kept, settle_seen

VERSION = "register_version"
RECOMPUTE = "recompute"


@dataclass(frozen=True)
class Deed:
    """What the ledger says of a change."""

    action: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What a change of the register did.

    kinds
        The kinds that differ, each with its records that were added, changed and removed.
    replay
        Number of the job that takes in what was kept of devices bound by now; None: nothing was.
    version, register
        The stored register since then.
    """

    kinds: Mapping[str, KindChange[Record]]
    replay: int | None
    version: int
    register: Register

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """For each kind that differs, how many records were added, changed and removed."""
        return {kind: change.counts() for kind, change in self.kinds.items()}


IMPORT = Deed("register_saved", "register", {})


def save_register(
    engine: Engine, register: Register, actor: str, at: datetime
) -> Mapping[str, Mapping[str, int]]:
    """Make the stored register equal to ``register``; see ``change_register``. Returns the counts."""
    return change_register(engine, lambda _: register, actor, at).counts


def change_register(
    engine: Engine,
    edit: Callable[[Register], Register],
    actor: str,
    at: datetime,
    deed: Deed = IMPORT,
    near: "RegisterSource | None" = None,
) -> Change:
    """Make of the stored register what ``edit`` makes of it, in one transaction.

    Where no record differs only the marks of adopted bindings are written. Otherwise a ledger entry of
    ``actor`` says what was done, what changed bindings feed is put down in ``state['recompute']`` as
    ``{device, channel, from}`` (ISO 8601 UTC), and the replay of what was kept of devices that are bound by
    now is asked for as a job. Either way ``state['register_version']`` counts up.

    ``edit`` must return one that passed the checks of an import; what it raises undoes everything.
    ``near`` spares loading the stored register where it has it, and has the new one afterwards.
    """
    with engine.begin() as conn:
        change = change_within(conn, edit, actor, at, deed, near)
    if near is not None:
        near.take_over(change)
    return change


def change_within(
    conn: Connection,
    edit: Callable[[Register], Register],
    actor: str,
    at: datetime,
    deed: Deed,
    near: "RegisterSource | None" = None,
) -> Change:
    """``change_register`` as a part of the caller's transaction: what else it did stands or falls with it.

    ``conn`` comes from ``engine.begin()``. Once it has committed ``near`` can take the change over.

    Raises RegisterError where a code that was retired comes back
    for another asset.
    """
    version = lock_fact(conn, VERSION, 0)
    stored = (near and near.of_version(version)) or load(conn)
    register = edit(stored)
    changes = changes_between(stored, register)
    settle_codes(conn, changes, at)
    for kind, change in changes.items():
        write(conn, kind, change)
    marked = mark_adopted(conn, stored, register)
    if not changes and not marked:
        return Change({}, None, version, stored)
    put_fact(conn, VERSION, version + 1)
    if not changes:
        return Change({}, None, version + 1, register)
    _request_recomputation(conn, stored, register)
    replay = _request_replay(conn, register, actor, at)
    done = Change(changes, replay, version + 1, register)
    told = account_of(changes)
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action=deed.action,
        subject=deed.subject,
        detail={"version": version + 1, **done.counts, **deed.detail},
        before=told.before,
        after=told.after,
        mentions=told.codes,
    )
    return done


def _request_replay(conn: Connection, register: Register, actor: str, at: datetime) -> int | None:
    settle_seen(conn, register.bound_channels)
    if any(device in register.bound_channels for device in devices_with_kept(conn)):
        return add_job(conn, REPLAY, {}, actor, at)
    return None


def load_register(engine: Engine) -> Register:
    """The register as it is stored now; empty where none was saved."""
    with reading_as_one(engine) as conn:
        return load(conn)


class RegisterSource:
    """Gives the present register, loading it anew only when its version has changed.

    Looks at the version at most every ``check_every_s`` seconds of ``monotonic``, so that asking for each
    message costs nothing; a change is seen that late. Safe to share between threads.
    """

    def __init__(
        self,
        engine: Engine,
        check_every_s: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._check_every_s = check_every_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._register = Register()
        self._version: int | None = None
        self._checked_at_s = float("-inf")

    def __call__(self) -> Register:
        """The present register. Raises StoreError where the record store fails."""
        with self._lock:
            if self._monotonic() - self._checked_at_s >= self._check_every_s:
                self._check()
            return self._register

    def refresh(self) -> Register:
        """The register as of this moment, whenever it was last looked at."""
        with self._lock:
            self._check()
            return self._register

    def of_version(self, version: int) -> Register | None:
        """The register of this version, where it is the one at hand; the store is not asked."""
        with self._lock:
            return self._register if self._version == version else None

    def take_over(self, change: Change) -> None:
        """Have the register that a change made, once it is committed, without loading it."""
        with self._lock:
            # Another thread's later change may have been faster here.
            if self._version is None or self._version < change.version:
                self._register, self._version = change.register, change.version

    def _check(self) -> None:
        with reading_as_one(self._engine) as conn:
            version = read_fact(conn, VERSION, 0)
            if version != self._version:
                self._register, self._version = load(conn), version
        self._checked_at_s = self._monotonic()


# --- what has to be computed anew ------------------------------------------------------------------


def _request_recomputation(conn: Connection, before: Register, after: Register) -> None:
    """Add the channels whose results no longer follow the register, each from its earliest instant."""
    wanted = lock_fact(conn, RECOMPUTE, [])
    earliest = {(w["device"], w["channel"]): datetime.fromisoformat(w["from"]) for w in wanted}
    for device, channel, start in affected(before, after):
        earliest[device, channel] = min(start, earliest.get((device, channel), start))
    requests = [
        {"device": device, "channel": channel, "from": require_utc(start).isoformat()}
        for (device, channel), start in sorted(earliest.items())
    ]
    put_fact(conn, RECOMPUTE, requests)
