"""Findings: problems in data, as values.

Telemetry and registers are wrong every day; that is what the system is there to show. So a problem
in data never interrupts the work: it becomes a finding beside the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem found in data.

    code
        Stable identifier, e.g. ``counter_reset``; translated where people read it.
    subject
        Code of the asset, or ``device/channel/quantity``, that the finding is about.
    detail
        Evidence: numbers with the unit in the key, instants in ISO 8601 UTC.
    """

    code: str
    subject: str
    detail: Mapping[str, str | float | int | None] = field(default_factory=dict)
