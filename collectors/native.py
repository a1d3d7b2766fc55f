"""Quotawatt's own JSON, in three forms.

``{"readings": [{"quantity", "value", "time", "channel", "revision"}, ...]}``: one by one;
``{"time", "channel", "values": {quantity: value}}``: several quantities at one instant;
``{"times": [...], "channel", "values": {quantity: [...]}}``: columns, null where there is no value.

A time is ISO 8601 with zone, or epoch seconds or milliseconds; without one that of arrival stands in.
"""

from collections.abc import Mapping, Sequence

from collectors.decoded import Block, Problem
from collectors.values import auto_us, number, shown
from quotawatt.errors import DecodeError, InputError
from quotawatt.quantities import QUANTITIES, Kind

_NAMES = frozenset(QUANTITIES)
_STATES = frozenset(name for name, q in QUANTITIES.items() if q.kind is Kind.STATE)
_REVISION_MAX = 2**31 - 1


def decode_native(message: object, arrived_us: int, problems: list[Problem]) -> list[Block]:
    """The readings of a message in one of the three forms.

    What is wrong with single readings goes to ``problems``, and the others are kept. Raises DecodeError
    (``bad_payload``, ``bad_time``) where the message as a whole cannot be read.
    """
    if not isinstance(message, dict):
        raise DecodeError("bad_payload", f"a message must be a JSON object, got {shown(message)}")
    if "readings" in message:
        return _one_by_one(message["readings"], arrived_us, problems)
    values = message.get("values")
    if not isinstance(values, dict):
        raise DecodeError(
            "bad_payload",
            f'a message must hold "readings" or "values", got keys {shown([*message])}',
        )
    try:
        channel, revision = _channel(message), _revision(message)
    except InputError as error:
        raise DecodeError("bad_payload", str(error)) from None
    if "times" in message:
        times = _times(message["times"])
        return _columns(times, values, channel, revision, problems)
    return _at_one_time(message, values, channel, revision, arrived_us, problems)


def _times(times: object) -> list[int]:
    if not isinstance(times, list):
        raise DecodeError("bad_payload", f'"times" must be a list, got {shown(times)}')
    try:
        return [auto_us(time) for time in times]
    except InputError as error:
        raise DecodeError("bad_time", str(error)) from None


def _columns(
    times_us: list[int],
    values: Mapping[str, object],
    channel: str,
    revision: int,
    problems: list[Problem],
) -> list[Block]:
    blocks = []
    for quantity, column in values.items():
        if quantity not in QUANTITIES:
            problems.append(_unknown(quantity))
        elif not isinstance(column, list) or len(column) != len(times_us):
            message = (
                f"a column must be a list as long as times ({len(times_us)}), got {shown(column)}"
            )
            problems.append(Problem("bad_payload", f"{quantity}: {message}"))
        else:
            kept_times, kept = _column(quantity, times_us, column, problems)
            if kept:
                blocks.append(Block(channel, quantity, kept_times, kept, revision))
    return blocks


def _column(
    quantity: str, times_us: list[int], column: Sequence[object], problems: list[Problem]
) -> tuple[list[int], list[float]]:
    """Times and values of a column, without those that have no value or a wrong one."""
    if {type(value) for value in column} == {
        float
    }:  # the ordinary case; JSON holds finite numbers only
        return times_us, column  # type: ignore[return-value]
    kept_times: list[int] = []
    kept: list[float] = []
    for time_us, value in zip(times_us, column, strict=True):
        parsed = _number(quantity, value, problems)
        if parsed is not None:
            kept_times.append(time_us)
            kept.append(parsed)
    return kept_times, kept


def _at_one_time(
    message: Mapping[str, object],
    values: Mapping[str, object],
    channel: str,
    revision: int,
    arrived_us: int,
    problems: list[Problem],
) -> list[Block]:
    try:
        time_us, by_server = _time(message, arrived_us)
    except InputError as error:
        raise DecodeError("bad_time", str(error)) from None
    blocks = []
    for quantity, value in values.items():
        # The ordinary case first; JSON holds finite numbers only.
        ordinary = type(value) is float and quantity in _NAMES
        parsed = value if ordinary else _quantity_number(quantity, value, problems)
        if parsed is not None:
            blocks.append(Block(channel, quantity, [time_us], [parsed], revision, by_server))  # type: ignore[list-item]
    return blocks


def _one_by_one(readings: object, arrived_us: int, problems: list[Problem]) -> list[Block]:
    if not isinstance(readings, list):
        raise DecodeError("bad_payload", f'"readings" must be a list, got {shown(readings)}')
    found = (_reading(entry, arrived_us, problems) for entry in readings)
    return [block for block in found if block is not None]


def _reading(entry: object, arrived_us: int, problems: list[Problem]) -> Block | None:
    if not isinstance(entry, dict) or "value" not in entry:
        rule = "a reading must be an object with quantity and value"
        problems.append(Problem("bad_payload", f"{rule}, got {shown(entry)}"))
        return None
    quantity = entry.get("quantity")
    value = _quantity_number(quantity, entry["value"], problems)
    if value is None:
        return None
    try:
        channel, revision = _channel(entry), _revision(entry)
    except InputError as error:
        problems.append(Problem("bad_payload", str(error)))
        return None
    try:
        time_us, by_server = _time(entry, arrived_us)
    except InputError as error:
        problems.append(Problem("bad_time", str(error)))
        return None
    return Block(channel, str(quantity), [time_us], [value], revision, by_server)


def _quantity_number(quantity: object, value: object, problems: list[Problem]) -> float | None:
    if not isinstance(quantity, str) or quantity not in QUANTITIES:
        problems.append(_unknown(quantity))
        return None
    return _number(quantity, value, problems)


def _number(quantity: str, value: object, problems: list[Problem]) -> float | None:
    try:
        return number(value, state=quantity in _STATES)
    except InputError as error:
        problems.append(Problem("bad_value", f"{quantity}: {error}"))
        return None


def _unknown(quantity: object) -> Problem:
    rule = "a quantity must be one of docs/nomenclature.md"
    return Problem("unknown_quantity", f"{rule}, got {shown(quantity)}")


def _time(entry: Mapping[str, object], arrived_us: int) -> tuple[int, bool]:
    """(microseconds, whether it is that of arrival)."""
    time = entry.get("time")
    return (arrived_us, True) if time is None else (auto_us(time), False)


def _channel(entry: Mapping[str, object]) -> str:
    channel = entry.get("channel", "")
    if isinstance(channel, int) and not isinstance(channel, bool):
        return str(channel)
    if not isinstance(channel, str):
        raise InputError(f"a channel must be a text, got {shown(channel)}")
    return channel


def _revision(entry: Mapping[str, object]) -> int:
    revision = entry.get("revision", 0)
    if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
        raise InputError(f"a revision must be a whole number from 0, got {shown(revision)}")
    if revision > _REVISION_MAX:
        raise InputError(f"a revision must be at most {_REVISION_MAX}, got {shown(revision)}")
    return revision
