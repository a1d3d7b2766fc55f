"""Whom the quotas pass by is said, once, with what they know."""

from dataclasses import replace

from analytics.reconciliation import World
from analytics.reconciliation.needs import needs_of
from analytics.reconciliation.unruled import passed_by
from quotawatt.findings import Finding
from quotawatt.register.model import Organisation
from tests.analytics.reconciliation.worlds import BUILDING, SHIPPED, SITE, register, world

OFFICE = Organisation("O-1", "甲局", "First Office", "party_government", "city")
SHANDONG = replace(SITE, province="shandong", quota_zone="B")


def found(made: World) -> list[Finding]:
    return list(passed_by(made, needs_of(made.register, made.rulebook, made.today)))


def test_nothing_is_said_of_whom_quotas_are_for() -> None:
    assert found(world(register(organisations=[OFFICE], sites=[SHANDONG]), rulebook=SHIPPED)) == []


def test_a_zone_that_no_quota_knows_is_named_once_for_its_site() -> None:
    site = replace(SHANDONG, quota_zone="Q")
    more = [BUILDING, replace(BUILDING, code="B-2")]
    book = register(organisations=[OFFICE], sites=[site], buildings=more)
    (finding,) = found(world(book, rulebook=SHIPPED))
    assert (finding.code, finding.subject) == ("quota_zone_unknown", "S-1")
    assert (finding.detail["zone"], finding.detail["province"]) == ("Q", "shandong")
    assert "B" in str(finding.detail["known_zones"]).split(", ")


def test_an_organisation_of_a_kind_that_no_quota_knows_is_named() -> None:
    book = register(organisations=[replace(OFFICE, kind="museum")], sites=[SHANDONG])
    (finding,) = found(world(book, rulebook=SHIPPED))
    assert (finding.code, finding.subject) == ("quota_none_applies", "O-1")
    assert finding.detail["kind"] == "museum"
    assert "party_government" in str(finding.detail["known_kinds"])
    assert finding.detail["known_provinces"] == "shandong"


def test_what_is_out_of_use_and_a_rulebook_without_quotas_ask_for_nothing() -> None:
    idle = register(organisations=[OFFICE], buildings=[replace(BUILDING, status="idle")])
    assert found(world(idle, rulebook=SHIPPED)) == []
    assert found(world(register())) == []
