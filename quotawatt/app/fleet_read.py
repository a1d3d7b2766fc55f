"""The logs of vehicles that the options of a command name."""

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quotawatt.app.fleet_log import Log, LogLayout, read_logs, start_of
from quotawatt.app.fleet_source import Datum, LogSource
from quotawatt.app.fleet_times import Clockwork
from quotawatt.errors import InputError


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name. Raises InputError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"a zone must be one of the IANA database, got {name!r}") from None


def read_source(source: LogSource, vehicle: str, default_zone: str) -> tuple[Log, tzinfo]:
    """The logs, and the zone in which people read their times: that of the log where it has one."""
    zone = zone_named(source.timezone or default_zone)
    layout = LogLayout(
        clock=Clockwork(zone=zone, form=source.time_format, start=start_of(source.start, zone)),
        columns=dict(_pair(text) for text in source.column or ()),
        vehicle=vehicle,
        gcj02=source.datum is Datum.GCJ02,
    )
    log = read_logs(source.csv or [], layout)
    return log, zone if source.timezone or log.offset is None else log.offset


def _pair(text: str) -> tuple[str, str]:
    heading, is_pair, what = text.rpartition("=")
    if not is_pair or not heading.strip() or not what.strip():
        raise InputError(f"--column must be HEADING=QUANTITY, got {text!r}")
    return heading.strip(), what.strip()
