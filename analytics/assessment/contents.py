"""What a report says, as plain JSON without words of one language: names and titles stand in both.

    circular     monthly 通报: use, quotas, carbon, ranking, alerts and findings of a unit and all below
    publication  quarterly 公示: use and intensity, classified units left out; the only one for the public
    analysis     yearly 年度分析: as the circular, with the months, the scores and the year before

``figures`` are what later data are compared with, by ``ORGANISATION/MEASURE``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.assessment.figures import Amounts, Books, figures
from analytics.assessment.gathered import Gathered, members_of
from analytics.assessment.parts import (
    alert_part,
    carbon_part,
    change_pct,
    finding_part,
    named,
    quota_part,
    ranking_part,
    score_part,
    titled,
)
from analytics.assessment.visible import classified_codes, visible_amounts, visible_books
from quotawatt.errors import InputError, NotFoundError
from quotawatt.measures import measure
from quotawatt.register.model import Register
from quotawatt.rulebook.coalequivalent import BASES, coal_equivalent
from quotawatt.rulebook.model import Rulebook

Content = dict[str, Any]

CARRIERS = (
    "electricity_import_kwh",
    "gas_m3",
    "heat_gj",
    "coal_kg",
    "petrol_l",
    "diesel_l",
    "water_m3",
)
"""Use that reports list, in their order; water has no coal equivalent."""

ENERGY = "energy-kgce-per-m2"
"""The ranking whose factor set reports convert with."""

DECIMALS = 0
"""Use is printed in whole units."""


def circular(gathered: Gathered, subject: str) -> Content:
    """The monthly circular of an organisation."""
    members = members_of(subject, gathered.register)
    return {
        **_head("circular", gathered.held, subject),
        **_use(gathered, members, gathered.amounts, gathered.before),
        **_standing(gathered, members),
    }


def analysis(gathered: Gathered, subject: str) -> Content:
    """The yearly analysis of an organisation."""
    members = members_of(subject, gathered.register)
    months = {
        name: list(gathered.months[subject, name])
        for name in CARRIERS
        if (subject, name) in gathered.months
    }
    return {
        **_head("analysis", gathered.held, subject),
        **_use(gathered, members, gathered.amounts, gathered.before),
        **_standing(gathered, members),
        "months": months,
        "scores": score_part(gathered.scores, members, gathered.held),
    }


def publication(gathered: Gathered, subject: str, present: Register) -> Content:
    """The quarterly publication of an organisation, without classified units.

    present
        The register of the day of issue: who has become classified since is left out too.

    Raises InputError where the organisation itself is classified.
    """
    held = [piece.register for piece in gathered.held.pieces]
    hidden = classified_codes([*held, present])
    if subject in hidden:
        raise InputError(f"a publication must be of a unit that is not classified, got {subject}")
    before = [piece.register for piece in gathered.held_before.pieces]
    hidden |= classified_codes(before)
    books = visible_books(gathered.held, hidden)
    books_before = visible_books(gathered.held_before, hidden)
    shown = Gathered(
        books,
        books_before,
        visible_amounts(gathered.amounts, books),
        visible_amounts(gathered.before, books_before),
    )
    members = members_of(subject, shown.register)
    return {
        **_head("publication", books, subject),
        **_use(shown, members, shown.amounts, shown.before),
    }


BUILDERS = ("circular", "publication", "analysis")
"""The kinds of reports."""


def build(kind: str, gathered: Gathered, subject: str, present: Register) -> Content:
    """The content of a report of a kind.

    Raises InputError for an unknown kind, and NotFoundError for an organisation that is not there.
    """
    if kind not in BUILDERS:
        raise InputError(f"a report must be one of {', '.join(BUILDERS)}, got {kind!r}")
    if subject not in gathered.register.organisations:
        raise NotFoundError(f"a report must be of an organisation of the register, got {subject!r}")
    if kind == "publication":
        return publication(gathered, subject, present)
    return circular(gathered, subject) if kind == "circular" else analysis(gathered, subject)


def _head(kind: str, held: Books, subject: str) -> Content:
    period = held.period
    ranking = held.rulebook.rankings.get(ENERGY)
    factor_set = held.rulebook.factor_sets.get(ranking.factor_set) if ranking else None
    return {
        "report": kind,
        "period": {
            "name": period.name,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "issuer": named(held.register, subject),
        "factor_set": None
        if factor_set is None
        else {
            "id": factor_set.id,
            "title": titled(factor_set.title),
            "electricity": BASES.get(factor_set.electricity_basis, ""),
        },
    }


def _use(
    gathered: Gathered, members: Sequence[str], amounts: Amounts, before: Amounts
) -> Mapping[str, Any]:
    """Use by carrier of the first of the members, the rows of all of them, and the figures."""
    held, held_before = gathered.held, gathered.held_before
    totals = [
        {
            "measure": name,
            "unit": measure(name).unit,
            "amount": amounts[members[0], name].value,
            "change_pct": change_pct(amounts, before, members[0], name),
            "coverage": amounts[members[0], name].coverage,
            "kgce": _kgce({name: amounts[members[0], name].value}, held.rulebook),
        }
        for name in CARRIERS
        if (members[0], name) in amounts
    ]
    printed = {
        f"{code}/{name}": {"value": amounts[code, name].value, "decimals": DECIMALS}
        for code in members
        for name in CARRIERS
        if (code, name) in amounts
    }
    rows = [_row(code, amounts, before, held, held_before) for code in members]
    return {"totals": totals, "organisations": rows, "figures": printed}


def _row(
    code: str, amounts: Amounts, before: Amounts, held: Books, held_before: Books
) -> Mapping[str, Any]:
    used = {name: amounts[code, name].value for name in CARRIERS if (code, name) in amounts}
    was = {name: before[code, name].value for name in CARRIERS if (code, name) in before}
    kgce, kgce_before = _kgce(used, held.rulebook), _kgce(was, held_before.rulebook)
    ranking = held.rulebook.rankings.get(ENERGY)
    figure = figures(ranking, [code], amounts, held)[code] if ranking else None
    covered = [amounts[code, name].coverage for name in used]
    return {
        **named(held.register, code),
        "amounts": used,
        "kgce": kgce,
        "kgce_change_pct": None
        if kgce is None or not kgce_before
        else 100 * (kgce - kgce_before) / kgce_before,
        "kgce_per_m2": None if figure is None else figure.value,
        "coverage": sum(covered) / len(covered) if covered else None,
    }


def _kgce(used: Mapping[str, float], rulebook: Rulebook) -> float | None:
    """Coal equivalent of all energy among the use; None where the set lacks any of it, or there is none."""
    ranking = rulebook.rankings.get(ENERGY)
    factor_set = rulebook.factor_sets.get(ranking.factor_set) if ranking else None
    energy = {name: value for name, value in used.items() if name != "water_m3"}
    if factor_set is None or not energy:
        return None
    try:
        return sum(coal_equivalent(name, value, factor_set).kgce for name, value in energy.items())
    except NotFoundError:
        return None


def _standing(gathered: Gathered, members: Sequence[str]) -> Mapping[str, Any]:
    """Quotas, carbon, ranking, findings and alerts of the members."""
    return {
        "quotas": quota_part(gathered.quotas, members, gathered.held),
        "carbon": carbon_part(gathered.carbon, members, gathered.held),
        "rankings": ranking_part(gathered.rankings, members, gathered.held),
        "findings": finding_part(gathered.findings, members),
        "alerts": alert_part(gathered.alerts, members, gathered.held),
    }
