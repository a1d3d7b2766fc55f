"""Closed returns against what the data say now: a difference is a finding, filed as a correction (更正)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.jobs.returnfacts import read_facts
from analytics.returns.fill import fill
from quotawatt.findings import Finding
from quotawatt.issued import Issued, issued_list
from quotawatt.issued.compare import Value, differing
from quotawatt.register.model import Register
from quotawatt.returns.book import list_returns
from quotawatt.returns.cells import Overrides
from quotawatt.returns.deriving import derived
from quotawatt.returns.periods import Period, parse_period
from quotawatt.rulebook.forms import Form
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.returns_tables import returns

LOOKED_BACK = timedelta(days=800)
"""Returns of periods that ended earlier are not compared any more: daily results may be gone."""


def issued_findings(
    series: SeriesStore,
    records: Engine,
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    default_zone: ZoneInfo,
) -> list[Finding]:
    """``issued_differs`` for each standing return that was drawn up here and that the data contradict.

    What people wrote into a cell stands for what they wrote, whatever the data say.
    """
    earliest = local_date(now, default_zone) - LOOKED_BACK
    snapshots = [one for one in _standing(records, rulebook) if _period(one).last >= earliest]
    found: list[Finding] = []
    for (form, period), some in _by_form(snapshots, rulebook).items():
        known = [one for one in some if one.subject in register.organisations]
        codes = [one.subject for one in known]
        facts = read_facts(series, records, register, codes, form, period, default_zone)
        written = _written(records, form, period, codes)
        pairs: list[tuple[Issued, Mapping[str, Value]]] = []
        for one in known:
            cells = fill(form, period, facts[one.subject])
            live = derived(form, period, cells, written[one.subject])
            pairs.append((one, {name: cell.value for name, cell in live.items()}))
        found += differing(pairs)
    return found


def _standing(records: Engine, rulebook: Rulebook) -> Iterator[Issued]:
    with records.connect() as conn:
        for form in rulebook.forms:
            for one in issued_list(conn, form, standing=True):
                if not one.content["sender"]:
                    yield one


def _by_form(
    snapshots: list[Issued], rulebook: Rulebook
) -> Mapping[tuple[Form, Period], list[Issued]]:
    """Snapshots by the version of the form that they are on; without those whose version is gone."""
    versions = {
        (key, version.value.version): version.value
        for key, listed in rulebook.versions.get("forms", {}).items()
        for version in listed
    }
    grouped: dict[tuple[str, str, Period], list[Issued]] = defaultdict(list)
    for one in snapshots:
        grouped[one.kind, one.content["form"]["version"], _period(one)].append(one)
    return {
        (versions[kind, version], period): some
        for (kind, version, period), some in grouped.items()
        if (kind, version) in versions
    }


def _written(
    records: Engine, form: Form, period: Period, codes: list[str]
) -> Mapping[str, Overrides]:
    """What people wrote over cells, by organisation."""
    t = returns.c
    with records.connect() as conn:
        kept = list_returns(conn, t.form == form.id, t.period == str(period))
    written = {one.organisation: one.overrides for one in kept}
    return {code: written.get(code, {}) for code in codes}


def _period(snapshot: Issued) -> Period:
    return parse_period(snapshot.period)
