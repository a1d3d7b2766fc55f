"""Read side of the api: from the stores to plain rows. No route touches a store but through here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Column, ColumnElement, Engine, FromClause, Table, func, select

from quotawatt.errors import InputError, NotFoundError
from quotawatt.measures import measure
from quotawatt.readings import READINGS, Grain, SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.tables import counters

Row = dict[str, Any]


def consumption_series(
    series: SeriesStore, subject: str, names: Sequence[str], grain: Grain, span: Span
) -> list[Row]:
    """Results of one subject, a row for each measure in the order asked for.

    ``intervals`` hold start (UTC), value (None: missing), quality and coverage. ``total`` is their
    sum where the measure adds up, else their mean; None without any value. ``coverage`` is the mean.
    """
    table = series.read_results(grain, [subject], list(names), span)
    return [_one_series(table, name) for name in names]


def _one_series(table: pa.Table, name: str) -> Row:
    rows = table.filter(pc.equal(table["measure"], pa.scalar(name)))
    values = rows["value"]
    known = len(values) - values.null_count
    additive = measure(name).additive
    total = (pc.sum(values) if additive else pc.mean(values)).as_py() if known else None
    return {
        "measure": name,
        "unit": measure(name).unit,
        "additive": additive,
        "total": total,
        "coverage": pc.mean(rows["coverage"]).as_py() if rows.num_rows else None,
        "intervals": rows.select(["start", "value", "quality", "coverage"]).to_pylist(),
    }


def readings_of_device(
    series: SeriesStore, key: SeriesKey, span: Span, limit: int
) -> tuple[list[Row], datetime | None]:
    """Readings as the device gave them, oldest first, and where the next page starts (None: the end)."""
    return _page(series.read_readings([key], span), limit)


def readings_of_asset(
    series: SeriesStore, register: Register, asset: str, quantity: str, span: Span, limit: int
) -> tuple[list[Row], datetime | None]:
    """Readings that were bound to the asset's point at their time, oldest first, not multiplied.

    Raises NotFoundError where no binding, of any time, feeds the point.
    """
    feeding = [
        (key, binding)
        for binding in register.bindings_of(asset)
        if (key := _source_of(binding, quantity)) is not None
    ]
    if not feeding:
        raise NotFoundError(f"a point must be fed by a binding, got {asset} {quantity}")
    parts = [
        series.read_readings([key], within)
        for key, binding in feeding
        if (within := _overlap(span, binding)) is not None
    ]
    together = pa.concat_tables(parts) if parts else READINGS.empty_table()
    return _page(together.sort_by([("time", "ascending"), ("device", "ascending")]), limit)


def _source_of(binding: Binding, quantity: str) -> SeriesKey | None:
    """The device's series that the binding makes the asset's ``quantity``, or None."""
    if (binding.point_quantity or binding.quantity or quantity) != quantity:
        return None
    return SeriesKey(binding.device, binding.channel, binding.quantity or quantity)


def _overlap(span: Span, binding: Binding) -> Span | None:
    start = max(span.start, binding.valid_from)
    end = min(span.end, binding.valid_until or span.end)
    return Span(start, end) if start < end else None


def _page(table: pa.Table, limit: int) -> tuple[list[Row], datetime | None]:
    """The first ``limit`` rows; an instant that would be cut in two goes whole to the next page."""
    if table.num_rows <= limit:
        return table.to_pylist(), None
    next_from = table["time"][limit].as_py()
    page = table.slice(0, limit)
    whole = page.filter(pc.less(page["time"], pa.scalar(next_from, READINGS.field("time").type)))
    if whole.num_rows == 0:
        raise InputError(f"limit must hold the readings of one instant, got {limit} at {next_from}")
    return whole.to_pylist(), next_from


def page_of_rows(
    records: Engine,
    table: FromClause,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    limit: int,
    offset: int,
) -> tuple[int, list[Row]]:
    """How many rows meet the conditions, and one page of them."""
    with records.connect() as conn:
        total = conn.execute(
            select(func.count()).select_from(table).where(*conditions)
        ).scalar_one()
        rows = conn.execute(
            select(table).where(*conditions).order_by(*order).limit(limit).offset(offset)
        )
        return total, [dict(row) for row in rows.mappings()]


def page_of_seen_rows(
    records: Engine,
    table: Table,
    owner: Column[str],
    sees: Callable[[str], bool],
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    limit: int,
    offset: int,
) -> tuple[int, list[Row]]:
    """How many rows meet the conditions and belong to an asset that is seen, and one page of them.

    ``owner`` is the column with the asset's code; the table has its key in ``id``. Whether somebody sees an
    asset is not a question to the store: numbers and codes are read first, then the page's rows.
    """
    listed = select(table.c.id, owner).where(*conditions).order_by(*order)
    with records.connect() as conn:
        seen = [number for number, code in conn.execute(listed) if sees(code)]
        page = seen[offset : offset + limit]
        rows = conn.execute(select(table).where(table.c.id.in_(page))).mappings()
        by_id = {row["id"]: dict(row) for row in rows}
    # One that was taken away meanwhile is not there any more.
    return len(seen), [by_id[number] for number in page if number in by_id]


def group_counts(records: Engine, column: Column[str]) -> Mapping[str, int]:
    """How many rows of the column's table have each of its values."""
    grouped = select(column, func.count()).group_by(column).order_by(column)
    with records.connect() as conn:
        return dict(conn.execute(grouped).all())


def counts(records: Engine) -> Mapping[str, int]:
    """The totals since installation, by name."""
    with records.connect() as conn:
        rows = conn.execute(select(counters.c.name, counters.c.total).order_by(counters.c.name))
        return {row.name: row.total for row in rows}
