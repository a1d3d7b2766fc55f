"""The InfluxQL that boards ask, over the measurements that the InfluxDB series store writes.

``results_hour|day|month`` have the tags ``subject`` and ``measure``; value, quality, coverage, revision
and withdrawn are fields. ``readings`` has the tags ``device`` and ``channel`` and a field for each quantity,
which holds no suspect value. Withdrawn results keep their point, so every query over results leaves them out
itself.

``$timeFilter`` and ``$__interval`` are Grafana's macros. Variables are written ``${name:regex}``: that
form is escaped and joined by Grafana alike for one value, for several, and for all.
"""

from collections.abc import Sequence

from quotawatt.measures import measure
from quotawatt.quantities import POSITION_QUANTITIES, QUANTITIES
from quotawatt.readings import Grain, Quality

READ = tuple(name for name in QUANTITIES if name == "speed_kmh" or name not in POSITION_QUANTITIES)
"""The quantities that boards ask for."""

_PRESENT = f'"withdrawn" = false AND "quality" != \'{Quality.MISSING}\''


def exactly(variable: str) -> str:
    """Condition on the tag ``subject``: it is what the variable holds."""
    return f'"subject" =~ /^${{{variable}:regex}}$/'


def other_than(variable: str) -> str:
    """Condition on the tag ``subject``: it is none of what the variable holds."""
    return f'"subject" !~ /^${{{variable}:regex}}$/'


def accounts_of(variable: str) -> str:
    """Condition on the tag ``subject``: it is an account (``ASSET/QUOTA``) of the assets chosen."""
    return f'"subject" =~ /^${{{variable}:regex}}\\//'


def results(grain: Grain, measures: Sequence[str], where: str, tag: str = "measure") -> str:
    """Every result of the time range, one series for each value of ``tag``.

    ``where`` is a condition on ``subject``. Raises InputError for a measure that does not exist.
    """
    return f'SELECT "value" {_from(grain, measures, where)} GROUP BY "{tag}"'


def mean_results(grain: Grain, measures: Sequence[str], where: str, tag: str = "measure") -> str:
    """Means over Grafana's interval, so that a long range does not return more points than pixels.

    An interval without results is null: a gap is drawn as a gap.
    """
    chosen = _from(grain, measures, where)
    return f'SELECT mean("value") {chosen} GROUP BY time($__interval), "{tag}" fill(null)'


def last_results(grain: Grain, measures: Sequence[str], where: str) -> str:
    """The latest result of each subject in the time range, at the time it is for."""
    return f'SELECT last("value") {_from(grain, measures, where)} GROUP BY "subject"'


def mean_coverage(grain: Grain, measures: Sequence[str], where: str) -> str:
    """Mean coverage (0..1) of each subject over the time range; missing results count, with theirs."""
    conditions = f'{_measures(measures)} AND {where} AND "withdrawn" = false AND $timeFilter'
    return f'SELECT mean("coverage") FROM "results_{grain}" WHERE {conditions} GROUP BY "subject"'


def last_readings() -> str:
    """The latest point with a reading not suspect of every device and channel, a column a quantity.

    Where vehicles are is not among them: not everybody who sees a board may see that.
    """
    columns = ", ".join(f'"{name}"' for name in READ)
    return (
        f'SELECT {columns} FROM "readings" WHERE $timeFilter '
        'GROUP BY "device", "channel" ORDER BY time DESC LIMIT 1'
    )


def subjects(grain: Grain, measures: Sequence[str], where: str = "") -> str:
    """Subjects that have results of any of the measures, for a variable's list."""
    conditions = " AND ".join(c for c in (_measures(measures), where) if c)
    return f'SHOW TAG VALUES FROM "results_{grain}" WITH KEY = "subject" WHERE {conditions}'


def _from(grain: Grain, measures: Sequence[str], where: str) -> str:
    conditions = f"{_measures(measures)} AND {where} AND {_PRESENT} AND $timeFilter"
    return f'FROM "results_{grain}" WHERE {conditions}'


def _measures(measures: Sequence[str]) -> str:
    terms = " OR ".join(f"\"measure\" = '{measure(name).name}'" for name in measures)
    return f"({terms})"
