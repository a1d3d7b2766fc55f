"""The figures that an answer rests on, each with where it is from; printed with every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from quotawatt.errors import InputError
from quotawatt.rulebook.assumptions import NAMES
from quotawatt.rulebook.basics import Text, Trust
from quotawatt.rulebook.model import Rulebook

RULEBOOK, MEASURED, GIVEN = "rulebook", "measured", "given"


@dataclass(frozen=True, slots=True)
class Assumed:
    """A figure that an answer rests on; ``low`` and ``high`` are what may be given in its place.

    origin
        ``rulebook``, ``measured`` (of one's own) or ``given`` by who asked.
    trust
        Of the rulebook's figure; what is measured is as read in the source, what is given is unverified.
    """

    name: str
    value: float
    unit: str
    title: Text
    trust: Trust
    low: float
    high: float
    origin: str = RULEBOOK


def assumptions(
    rulebook: Rulebook,
    province: str,
    measured: Mapping[str, float],
    given: Mapping[str, float],
) -> dict[str, Assumed]:
    """The figures of a what-if: the province's; before them what was measured, before all what is given.

    Raises InputError for an unknown name, and for a value outside its range.
    """
    found = {
        a.id: Assumed(a.id, a.value_in(province), a.unit, a.title, a.trust, a.low, a.high)
        for a in rulebook.assumptions.values()
    }
    missing = sorted(set(NAMES) - found.keys())
    if missing:
        raise InputError(f"a rulebook must hold every assumption, got none of {', '.join(missing)}")
    for name, value in measured.items():
        known = found[name]
        if known.low <= value <= known.high:
            found[name] = replace(known, value=value, trust=Trust.SOURCE, origin=MEASURED)
    for name, value in given.items():
        if name not in found:
            raise InputError(f"an assumption must be one of {', '.join(found)}, got {name!r}")
        known = found[name]
        if not known.low <= value <= known.high:
            raise InputError(
                f"{name} must lie in {known.low:g} to {known.high:g} {known.unit}, got {value:g}"
            )
        found[name] = replace(known, value=value, trust=Trust.UNVERIFIED, origin=GIVEN)
    return found
