"""Certificates of green power matched with use: by organisation and period, and never more than the use.

A certificate counts where it was cancelled, and in the period (month, quarter or year) that holds all of its
generation. An upper organisation has what those below it matched, and its own certificates against the rest:

    matched = min(use, what is matched below + own certificates)

A building has the share that its organisation matched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from analytics.carbon.uses import Months
from quotawatt.carbon.certificates import Certificate


class Period(StrEnum):
    """Over which span generation and use must agree."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True)
class Matched:
    """Green power of one organisation in one year, by month [kWh].

    matched_kwh
        Use that cancelled certificates cover.
    unused_kwh
        Energy of its own certificates that found no use in its period, over the year.
    unmatched
        Numbers of its certificates that count in no period of the year, with the reason:
        ``not_cancelled``, ``other_period`` (generated in another year, or over the edge of a period).
    """

    matched_kwh: Months
    unused_kwh: float
    unmatched: Mapping[str, str]


def match_certificates(
    use_kwh: Mapping[str, Months],
    below: Mapping[str, Sequence[str]],
    certificates: Iterable[Certificate],
    year: int,
    as_of: date,
    period: Period = Period.YEAR,
) -> dict[str, Matched]:
    """What each organisation's use is covered by.

    use_kwh
        Grid electricity by organisation and month of the year, all below it included.
    below
        The organisations directly below each; who is not in ``use_kwh`` is passed over.
    as_of
        Cancellations up to this local day, included, are known.

    What is matched in a quarter or year falls to its months in proportion to their use.
    """
    held: dict[str, list[Certificate]] = {}
    for certificate in certificates:
        held.setdefault(certificate.organisation, []).append(certificate)
    found: dict[str, Matched] = {}
    for organisation in use_kwh:
        _match(organisation, use_kwh, below, held, year, as_of, period, found)
    return found


def _match(
    organisation: str,
    use_kwh: Mapping[str, Months],
    below: Mapping[str, Sequence[str]],
    held: Mapping[str, Sequence[Certificate]],
    year: int,
    as_of: date,
    period: Period,
    found: dict[str, Matched],
) -> Matched:
    if organisation in found:
        return found[organisation]
    # A ring of organisations, which the register does not allow, ends here.
    found[organisation] = Matched(np.zeros(12), 0.0, {})
    children = [c for c in below.get(organisation, ()) if c in use_kwh]
    under = sum(
        (_match(c, use_kwh, below, held, year, as_of, period, found).matched_kwh for c in children),
        np.zeros(12),
    )
    own, unmatched = _own(held.get(organisation, ()), year, as_of, period)
    use = np.maximum(use_kwh[organisation], 0.0)
    matched, unused = _fill(use, np.minimum(under, use), own, period)
    found[organisation] = Matched(matched, unused, unmatched)
    return found[organisation]


def _own(
    certificates: Sequence[Certificate], year: int, as_of: date, period: Period
) -> tuple[Months, dict[str, str]]:
    """Energy of certificates by period of the year [kWh], and why others count nothing."""
    energy = np.zeros(12 // _MONTHS[period])
    unmatched: dict[str, str] = {}
    for certificate in certificates:
        slot = _slot(certificate, year, period)
        if certificate.cancelled_on is None or certificate.cancelled_on > as_of:
            unmatched[certificate.number] = "not_cancelled"
        elif slot is None:
            unmatched[certificate.number] = "other_period"
        else:
            energy[slot] += 1000 * certificate.energy_mwh
    return energy, unmatched


def _slot(certificate: Certificate, year: int, period: Period) -> int | None:
    """The period of the year that holds all of the generation; None: none does."""
    first = certificate.generated_from
    last = date.fromordinal(certificate.generated_until.toordinal() - 1)
    length = _MONTHS[period]
    slots = {(day.month - 1) // length for day in (first, last)}
    inside = first.year == last.year == year and len(slots) == 1
    return slots.pop() if inside else None


def _fill(use: Months, under: Months, own: Months, period: Period) -> tuple[Months, float]:
    """What is matched below filled up by own certificates, by month; and what is left of these."""
    length = _MONTHS[period]
    rest = (use - under).reshape(-1, length)
    room = rest.sum(axis=1)
    taken = np.minimum(own, room)
    share = np.divide(taken, room, out=np.zeros_like(room), where=room > 0)
    matched = under + (rest * share[:, np.newaxis]).ravel()
    return np.minimum(matched, use), float((own - taken).sum())
