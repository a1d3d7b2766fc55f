"""What a sentence about a subject needs beside the anomaly: its name in words, its quota, its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Context:
    """About one subject and measure.

    what
        The subject as the middle of a sentence has it, by language (``zh``, ``en``): "the air conditioning
        of Block B".
    is_whole
        Whether it is a building or organisation, in which something unknown runs, and not itself what runs.
    unit
        Of the measure: ``kWh``, ``m³``.
    zone
        Whose days the sentence names.
    quota
        The year's quota in ``unit``; None: none is known, and no share is said.
    cny_per_unit
        What a unit costs in the hours concerned; None: no money is said.
    """

    what: Mapping[str, str]
    is_whole: bool
    unit: str
    zone: ZoneInfo
    quota: float | None = None
    cny_per_unit: float | None = None
