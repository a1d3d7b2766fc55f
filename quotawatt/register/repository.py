"""The register in the record store: saved whole or not at all, loaded as a snapshot."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from quotawatt.clock import require_utc
from quotawatt.ledger import Ledger
from quotawatt.register.model import Binding, Meter, PvPlant, Register, Vehicle
from quotawatt.register.rows import KEYS, KINDS, Record, records_of
from quotawatt.storage.jobs import REPLAY, add_job
from quotawatt.storage.records import upsert
from quotawatt.storage.seen import devices_with_kept, settle_seen
from quotawatt.storage.tables import metadata, state

VERSION = "register_version"
RECOMPUTE = "recompute"


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class KindChange(Generic[R]):
    """Records of one kind that were added, removed, or changed (before, after)."""

    added: tuple[R, ...]
    changed: tuple[tuple[R, R], ...]
    removed: tuple[R, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
        }


@dataclass(frozen=True)
class Deed:
    """What the ledger says of a change."""

    action: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What a change of the register did.

    counts
        For each kind that differs, how many records were added, changed and removed.
    replay
        Number of the job that takes in what was kept of devices bound by now; None: nothing was.
    """

    counts: Mapping[str, Mapping[str, int]]
    replay: int | None


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
) -> Change:
    """Make of the stored register what ``edit`` makes of it, in one transaction.

    Where nothing differs nothing is written. Otherwise ``state['register_version']`` counts up, a ledger
    entry of ``actor`` says what was done, what changed bindings feed is put down in ``state['recompute']``
    as ``{device, channel, from}`` (ISO 8601 UTC), and the replay of what was kept of devices that are bound
    by now is asked for as a job.

    ``edit`` must return one that passed the checks of an import; what it raises undoes everything.
    """
    with engine.begin() as conn:
        version = _lock_state(conn, VERSION, 0)
        stored = _load(conn)
        register = edit(stored)
        changes = _changes(stored, register)
        if not changes:
            return Change({}, None)
        for kind, change in changes.items():
            _write(conn, kind, change)
        _put_state(conn, VERSION, version + 1)
        _request_recomputation(conn, stored, register)
        replay = _request_replay(conn, register, actor, at)
        counts = {kind: change.counts() for kind, change in changes.items()}
        Ledger(engine).append(
            conn,
            at=at,
            actor=actor,
            action=deed.action,
            subject=deed.subject,
            detail={"version": version + 1, **counts, **deed.detail},
        )
    return Change(counts, replay)


def _request_replay(conn: Connection, register: Register, actor: str, at: datetime) -> int | None:
    settle_seen(conn, register.bound_channels)
    if any(device in register.bound_channels for device in devices_with_kept(conn)):
        return add_job(conn, REPLAY, {}, actor, at)
    return None


def load_register(engine: Engine) -> Register:
    """The register as it is stored now; empty where none was saved."""
    with engine.connect() as conn:
        return _load(conn)


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

    def _check(self) -> None:
        with self._engine.connect() as conn:
            version = _read_state(conn, VERSION, 0)
            # The version first: a save that commits in between is then loaded once more, never missed.
            if version != self._version:
                self._register, self._version = _load(conn), version
        self._checked_at_s = self._monotonic()


def _load(conn: Connection) -> Register:
    records: dict[str, list[Any]] = {}
    for kind, record in KINDS.items():
        table = metadata.tables[kind]
        names = [c.name for c in table.c if c.name != "id"]
        rows = conn.execute(select(*(table.c[n] for n in names)).order_by(*_key_columns(kind)))
        records[kind] = [record(**row._mapping) for row in rows]
    return Register(**records)


def _key_columns(kind: str) -> list[Any]:
    return [metadata.tables[kind].c[name] for name in KEYS[kind]]


def _key(kind: str, record: Record) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in KEYS[kind])


def _changes(before: Register, after: Register) -> dict[str, KindChange[Record]]:
    old, new = records_of(before), records_of(after)
    found = {kind: _kind_change(kind, old[kind], new[kind]) for kind in KINDS}
    return {kind: change for kind, change in found.items() if change}


def _kind_change(kind: str, before: Sequence[R], after: Sequence[R]) -> KindChange[R]:
    old = {_key(kind, record): record for record in before}
    new = {_key(kind, record): record for record in after}
    return KindChange(
        added=tuple(record for key, record in new.items() if key not in old),
        changed=tuple((old[k], new[k]) for k in new if k in old and old[k] != new[k]),
        removed=tuple(record for key, record in old.items() if key not in new),
    )


def _write(conn: Connection, kind: str, change: KindChange[Record]) -> None:
    table = metadata.tables[kind]
    for record in change.removed:
        conn.execute(delete(table).where(_same_key(kind, record)))
    for _, record in change.changed:
        conn.execute(update(table).where(_same_key(kind, record)).values(asdict(record)))
    if change.added:
        conn.execute(insert(table), [asdict(record) for record in change.added])


def _same_key(kind: str, record: Record) -> Any:
    pairs = zip(_key_columns(kind), _key(kind, record), strict=True)
    return and_(*(column == value for column, value in pairs))


# --- what has to be computed anew ------------------------------------------------------------------


def _request_recomputation(conn: Connection, before: Register, after: Register) -> None:
    """Add the channels whose results no longer follow the register, each from its earliest instant."""
    wanted = _lock_state(conn, RECOMPUTE, [])
    earliest = {(w["device"], w["channel"]): datetime.fromisoformat(w["from"]) for w in wanted}
    for device, channel, start in _affected(before, after):
        earliest[device, channel] = min(start, earliest.get((device, channel), start))
    requests = [
        {"device": device, "channel": channel, "from": require_utc(start).isoformat()}
        for (device, channel), start in sorted(earliest.items())
    ]
    _put_state(conn, RECOMPUTE, requests)


def _affected(before: Register, after: Register) -> Iterator[tuple[str, str, datetime]]:
    bindings = _kind_change("bindings", before.bindings, after.bindings)
    for binding in (*bindings.added, *bindings.removed):
        yield binding.device, binding.channel, binding.valid_from
    for old, new in bindings.changed:
        yield new.device, new.channel, _differ_from(old, new)
    for code in _reshaped(before, after):
        for binding in (*before.bindings_of(code), *after.bindings_of(code)):
            yield binding.device, binding.channel, binding.valid_from


def _reshaped(before: Register, after: Register) -> Iterator[str]:
    """Codes of what readings come in by and whose rating, place in the tree or fuel has changed."""
    for code, asset in after.assets.items():
        old = before.assets.get(code)
        if old is not None and isinstance(asset, Meter | PvPlant | Vehicle):
            nameless = replace(old, name_zh=asset.name_zh, name_en=asset.name_en)
            if nameless != asset:
                yield code


def _differ_from(old: Binding, new: Binding) -> datetime:
    """The first instant at which two versions of a binding say different things."""
    if replace(old, valid_until=new.valid_until) != new:
        return new.valid_from
    return min(end for end in (old.valid_until, new.valid_until) if end is not None)


# --- small facts ------------------------------------------------------------------------------------


def _read_state(conn: Connection, name: str, default: Any) -> Any:
    found = conn.execute(select(state.c.value).where(state.c.name == name)).scalar_one_or_none()
    return default if found is None else found


def _lock_state(conn: Connection, name: str, default: Any) -> Any:
    """The value, locked until the transaction ends; put there first where it is missing."""
    upsert(conn, state, [{"name": name, "value": default}], keys=["name"])
    statement = select(state.c.value).where(state.c.name == name).with_for_update()
    return conn.execute(statement).scalar_one()


def _put_state(conn: Connection, name: str, value: Any) -> None:
    conn.execute(update(state).where(state.c.name == name).values(value=value))
