"""Packs of tariffs: what is wrong is a load error with file and line, all of it at once."""

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import PackText, load_rulebook

HEAD = """instruments:
  - id: i
    title: {zh: 价, en: Prices}
    number: N
    issuer: {zh: 发, en: Issuer}
    jurisdiction: x
    effective_from: null
    effective_until: null
    status: in_force
    trust: unverified
    source: none
    clauses: [{number: 1, trust: unverified, text: {zh: 文, en: text}}]
"""
TARIFF = """tariffs:
  - id: t
    title: {{zh: 价, en: Price}}
    cites: {{instrument: i, clause: 1}}
    measure: electricity_import_kwh
    unit: CNY/kWh
    trust: unverified
{more}
"""
PARTS = "    parts: [{name: energy, price: 1}]"


def problems(more: str) -> list[str]:
    text = HEAD + TARIFF.format(more=more)
    try:
        load_rulebook(builtin=False, texts=[PackText("t.yaml", text.encode())])
    except RulebookError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("more", "line", "rule"),
    [
        ("", 14, "must have parts or area"),
        ("    parts: [{name: energy}]", 20, "one of price, prices, agent, got 0"),
        (
            PARTS + '\n    windows: [{hours: {flat: ["00:00-12:00", "13:00-24:00"]}}]',
            21,
            "a gap at 12:00",
        ),
        (
            PARTS + '\n    windows: [{hours: {flat: ["00:00-13:00", "12:00-24:00"]}}]',
            21,
            "an overlap at 13:00",
        ),
        (PARTS + '\n    windows: [{hours: {flat: ["00:00-23:00"]}}]', 21, "nothing from 23:00"),
        (
            PARTS + '\n    windows: [{hours: {noon: ["00:00-24:00"]}}]',
            21,
            "a period must be one of",
        ),
        (PARTS + '\n    windows: [{hours: {flat: ["0-24"]}}]', 21, "HH:MM-HH:MM"),
        (
            PARTS + '\n    windows: [{months: [1], hours: {flat: ["00:00-24:00"]}}]',
            21,
            "none for month 2, working",
        ),
        (
            "    parts: [{name: e, price: 1, by_period: true}]\n    ratios: {peak: 2}",
            14,
            "a price in each period, got flat",
        ),
        ("    parts: [{name: e, agent: true}]", 14, "must have agent"),
        (
            "    parts: [{name: e, agent: true}]\n    agent: {region: r, voltage: v}",
            14,
            "a table of agent_prices",
        ),
        (PARTS + "\n    power_factor_table: none", 14, "must be one of its section"),
        (
            PARTS + "\n    tiers: {period: year, steps: [{above: 5, add: 1}, {above: 5, add: 2}]}",
            21,
            "steps must rise",
        ),
        (
            PARTS
            + "\n    capacity: {cny_per_kva: 1, cny_per_kw: 1, tolerance: 0.9, excess_times: 2}",
            21,
            "1 to 2",
        ),
        ("    parts: [{name: energy, price: 0,5}]", 20, "a key of a part of a price"),
    ],
)
def test_a_wrong_tariff_is_refused_with_its_line(more: str, line: int, rule: str) -> None:
    found = problems(more)
    assert any(p.startswith(f"t.yaml:{line}:") and rule in p for p in found), found


def test_a_wrong_unit_is_refused() -> None:
    text = HEAD + TARIFF.format(more=PARTS).replace("CNY/kWh", "CNY/MWh")
    with pytest.raises(RulebookError, match="must be CNY/kWh, got CNY/MWh"):
        load_rulebook(builtin=False, texts=[PackText("t.yaml", text.encode())])


def test_windows_over_midnight_are_two_and_a_sound_tariff_loads() -> None:
    more = PARTS + '\n    windows: [{hours: {flat: ["07:00-23:00"], valley: ["23:00-07:00"]}}]'
    assert problems(more) == []


def test_overlapping_versions_and_double_agent_prices_name_both_places() -> None:
    one = TARIFF.format(more=PARTS)
    doubled = HEAD + one + one.removeprefix("tariffs:\n")
    with pytest.raises(RulebookError, match=r"t.yaml:21: .*t.yaml:14"):
        load_rulebook(builtin=False, texts=[PackText("t.yaml", doubled.encode())])
