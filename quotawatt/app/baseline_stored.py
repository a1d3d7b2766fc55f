"""Baselines of the stores on the command line: what the API knows of them, in the shape of those of files."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from quotawatt.app.analytics_calls import course_of
from quotawatt.app.analytics_views import Row, finding_row
from quotawatt.app.energy_source import Source
from quotawatt.app.paging import ask, pages, post
from quotawatt.errors import InputError, NotFoundError
from quotawatt.findings import Finding
from quotawatt.settings import Settings

LEVEL = 0.9
"""Of the bands of stored baselines."""


def listed(settings: Settings, asset: str | None, measure: str | None) -> Iterator[Row]:
    """The newest version of each baseline."""
    return pages(settings, "baselines", {"asset": asset, "measure": measure})


def refit(settings: Settings, subject: str, measure: str) -> Row:
    """Ask for a baseline to be learnt anew; the job."""
    job: Row = post(settings, "baselines/refit", {"subject": subject, "measure": measure})
    return job


def newest(settings: Settings, subject: str, measure: str) -> Row:
    """The newest version, as a baseline of a file is shown. Raises NotFoundError where there is none."""
    found = ask(settings, "baselines/versions", {"subject": subject, "measure": measure})["items"]
    if not found:
        raise NotFoundError(f"a baseline must have been learnt, got none of {subject}")
    return answer_of(found[0], ZoneInfo(settings.timezone))


def answer_of(item: Row, zone: ZoneInfo) -> Row:
    """A stored version in the shape of ``baseline fit --csv --json``."""
    saw = item["saw"]
    none = item["kind"] is None
    weight = "disqualifies" if none else "warns"
    findings = [Finding(f["code"], item["subject"], f["detail"]) for f in item["findings"]]
    return {
        "subject": item["subject"],
        "measure": item["measure"],
        "unit": item["unit"],
        "zone": zone.key,
        "interval": item["interval"],
        "from": saw["first"],
        "last": saw["last"],
        "count": saw["n"],
        "known_pct": round(100 * saw["coverage"], 1),
        "version": item["version"],
        "findings": [finding_row(finding, weight, zone) for finding in findings],
        "baseline": None if none else {**item["figures"], "kind": item["kind"], "saw": saw},
    }


def expected(settings: Settings, source: Source, subject: str) -> pd.DataFrame:
    """What was to be expected between ``--from`` and ``--until``, beside what was used."""
    if source.start is None:
        raise InputError("--from must be given for a baseline of the stores, got none")
    wanted: dict[str, Any] = {
        "subject": subject,
        "measure": source.measure,
        "from": source.start,
        "until": source.until,
        "interval": None if source.interval is None else source.interval.value,
    }
    course, _ = course_of(ask(settings, "baselines/expected", wanted))
    return course
