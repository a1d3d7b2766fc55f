"""Energy-performance contracts as values: kinds, terms by year, non-routine events, and what rules them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quotawatt.errors import InputError

MAX_YEARS = 30
"""Of a contract; more is taken for a slip of the pen."""
MAX_FIGURE = 1e12


class ContractKind(StrEnum):
    """How both sides share what is saved (GB/T 24915; custody also GF-2026-2621)."""

    SHARED = "shared"
    """分享型: the provider gets a share of the savings' worth."""
    GUARANTEED = "guaranteed"
    """保证型: the provider makes up for what is missing from the guaranteed savings."""
    CUSTODY = "custody"
    """托管型: the client pays a fee, the provider all energy."""


class EventKind(StrEnum):
    """What a non-routine event does to the adjusted baseline."""

    AMOUNT = "amount"
    """So much a day is added (below 0: taken off)."""
    SHARE = "share"
    """So many percent of what was expected are added."""
    EXCLUDED = "excluded"
    """These days count neither as use nor as baseline."""


@dataclass(frozen=True, slots=True)
class YearTerms:
    """What holds in one year of a contract.

    provider_share_pct
        The provider's share of the savings' worth; of a guarantee, of what lies above it.
    guaranteed_use
        Savings that are guaranteed for the year, in the measure's unit.
    fee_cny
        Fee of the year under custody.
    """

    provider_share_pct: float = 0.0
    guaranteed_use: float = 0.0
    fee_cny: float = 0.0


@dataclass(frozen=True, slots=True)
class PerformanceContract:
    """A contract as it is kept.

    subject, measure
        Whose use it is about, as results are named.
    client, provider
        The parties, in words.
    baseline_from, baseline_until
        Local days that the model learns from, half-open; None: see ``agreed_use``.
    valid_from, valid_until
        Local days of the contract, half-open.
    agreed_use
        Agreed use of a year in the measure's unit, in place of a model; None: the model says.
    price_cny
        CNY a unit of savings; None: by the tariff of the supply contract.
    terms
        Of each year of the contract, the first year first.
    document
        Number or file name of the signed contract.
    """

    number: int
    kind: ContractKind
    subject: str
    measure: str
    title: str
    client: str
    provider: str
    valid_from: date
    valid_until: date
    terms: tuple[YearTerms, ...]
    baseline_from: date | None = None
    baseline_until: date | None = None
    agreed_use: float | None = None
    price_cny: float | None = None
    document: str = ""
    note: str = ""

    def year_starts(self) -> list[date]:
        """The first day of each year of the contract, and the first day after the last one."""
        starts, day, years = [], self.valid_from, 0
        while day < self.valid_until:
            starts.append(day)
            years += 1
            day = years_later(self.valid_from, years)
        return [*starts, self.valid_until]


@dataclass(frozen=True, slots=True)
class NonRoutineEvent:
    """Something that changed use without being the measure: more people, a closed wing, a new server room.

    first_day, until
        Local days, half-open.
    amount
        A day in the measure's unit, or percent of what was expected; None for days that do not count.
    reason, evidence
        Why, and what shows it.
    """

    first_day: date
    until: date
    kind: EventKind
    amount: float | None
    reason: str
    evidence: str = ""


def years_later(day: date, years: int) -> date:
    """The same day of a later year; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def require_contract(contract: PerformanceContract) -> None:
    """Raise InputError for the first rule that a contract breaks."""
    _require_days("valid", contract.valid_from, contract.valid_until)
    years = len(contract.year_starts()) - 1
    if years > MAX_YEARS:
        raise InputError(f"a contract must last at most {MAX_YEARS} years, got {years}")
    if len(contract.terms) != years:
        raise InputError(f"terms must have one entry a year of the contract, {years}, "
                         f"got {len(contract.terms)}")  # fmt: skip
    for name in ("title", "client", "provider"):
        if not getattr(contract, name).strip():
            raise InputError(f"{name} of a contract must say something, got none")
    _require_baseline(contract)
    _require_figures(contract)


def _require_baseline(contract: PerformanceContract) -> None:
    first, until = contract.baseline_from, contract.baseline_until
    if first is None or until is None:
        if first is not until:
            raise InputError("baseline_from and baseline_until must go together, got one of them")
        if contract.agreed_use is None:
            raise InputError("a contract must have a baseline period or agreed_use, got neither")
        return
    if contract.agreed_use is not None:
        raise InputError("a contract must have either a baseline period or agreed_use, got both")
    _require_days("baseline", first, until)
    if until > contract.valid_from:
        raise InputError(
            f"baseline_until must not lie after valid_from, {contract.valid_from}, got {until}"
        )


def _require_figures(contract: PerformanceContract) -> None:
    for name in ("agreed_use", "price_cny"):
        value = getattr(contract, name)
        if value is not None and not 0 < value <= MAX_FIGURE:
            raise InputError(f"{name} must lie above 0 and at most at {MAX_FIGURE:g}, got {value}")
    for term in contract.terms:
        if not 0 <= term.provider_share_pct <= 100:
            raise InputError(
                f"provider_share_pct must lie from 0 to 100, got {term.provider_share_pct}"
            )
        for name in ("guaranteed_use", "fee_cny"):
            if not 0 <= getattr(term, name) <= MAX_FIGURE:
                raise InputError(
                    f"{name} must lie from 0 to {MAX_FIGURE:g}, got {getattr(term, name)}"
                )


def require_event(event: NonRoutineEvent) -> None:
    """Raise InputError for the first rule that an event breaks."""
    _require_days("event", event.first_day, event.until)
    if not event.reason.strip():
        raise InputError("a non-routine event must have a reason, got none")
    if (event.amount is None) is not (event.kind is EventKind.EXCLUDED):
        raise InputError(
            f"an event must have an amount unless its days are excluded, got {event.kind.value} "
            f"with {event.amount}"
        )
    if event.amount is not None and not abs(event.amount) <= MAX_FIGURE:
        raise InputError(f"amount must lie within {MAX_FIGURE:g}, got {event.amount}")
    if event.kind is EventKind.SHARE and not -100 <= (event.amount or 0) <= 1000:
        raise InputError(f"a share must lie from -100 to 1000 %, got {event.amount}")


def _require_days(name: str, first: date, until: date) -> None:
    if until <= first:
        raise InputError(f"{name}_until must lie after {name}_from, {first}, got {until}")
