"""Cells of a file of readings as columns: what is none of its kind is told, and stands for nothing."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.readings import TIME
from quotawatt.storage.frames import Column, Mask, micros

Sound: TypeAlias = tuple[Any, Mask]
"""Values as numpy, and which cells had one; the others hold a stand-in."""

_NAIVE = pa.timestamp("us")


def instants(column: Column, zone: ZoneInfo | None) -> Sound:
    """Microseconds since 1970, UTC, of instants, or texts in ISO 8601 with an offset from UTC.

    Without an offset they are local times of ``zone``, or wrong where there is no zone, or where the local
    time is skipped or comes twice.
    """
    if pa.types.is_timestamp(column.type):
        return _of_timestamps(column, zone)
    texts = column.cast(pa.string())
    try:
        return _filled(texts.cast(TIME).cast(pa.int64()), np.int64)
    except pa.ArrowInvalid:
        return _each(texts, lambda text: _micros_of_text(text, zone), np.int64)


def numbers(column: Column) -> Sound:
    """Finite numbers, as such or as texts."""
    values, sound = _cast(column, pa.float64(), float, np.float64)
    return values, sound & np.isfinite(values)


def whole(column: Column) -> Sound:
    """Whole numbers from 0 to what a revision can be, as such or as texts."""
    values, sound = _cast(column, pa.int64(), int, np.int64)
    return values, sound & (values >= 0) & (values < 2**31)


def truths(column: Column) -> Sound:
    """Truth values, as such or as the texts ``true`` and ``false``."""
    if pa.types.is_boolean(column.type):
        return _filled(column, np.bool_)
    texts = pc.utf8_lower(column.cast(pa.string()))
    known = np.asarray(pc.is_in(texts, value_set=pa.array(["true", "false"])))
    return np.asarray(pc.is_in(texts, value_set=pa.array(["true"]))), known


def texts(column: Column, longest: int) -> tuple[list[str], Mask]:
    """Texts of at most so many characters; an empty cell is an empty text."""
    filled: Any = pc.fill_null(cast(Any, column.cast(pa.string())), "")
    short = np.asarray(pc.less_equal(pc.utf8_length(filled), pa.scalar(longest)))
    return filled.to_pylist(), short


def _of_timestamps(column: Column, zone: ZoneInfo | None) -> Sound:
    if column.type.tz is not None:
        return _filled(column.cast(TIME, safe=False).cast(pa.int64()), np.int64)
    return _each(column.cast(_NAIVE, safe=False), lambda value: _micros_of(value, zone), np.int64)


def _cast(column: Column, kind: pa.DataType, parse: Callable[[Any], Any], dtype: type) -> Sound:
    try:
        return _filled(column.cast(kind), dtype)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _each(column.cast(pa.string()), parse, dtype)


def _filled(column: Column, dtype: type) -> Sound:
    sound = np.asarray(column.is_valid())
    stand_in = pa.scalar(False if dtype is np.bool_ else 0, column.type)
    return np.asarray(column.fill_null(stand_in)).astype(dtype), sound


def _each(column: Column, parse: Callable[[Any], Any], dtype: type) -> Sound:
    """Cell by cell: only for columns in which one is wrong, and for local times."""
    found = [_or_none(parse, value) for value in column.to_pylist()]
    sound = np.array([value is not None for value in found], dtype=np.bool_)
    return np.array([value or 0 for value in found], dtype=dtype), sound


def _or_none(parse: Callable[[Any], Any], value: Any) -> Any:
    try:
        found = None if value is None else parse(value)
    except (ValueError, OverflowError):
        return None
    return None if isinstance(found, float) and not math.isfinite(found) else found


def _micros_of_text(text: str, zone: ZoneInfo | None) -> int:
    return _micros_of(datetime.fromisoformat(text), zone)


def _micros_of(instant: datetime, zone: ZoneInfo | None) -> int:
    if instant.tzinfo is None:
        if zone is None:
            raise ValueError("a time needs an offset from UTC")
        instant = _local(instant, zone)
    return micros(instant)


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    first, second = (instant.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError("a local time must come once")
    return first
