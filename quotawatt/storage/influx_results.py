"""Results as InfluxDB keeps them, and their totals as it answers them.

A result is a point of ``results_hour``, ``results_day`` or ``results_month`` with the tags ``subject`` and
``measure`` and the fields

    value         of a result that is missing or withdrawn 0, so that a sum needs no condition
    unsure        the value where it counts and is not measured, else 0
    quality, coverage, revision, withdrawn

A condition on a field makes the server look at every point, a sum without one does not: yearly totals of a
thousand meters would take twice as long.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.readings import RESULTS, Grain, Quality
from quotawatt.storage.frames import SUMS, distinct, flags, floats, integers
from quotawatt.storage.influx_frames import ascending, result_frame
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_lines import decode_tag, tag

QUESTIONS_AT_ONCE = 4

_BY_TAGS = "GROUP BY subject, measure"
_FIELDS = "value, quality, coverage, revision, withdrawn"
_Totals = dict[tuple[str, str], dict[str, float]]


def result_lines(grain: Grain, results: pa.Table) -> bytes:
    """The lines of a table of schema RESULTS in one chunk, one a result."""
    keys, place = distinct(results, ("subject", "measure"))
    heads = [f"results_{grain}{tag('subject', s)}{tag('measure', m)} value=" for s, m in keys]
    value, quality = floats(results["value"]), results["quality"]
    withdrawn = flags(results["withdrawn"])
    counts = ~np.isnan(value) & ~withdrawn
    measured: Any = pc.equal(quality, pa.scalar(Quality.MEASURED.value))
    parts: tuple[Any, ...] = (
        _column(heads).take(_column(place)),
        _digits(np.where(counts, value, 0.0)),
        ",unsure=",
        _digits(np.where(counts & ~flags(measured), value, 0.0)),
        ',quality="',
        quality,
        '",coverage=',
        _digits(floats(results["coverage"])),
        ",revision=",
        _digits(integers(results["revision"])),
        _column(["i,withdrawn=f ", "i,withdrawn=t "]).take(_column(withdrawn.astype(np.int64))),
        _digits(integers(results["start"])),
        "",
    )
    lines: Any = pc.binary_join_element_wise(*parts)
    return "\n".join(lines.to_pylist()).encode()


def results_of(server: InfluxServer, grain: Grain, conditions: Iterable[str]) -> pa.Table:
    """The results not withdrawn that fulfil one of the conditions: a table of schema RESULTS, sorted."""
    found = [RESULTS.empty_table()]
    for where in conditions:
        there = f"FROM results_{grain} WHERE {where} AND withdrawn = false"
        query = f"SELECT {_FIELDS} {there} {_BY_TAGS}"
        found += [result_frame(series) for series in server.query(query)]
    return ascending(pa.concat_tables(found), ("subject", "measure", "start"))


def totals_of(server: InfluxServer, grain: Grain, conditions: Iterable[str]) -> pa.Table:
    """The totals of the results that fulfil one of the conditions: a table of schema SUMS, sorted."""
    rows: _Totals = {}
    # The server answers a question on one core.
    with ThreadPoolExecutor(QUESTIONS_AT_ONCE) as pool:
        for some in pool.map(partial(_totals, server, grain), conditions):
            rows |= some
    counted = {key: row for key, row in rows.items() if row.get("intervals")}
    return pa.Table.from_pylist(
        [_total_row(key, counted[key]) for key in sorted(counted)], schema=SUMS
    )


def _totals(server: InfluxServer, grain: Grain, where: str) -> _Totals:
    """The figures of the results that fulfil a condition, by subject and measure."""
    rows: _Totals = {}
    source = f"FROM results_{grain} WHERE {where}"
    held = f"{source} AND withdrawn = false"
    _note(
        rows,
        server,
        f"SELECT COUNT(coverage) AS intervals, MEAN(coverage) AS coverage {held} {_BY_TAGS}",
        f"SELECT SUM(value) AS value, SUM(unsure) AS estimated {source} {_BY_TAGS}",
    )
    if any(not row.get("value") for row in rows.values()):
        # A total of 0 may be that of zeros, or of nothing at all.
        there = f"{held} AND quality <> '{Quality.MISSING}'"
        _note(rows, server, f"SELECT COUNT(value) AS present {there} {_BY_TAGS}")
    return rows


def _note(rows: _Totals, server: InfluxServer, *statements: str) -> None:
    """Enter what the statements answer under subject and measure, by the names of their columns."""
    for series in server.query("; ".join(statements)):
        key = decode_tag(series.tags["subject"]), decode_tag(series.tags["measure"])
        rows.setdefault(key, {}).update(zip(series.columns, series.rows[0], strict=True))


def _total_row(key: tuple[str, str], figures: dict[str, float]) -> dict[str, object]:
    """One row of ``sum_results``; ``estimated`` comes as an amount and leaves as a share."""
    total, estimated = figures.get("value"), figures.get("estimated")
    return {
        "subject": key[0],
        "measure": key[1],
        "value": total if total or figures.get("present") else None,
        "intervals": figures["intervals"],
        "coverage": figures["coverage"],
        "estimated": estimated / total if estimated and total else 0.0,
    }


def _digits(values: Any) -> Any:
    """Numbers as texts that give them back exactly."""
    return _column(values).cast(pa.string())


def _column(values: Any) -> Any:
    """A column of numbers or texts."""
    return pa.array(values)
