"""Lines of a file of readings, checked one by one: readings, or what is wrong with each."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.keeping import cells
from quotawatt.keeping.problems import PROBLEMS_SHOWN, Problems, Rules
from quotawatt.plausibility import REASONS, Columns, implausible, limits_of
from quotawatt.quantities import POSITION_QUANTITIES, QUANTITIES
from quotawatt.readings import READINGS, TIME, Quality
from quotawatt.storage.frames import EARLIEST, LATEST, Mask, micros
from quotawatt.storage.horizon import RAW_EXPIRED

REQUIRED = ("time", "quantity", "value")
OPTIONAL = (
    "device", "asset", "channel", "revision", "quality", "reason", "arrived", "timed_by_server",
)  # fmt: skip
"""Columns that a file of readings must have and may have; of ``device`` and ``asset`` one at least."""

_EXEMPT_RULE = "positions of a vehicle exempt from tracking must not be taken in"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = {"device": 128, "channel": 64, "reason": 64}
_TAKEN = (Quality.MEASURED, Quality.ESTIMATED, Quality.SUSPECT)
_QUALITIES: Mapping[str, str] = MappingProxyType({"": Quality.MEASURED} | {q: q for q in _TAKEN})


def check_lines(
    table: pa.Table, lines: np.ndarray[Any, np.dtype[np.int64]], rules: Rules, problems: Problems
) -> pa.Table:
    """The readings of lines without a problem, implausible ones as ``suspect``: a table READINGS.

    table
        Cells as texts, or as the types of a Parquet file; columns REQUIRED and any of OPTIONAL.
    lines
        Number of each row.
    problems
        Takes what is wrong; of a line that breaks several rules the first.
    """
    sieve = _Sieve(table, lines, problems)
    columns = _columns(sieve, rules)
    sieve.refuse(_expired(columns["time"], rules), "time", _expired_rule(rules))
    sieve.refuse(_exempt(columns, rules), "quantity", _EXEMPT_RULE)
    kept = pa.array(sieve.good)
    found = pa.table(columns).filter(kept)
    return _judged(found, rules)


class _Sieve:
    """Rows of a table that are still good."""

    def __init__(
        self, table: pa.Table, lines: np.ndarray[Any, np.dtype[np.int64]], problems: Problems
    ) -> None:
        self.table, self.lines, self._problems = table, lines, problems
        self.good = np.ones(len(table), dtype=np.bool_)

    def column(self, name: str) -> Any:
        """A column as one chunk; None where the file has none."""
        if name not in self.table.schema.names:
            return None
        return self.table[name].combine_chunks()

    def refuse(self, wrong: Mask, name: str, rule: str) -> None:
        """Take good rows out that are wrong, with what they have in a column."""
        bad = np.flatnonzero(wrong & self.good)
        if bad.size:
            column = self.column(name)
            got = [None if column is None else column[int(i)].as_py() for i in bad[:PROBLEMS_SHOWN]]
            got += [None] * (len(bad) - len(got))
            self._problems.add(self.lines[bad].tolist(), rule, [_plain(value) for value in got])
            self.good[bad] = False


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _columns(sieve: _Sieve, rules: Rules) -> dict[str, Any]:
    size = len(sieve.table)
    time_us = _instants(sieve, "time", rules)
    arrived = sieve.column("arrived")
    arrived_us = np.full(size, micros(rules.now))
    if arrived is not None:
        arrived_us = np.where(_empty(arrived), arrived_us, _instants(sieve, "arrived", rules))
    value, sound = cells.numbers(sieve.column("value"))
    sieve.refuse(~sound, "value", "value must be a finite number")
    return {
        "device": _devices(sieve, rules),
        "channel": _texts(sieve, "channel"),
        "quantity": _quantities(sieve),
        "time": time_us,
        "value": value,
        "arrived": arrived_us,
        "revision": _revisions(sieve),
        "quality": _qualities(sieve),
        "reason": _texts(sieve, "reason"),
        "timed_by_server": _truths(sieve),
    }


def _empty(column: Any) -> Mask:
    filled = pc.fill_null(column.cast(pa.string()), "")
    return np.asarray(pc.equal(filled, pa.scalar("")))


def _instants(sieve: _Sieve, name: str, rules: Rules) -> Any:
    column = sieve.column(name)
    found, sound = cells.instants(column, rules.zone)
    sound &= (found >= micros(EARLIEST)) & (found < micros(LATEST))
    if name == "arrived":
        sound |= _empty(column)
    offset = " with an offset from UTC (or give the time zone)" if rules.zone is None else ""
    sieve.refuse(~sound, name, f"{name} must be an instant in ISO 8601{offset}")
    return np.where(sound, found, 0)


def _texts(sieve: _Sieve, name: str) -> list[str]:
    column = sieve.column(name)
    if column is None:
        return [""] * len(sieve.table)
    found, short = cells.texts(column, _LONGEST[name])
    sieve.refuse(~short, name, f"{name} must have at most {_LONGEST[name]} characters")
    # PostgreSQL keeps none in a text.
    nul = np.array(["\0" in text for text in found], dtype=np.bool_)
    sieve.refuse(nul, name, f"{name} must not have the character NUL")
    return found


def _devices(sieve: _Sieve, rules: Rules) -> list[str]:
    devices = _texts(sieve, "device")
    column = sieve.column("asset")
    assets = [""] * len(devices) if column is None else cells.texts(column, 0)[0]
    both = np.array([bool(d) == bool(a) for d, a in zip(devices, assets, strict=True)], np.bool_)
    sieve.refuse(both, "device", "a line must have either a device or an asset")
    unknown = np.array([bool(a) and a not in rules.assets for a in assets], np.bool_)
    sieve.refuse(unknown, "asset", "asset must be the code of one of the register")
    return [d or f"asset:{a}" for d, a in zip(devices, assets, strict=True)]


def _quantities(sieve: _Sieve) -> list[str]:
    found, _ = cells.texts(sieve.column("quantity"), 0)
    unknown = np.array([name not in QUANTITIES for name in found], dtype=np.bool_)
    sieve.refuse(unknown, "quantity", "quantity must be one of docs/nomenclature.md")
    return found


def _qualities(sieve: _Sieve) -> list[str]:
    column = sieve.column("quality")
    if column is None:
        return [Quality.MEASURED.value] * len(sieve.table)
    found, _ = cells.texts(column, 0)
    unknown = np.array([name not in _QUALITIES for name in found], dtype=np.bool_)
    sieve.refuse(unknown, "quality", f"quality must be one of {', '.join(_TAKEN)}")
    return [str(_QUALITIES.get(name, "")) for name in found]


def _revisions(sieve: _Sieve) -> Any:
    column = sieve.column("revision")
    if column is None:
        return np.zeros(len(sieve.table), dtype=np.int32)
    found, sound = cells.whole(column)
    sieve.refuse(~sound & ~_empty(column), "revision", "revision must be a whole number from 0 on")
    return np.where(sound, found, 0).astype(np.int32)


def _truths(sieve: _Sieve) -> Mask:
    column = sieve.column("timed_by_server")
    if column is None:
        return np.zeros(len(sieve.table), dtype=np.bool_)
    found, sound = cells.truths(column)
    wrong = ~sound & ~_empty(column)
    sieve.refuse(wrong, "timed_by_server", "timed_by_server must be true or false")
    both: Mask = found & sound
    return both


def _expired(time_us: Any, rules: Rules) -> Mask:
    if rules.horizon is None:
        return np.zeros(len(time_us), dtype=np.bool_)
    # A clock that is not set is no late reading: it is kept as suspect.
    clock_from_us = micros(datetime.combine(rules.clock_from, time(), UTC))
    return np.asarray((time_us >= clock_from_us) & (time_us < micros(rules.horizon)))


def _expired_rule(rules: Rules) -> str:
    since = "" if rules.horizon is None else rules.horizon.isoformat()
    return f"{RAW_EXPIRED}: time must not lie before {since}, from when on readings are kept"


def _exempt(columns: Mapping[str, Any], rules: Rules) -> Mask:
    """Which are positions of vehicles exempt from tracking."""
    found = np.zeros(len(columns["device"]), dtype=np.bool_)
    if rules.exempt:
        names = ("device", "channel", "quantity", "time")
        for row, (device, channel, quantity, time_us) in enumerate(
            zip(*(columns[name] for name in names), strict=True)
        ):
            if quantity in POSITION_QUANTITIES and device in rules.exempt:
                instant = _EPOCH + timedelta(microseconds=int(time_us))
                stretches = rules.exempt[device]
                found[row] = any(s.covers(channel, quantity, instant) for s in stretches)
    return found


def _judged(found: pa.Table, rules: Rules) -> pa.Table:
    """The readings as READINGS; what is implausible is suspect, as if it had come from the device."""
    time_us, arrived_us = (found[name].to_numpy() for name in ("time", "arrived"))
    names = found["quantity"].combine_chunks().cast(pa.string()).dictionary_encode()
    which = np.asarray(names.indices, dtype=np.int64)
    limits = limits_of(map(str, names.dictionary.to_pylist()))
    low, high, counter = limits.low[which], limits.high[which], limits.counter[which]
    columns = Columns(time_us, arrived_us, found["value"].to_numpy(), low, high, counter)
    codes = implausible(columns, rules.clock_ahead_limit_s, rules.clock_from)
    wrong: Any = pa.array(codes != 0)
    reasons = pa.array(REASONS).take(pa.array(codes, pa.int8()))
    suspect = pa.scalar(Quality.SUSPECT.value)
    replaced = {
        "time": pa.array(time_us).cast(TIME),
        "arrived": pa.array(arrived_us).cast(TIME),
        "quality": pc.if_else(wrong, suspect, found["quality"].cast(pa.string())),
        "reason": pc.if_else(wrong, reasons, found["reason"].cast(pa.string())),
    }
    return pa.table({f.name: replaced.get(f.name, found[f.name]) for f in READINGS}).cast(READINGS)
