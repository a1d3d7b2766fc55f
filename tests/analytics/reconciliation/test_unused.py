"""Quotas of one's own packs that meet no asset."""

from datetime import date
from pathlib import Path

import pytest

from analytics.reconciliation.needs import needs_of
from analytics.reconciliation.unused import unused_quotas
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import register

PACK = """\
quotas:
  - id: own-electricity
    title: {zh: 本地电耗, en: local electricity}
    cites: {instrument: db37t2672-2019, clause: 电耗定额}
    indicator: electricity_kwh_per_m2
    unit: kWh/m²
    selectors: [{asset: building, kind: KIND}]
    tiers: {constraint: 50}
    trust: invented
"""


@pytest.mark.parametrize(
    ("kind", "told"), [("party_govt", ["own-electricity"]), ("party_government", [])]
)
def test_a_quota_that_selects_nobody_is_told(tmp_path: Path, kind: str, told: list[str]) -> None:
    (tmp_path / "local.yaml").write_text(PACK.replace("KIND", kind), encoding="utf-8")
    book = load_rulebook([tmp_path])
    needs = needs_of(register(), book, date(2023, 6, 1))
    found = list(unused_quotas(book, needs))
    assert [f.subject for f in found] == told
    assert [f.detail["places"] for f in found] == [f"{tmp_path / 'local.yaml'}:2" for _ in told]


def test_standards_of_other_places_that_came_with_the_program_are_no_finding() -> None:
    book = load_rulebook()
    needs = needs_of(register(), book, date(2023, 6, 1))
    assert len(needs.in_force) > len({q.id for own in needs.own.values() for q in own})
    assert list(unused_quotas(book, needs)) == []
