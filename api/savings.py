"""Savings for the routes: from what was asked to figures, from what is kept to rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from analytics.baselines.fitted import Insufficient
from analytics.baselines.series import Interval
from analytics.jobs.measuring import Days, Measuring
from analytics.savings.contents import (
    contract_content,
    event_content,
    savings_content,
    settlement_content,
)
from analytics.savings.normal import NormalYear
from analytics.savings.result import Savings
from api.access import Permit
from api.money import name_of
from api.params import require_asset, today_of
from api.savings_schemas import EventIn, PerformanceContractIn
from api.services import Services
from quotawatt.errors import InputError, StateError
from quotawatt.findings import Finding
from quotawatt.measures import measure
from quotawatt.performance.book import EventEntry, read_contract, read_events
from quotawatt.performance.values import NonRoutineEvent, PerformanceContract, YearTerms
from quotawatt.performance.verified import Verification
from quotawatt.register.finding_texts import finding_words
from quotawatt.register.model import Register
from quotawatt.settings import Language
from quotawatt.spans import DAY

_LEAST_VERIFIED = 0.90


def measuring(services: Services) -> Measuring:
    """What reckons savings, by the register, contracts and rulebook of now."""
    zone = ZoneInfo(services.settings.timezone)
    stores = (services.series, services.records)
    return Measuring.of_stores(*stores, services.register_source(), services.rulebook, zone)


def savings_answer(
    services: Services,
    found: Savings | Insufficient,
    subject: str,
    language: Language,
    normal: NormalYear | Insufficient | None = None,
) -> dict[str, Any]:
    """Figures with their findings in words."""
    register = services.register_source()
    report, findings = None, found.findings
    if isinstance(normal, Insufficient):
        findings, normal = (*findings, *normal.findings), None
    if isinstance(found, Savings):
        report = savings_content(found, name_of(register, asset_of(subject)), (), normal)
    return {"report": report, "findings": finding_rows(findings, register, services, language)}


def finding_rows(
    findings: Iterable[Finding], register: Register, services: Services, language: Language
) -> list[dict[str, Any]]:
    """Findings with their words."""
    zone = ZoneInfo(services.settings.timezone)
    rows = []
    for finding in findings:
        name = name_of(register, asset_of(finding.subject)).get(language) or finding.subject
        words = finding_words(finding.code, name, finding.detail, language, zone)
        rows.append({**asdict(finding), "title": words["title"], "sentence": words["sentence"]})
    return rows


def asset_of(subject: str) -> str:
    """The asset that a subject belongs to; ``subject`` is a code, or ``ASSET/ACCOUNT``."""
    return subject.partition("/")[0]


def require_subject(permit: Permit, subject: str) -> None:
    """Raise NotFoundError where the subject's asset is not in the register, or out of reach."""
    code = asset_of(subject)
    permit.require(code)
    require_asset(permit.register, code)


def contract_of(body: PerformanceContractIn, number: int = 0) -> PerformanceContract:
    """A body as a contract. Raises InputError for a measure that is not one of use."""
    if not measure(body.measure).unit:
        raise InputError(f"measure must have a unit, got {body.measure!r}")
    terms = tuple(YearTerms(**term.model_dump()) for term in body.terms)
    return PerformanceContract(number=number, **{**dict(body), "terms": terms})


def contract_item(contract: PerformanceContract, register: Register) -> dict[str, Any]:
    """A contract with the name of its subject."""
    return {
        **asdict(contract),
        "name": name_of(register, asset_of(contract.subject)),
        "unit": measure(contract.measure).unit,
    }


def event_of(body: EventIn) -> NonRoutineEvent:
    """A body as an event."""
    values = body.model_dump(exclude={"last_day"})
    return NonRoutineEvent(until=body.last_day + DAY, **values)


def event_item(entry: EventEntry) -> dict[str, Any]:
    """An event as a row."""
    row = {**asdict(entry), **asdict(entry.event), "last_day": entry.event.until - DAY}
    return {name: value for name, value in row.items() if name not in ("event", "until")}


def verification_item(found: Verification) -> dict[str, Any]:
    """A verification as a row."""
    values = asdict(found)
    return {
        **values,
        "number": found.number,
        "last_day": found.until - DAY,
        "report": values["content"],
    }


def period_answer(
    services: Services, number: int, days: Days, interval: Interval, language: Language
) -> dict[str, Any]:
    """The savings of days of a contract as they are now, with the settlement."""
    contract, events = _contract_and_events(services, number)
    found = measuring(services).period(contract, days, interval, events)
    if isinstance(found, Insufficient):
        return savings_answer(services, found, contract.subject, language)
    answer = savings_answer(services, found.savings, contract.subject, language)
    answer["report"] |= {
        "contract": {
            **contract_content(contract),
            "last_day": (contract.valid_until - DAY).isoformat(),
        },
        "settlement": settlement_content(found.settlement),
        "events": _events_within(events, days),
    }
    return answer


def proposed_content(
    services: Services, number: int, days: Days, interval: Interval
) -> Mapping[str, Any]:
    """What is to be verified.

    Raises StateError where the days are not over yet, and where the data bear no savings or only some of
    them; it says what is missing.
    """
    if today_of(services) < days.until:
        raise StateError(f"days must be over before savings are verified, got {days.until}")
    answer = period_answer(services, number, days, interval, "en")
    report: Mapping[str, Any] | None = answer["report"]
    if report is None:
        said = "; ".join(row["sentence"] for row in answer["findings"])
        raise StateError(f"data must bear savings before they are verified, got {said}")
    coverage = report["total"]["coverage"] or 0.0
    if coverage < _LEAST_VERIFIED:
        raise StateError(
            f"savings must be known for {100 * _LEAST_VERIFIED:g} % of the days to be verified, "
            f"got {100 * coverage:.1f} %"
        )
    return report


def _contract_and_events(
    services: Services, number: int
) -> tuple[PerformanceContract, Sequence[NonRoutineEvent]]:
    with services.records.connect() as conn:
        contract = read_contract(conn, number)
        entries = read_events(conn, number)
    return contract, [entry.event for entry in entries]


def _events_within(events: Sequence[NonRoutineEvent], days: Days) -> list[dict[str, Any]]:
    return [event_content(e) for e in events if e.first_day < days.until and days.first < e.until]
