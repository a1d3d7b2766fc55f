"""Which series of readings an InfluxDB holds."""

from collections.abc import Iterator

from quotawatt.quantities import QUANTITIES
from quotawatt.readings import SeriesKey
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_lines import decode_tag
from quotawatt.storage.influx_points import SUSPECT
from quotawatt.storage.influx_statements import queries


def known_series(server: InfluxServer) -> list[SeriesKey]:
    """Every series that has readings, also those that are all suspect, sorted."""
    answer = server.query("SHOW FIELD KEYS FROM readings")
    names = sorted({str(row[0]) for series in answer for row in series.rows})
    return sorted(set(_held(server, [n for n in names if n.removesuffix(SUSPECT) in QUANTITIES])))


def _held(server: InfluxServer, fields: list[str]) -> Iterator[SeriesKey]:
    # A selector of one field is answered from the index of that field; each tells its name by its column.
    statements = (
        f'SELECT LAST({field}) AS "{field}" FROM readings GROUP BY device, channel'
        for field in fields
    )
    for query in queries(statements):
        for series in server.query(query):
            device, channel = (decode_tag(series.tags[name]) for name in ("device", "channel"))
            yield SeriesKey(device, channel, series.columns[-1].removesuffix(SUSPECT))
