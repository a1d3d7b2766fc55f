"""Findings: problems in data, as values.

Telemetry and registers are wrong every day; that is what the system is there to show. So a problem
in data never interrupts the work: it becomes a finding beside the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from quotawatt.clock import require_utc
from quotawatt.errors import InputError
from quotawatt.spans import Span

_KEY_LENGTH = 256

# What tells two findings of one code about one subject apart, where their detail has it.
_KEY_FIELDS = (
    "device", "channel", "quantity", "at",
    "quota", "quotas", "target", "year", "base_year", "factor_set", "measures", "region",
    "norm", "column", "after", "carrier", "other", "issued", "form", "return",
    "vehicle_rule",
)  # fmt: skip

Evidence = Mapping[str, str | float | int | None]
"""Numbers and words by name."""

_SPANS = (("since", "until"), ("at", "at"), ("time", "time"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem found in data.

    code
        Stable identifier, e.g. ``counter_reset``; ``finding_texts`` has its words.
    subject
        Code of the asset, or ``device/channel/quantity``, that the finding is about.
    detail
        Evidence: numbers with the unit in the key, instants in ISO 8601 UTC. The time that it is about
        goes by ``since`` and ``until``, or ``at``.
    """

    code: str
    subject: str
    detail: Evidence = field(default_factory=dict)


def finding_key(finding: Finding) -> str:
    """What tells the finding apart from others of its code and subject."""
    parts = (finding.detail.get(name) for name in _KEY_FIELDS)
    return "/".join(str(part) for part in parts if part not in (None, ""))[:_KEY_LENGTH]


def finding_span(finding: Finding) -> Span | None:
    """The time that the evidence is about; None where it says none. An instant is a span without length."""
    for first, last in _SPANS:
        start = _instant(finding.detail.get(first))
        if start is not None:
            end = _instant(finding.detail.get(last)) or start
            return Span(start, max(start, end))
    return None


def _instant(value: object) -> datetime | None:
    """An instant with a time zone; None for anything else."""
    try:
        return require_utc(datetime.fromisoformat(str(value)))
    except (ValueError, InputError):
        return None
