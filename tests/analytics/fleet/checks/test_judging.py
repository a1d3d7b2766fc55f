"""All rules together: what is judged anew, what people read, what the pack holds."""

from dataclasses import replace
from datetime import UTC, datetime
from string import Formatter

import pytest

from analytics.fleet.checks.facts import FleetFacts
from analytics.fleet.checks.judging import (
    CHECKS,
    CODES,
    POSSIBLY,
    Reach,
    deviations_of,
    facts_from,
    finding_of,
    judged_span,
    reach_of,
)
from quotawatt.findings import finding_key, finding_span
from quotawatt.fleet.trips import Deviation
from quotawatt.register.finding_texts import finding_texts, finding_words
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Source
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.vehicle_rules import PARAMETERS, Check
from quotawatt.spans import Span
from tests.analytics.fleet.checks.scenery import (
    BOOK,
    VEHICLE,
    ZONE,
    at,
    judged,
    register,
    rule,
    trip,
)

RULES = list(BOOK.vehicle_rules.values())
NIGHT = trip("05-06 23:40", "05-07 00:30", start_after=at("05-06 23:00"))


def test_every_check_is_judged_has_parameters_a_rule_and_words() -> None:
    assert set(CHECKS) == set(PARAMETERS) == set(Check) == {r.check for r in RULES}
    assert {POSSIBLY, *(CODES + check for check in Check)} <= finding_texts().keys()


def test_thresholds_are_marked_as_ours_and_clauses_exist() -> None:
    assert {r.trust for r in RULES} == {Trust.UNVERIFIED}
    assert all(BOOK.clause(r.cites)[1].text.zh for r in RULES)


def test_cases_cite_the_clause_of_their_rule() -> None:
    by_code = {CODES + r.check: r for r in RULES}
    cases = [r for r in BOOK.rules.values() if r.source is Source.FINDINGS and r.input in by_code]
    assert len(cases) == 16
    for case in cases:
        assert case.cites == by_code[case.input].cites
    hints = {"vehicle_renewable", "vehicle_under_used", "vehicle_idle", POSSIBLY}
    assert not hints & {case.input for case in cases}


def test_a_finding_has_rule_clause_figures_and_a_key_of_its_own() -> None:
    (found,) = judged(Check.OUTSIDE_WORKING_TIME, trips=[NIGHT])
    by = rule(Check.OUTSIDE_WORKING_TIME)
    finding = finding_of(found, by)
    assert (finding.code, finding.subject) == ("vehicle_outside_working_time", "V-1")
    assert finding.detail["clause"] == "15"
    assert finding.detail["shown"] == 50.0
    assert finding_span(finding) == Span(found.start, found.end)
    other = finding_of(found, replace(by, id="another-county"))
    assert finding_key(finding) != finding_key(other)
    words = finding_words(finding.code, "一号车", finding.detail, "zh", ZONE)
    assert words["sentence"].startswith("一号车 在 2024-05-06 23:40 至 2024-05-07 00:30 行驶")


def test_what_is_only_possible_accuses_nobody() -> None:
    doubtful = trip("05-06 00:10", "05-06 00:40", start_after=at("05-05 20:00"))
    (found,) = judged(Check.SEALED, trips=[doubtful])
    finding = finding_of(found, rule(Check.SEALED))
    assert finding.code == "vehicle_unclear"
    words = finding_words(finding.code, "Car 1", finding.detail, "en", ZONE)
    assert "may have been" in words["sentence"]


@pytest.mark.parametrize("check", list(Check))
def test_sentences_name_only_what_the_evidence_can_have(check: Check) -> None:
    always = finding_of(Deviation("r", "V-1", at("05-06 00:00"), at("05-06 01:00")), rule(check))
    sentence = finding_texts()[CODES + check].sentence["zh"]
    named = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    assert named - always.detail.keys() - {"subject_name"} <= EVIDENCE[check]


PLACE = {"latitude_deg", "longitude_deg"}
CARD = {"card_end"}
EVIDENCE = {
    Check.NO_ORDER: {"distance_km", "order"},
    Check.LATE_ORDER: {"order", "decided_at"},
    Check.OUTSIDE_WORKING_TIME: {"working_day", "distance_km"},
    Check.SEALED: {"distance_km", "odometer_start_km", "odometer_end_km"},
    Check.SEAL_ODOMETER: {"odometer_at_seal_km", "odometer_at_unseal_km"},
    Check.NOT_HOME_OVERNIGHT: {"night", "hours_away", "home", *PLACE},
    Check.OUTSIDE_AREA: {"area", "minutes_outside", "share_outside_pct"},
    Check.SPEEDING: {"times_over", "seconds", "worst_at"},
    Check.IDLING: {"fuel_l"},
    Check.OVER_QUOTA: {"month", "over_pct", "known_km"},
    Check.OVERFILLED: {"tank_l", "before_pct", *CARD},
    Check.CARD_ELSEWHERE: {"station", "litres", *CARD},
    Check.CARD_NOT_IN_TANK: {"missing_l", *CARD},
    Check.FUEL_DROP: {"before_pct", "after_pct"},
    Check.UNDER_USED: {"year", "days", "trips"},
    Check.IDLE: {"heard_pct"},
    Check.RENEWABLE: {"acquired"},
    Check.MAINTENANCE_DUE: {"last_maintenance", "due_day"},
    Check.ODOMETER_DIFFERS: {"month", "odometer_km", "gnss_km", "trips"},
    Check.UNSEEN_KILOMETRES: {"odometer_before_km", "odometer_after_km"},
    Check.FOREIGN_HOME: {"month", "site_zh", "home"},
}


def test_what_is_judged_anew_reaches_as_far_as_the_rule() -> None:
    span = Span(at("03-15 10:00"), at("03-15 11:00"))
    starts = {
        Check.SPEEDING: at("03-13 00:00"),
        Check.OVER_QUOTA: at("01-31 00:00"),
        Check.UNDER_USED: datetime(2023, 12, 30, 16, tzinfo=UTC),
        Check.RENEWABLE: datetime(1990, 1, 1, tzinfo=UTC),
    }
    for check, start in starts.items():
        assert judged_span(rule(check), span, ZONE) == Span(start, span.end)
    by_trip = [r for r in RULES if reach_of(r) is Reach.TRIP]
    assert facts_from(by_trip, span, ZONE) == at("02-25 00:00")
    assert facts_from(RULES, span, ZONE) == at("01-28 00:00")


def test_what_began_before_is_not_given_again() -> None:
    trips = [trip("05-02 21:00", "05-02 22:00"), trip("05-07 21:00", "05-07 22:00")]
    (found,) = judged(Check.OUTSIDE_WORKING_TIME, trips=trips, changed={"holidays": "counted"})
    assert found.start == at("05-07 21:00")


def test_kinds_that_a_rule_leaves_out_give_nothing() -> None:
    facts = FleetFacts(
        Span(at("05-06 00:00"), at("05-08 00:00")), ["V-1", "V-9"], ZONE, trips={"V-1": [NIGHT]}
    )
    by = rule(Check.OUTSIDE_WORKING_TIME)
    ambulance = register(replace(VEHICLE, kind="ambulance"))
    apart = replace(by, except_kinds=("ambulance",))
    assert len(deviations_of(facts, [by], ambulance, at("05-08 00:00"))) == 1
    assert deviations_of(facts, [apart], ambulance, at("05-08 00:00")) == []


def test_an_exempt_vehicle_gives_nothing_under_any_rule() -> None:
    trips = [NIGHT, trip("05-07 21:00", "05-07 22:00", odometer_end_km=9.0)]
    facts = FleetFacts(
        Span(at("05-06 00:00"), at("05-08 00:00")),
        ["V-1"],
        ZONE,
        trips={"V-1": trips},
        last_trips={"V-1": trips[-1]},
        orders_since={"V-1": at("01-01 00:00")},
    )
    known = replace(VEHICLE, acquired=datetime(2010, 1, 1, tzinfo=UTC).date())

    def found(under: Register) -> int:
        return len(deviations_of(facts, RULES, under, at("05-08 00:00")))

    assert found(register(known)) > 3
    assert found(register(replace(known, tracking_exempt=True))) == 0
