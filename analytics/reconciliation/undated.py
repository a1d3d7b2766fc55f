"""Areas and head-counts that were changed without a date: yesterday is said to have been different.

What the register said of a day is kept at each check and held against what it says of the same day now. A
change with its date leaves the past as it was. One without rewrites it, and with it every intensity that was
reported: it may be a correction (then it is accepted with its reason) or lacks its date (then that is put
in, and the finding clears).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from quotawatt.findings import Finding, finding_key
from quotawatt.register.model import Register

AREAS = (
    "gross_area_m2", "heated_area_m2", "data_centre_area_m2", "kitchen_area_m2",
    "excluded_area_m2",
)  # fmt: skip

CODE = "changed_without_date"

_Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an asset on a day: its areas, or its people by component."""

    day: date
    figures: Mapping[str, float]


Baseline = Mapping[str, Said]
"""By code of the building or organisation."""


def undated_changes(
    book: Register, today: date, baseline: Baseline, accepted: Collection[tuple[str, str]]
) -> tuple[list[Finding], dict[str, Said]]:
    """What was rewritten since the baseline was kept, and the baseline for the next check.

    today
        What is said of this day is kept; a change that counts from a later day does not touch it.
    accepted
        (subject, key) of changes that somebody has accepted: from then on the new figure counts.

    An asset with a change that stands keeps its old baseline, so that the finding stays until it is decided.
    """
    findings: list[Finding] = []
    present = _figures(book, today)
    following: dict[str, Said] = {}
    days: dict[date, dict[str, _Figures]] = {today: present}
    for code, figures in present.items():
        said = baseline.get(code)
        following[code] = Said(today, figures)
        if said is None:
            continue
        if said.day not in days:
            days[said.day] = _figures(book, said.day)
        changes = list(_changes(book, code, said, days[said.day].get(code, {})))
        findings += changes
        if any((code, finding_key(change)) not in accepted for change in changes):
            following[code] = said
    return findings, following


def _changes(book: Register, code: str, said: Said, now: Mapping[str, float]) -> Iterator[Finding]:
    for column, before in said.figures.items():
        after = now.get(column)
        if after != before and not _is_dated(book, code, column, before):
            yield Finding(
                CODE,
                code,
                {"column": column, "before": before, "after": after, "day": said.day.isoformat()},
            )


def _is_dated(book: Register, code: str, column: str, before: float) -> bool:
    """Whether the register still says that it once was so, and until when."""
    formers = book.history_of(code).get(column, [])
    if any(held.value == before and held.valid_until is not None for held in formers):
        return True
    return any(
        h.organisation == code
        and h.component == column
        and h.people == before
        and h.valid_until is not None
        for h in book.headcounts
    )


def _figures(book: Register, day: date) -> dict[str, _Figures]:
    """What the register says of a day: areas of buildings, people of organisations."""
    found: dict[str, _Figures] = {}
    for code, building in book.as_of(day).buildings.items():
        values = {column: getattr(building, column) for column in AREAS}
        found[code] = {column: value for column, value in values.items() if value is not None}
    for code in book.organisations:
        found[code] = {}
    for h in book.headcounts:
        if h.valid_from <= day and (h.valid_until is None or day < h.valid_until):
            found.setdefault(h.organisation, {})[h.component] = h.people
    return found


def baseline_to_json(baseline: Baseline) -> dict[str, Any]:
    """The baseline as the record store keeps it."""
    return {
        code: {"day": said.day.isoformat(), "figures": dict(said.figures)}
        for code, said in baseline.items()
        if said.figures
    }


def baseline_from_json(kept: Mapping[str, Any]) -> dict[str, Said]:
    """What ``baseline_to_json`` made, turned back."""
    return {
        code: Said(date.fromisoformat(said["day"]), said["figures"]) for code, said in kept.items()
    }
