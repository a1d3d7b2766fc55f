"""Whole messages, so that a change of a word shows."""

from dataclasses import replace
from datetime import UTC, date, datetime

from alerts.messages import compose
from alerts.transition import AlertState, Phase
from alerts.wording import Context
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.rulebook.model import Citation, Text, Trust
from quotawatt.rulebook.versions import Version
from tests.alerts.results import SHANGHAI
from tests.alerts.rules import RULEBOOK, RULES

REGISTER = Register(
    organisations=[
        Organisation(
            code="ORG-1",
            name_zh="市教育局",
            name_en="Education Bureau",
            kind="party_government",
            level="city",
            owner_zh="办公室主任",
            owner_en="Office head",
        )
    ],
    sites=[Site("SITE-1", "东院", "East court", "Asia/Urumqi", "shandong", "B")],
    buildings=[Building("BLD-1", "主楼", "Main building", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "总表", "Incomer", "BLD-1", "electricity")],
)
TODAY = date(2023, 6, 5)
CONTEXT = Context(REGISTER, RULEBOOK, SHANGHAI, TODAY)
FIRING = AlertState(
    Phase.FIRING,
    value=104.25,
    pending_since=datetime(2023, 6, 1, 16, tzinfo=UTC),
    firing_since=datetime(2023, 6, 4, 16, tzinfo=UTC),
)
QUOTA = {
    "day": "2023-06-04",
    "quota_used_kgce": 9876.54,
    "quota_limit_kgce": 22300.0,
    "quota_projected_kgce": 23247.75,
    "quota_share_pct": 44.289,
    "quota_projected_share_pct": 104.25,
}


def _compose(rule: str, subject: str, state: AlertState, evidence: dict[str, float | str]) -> str:
    event = "resolved" if state.phase is Phase.RESOLVED else "firing"
    message = compose(event, RULES[rule], subject, state, evidence, CONTEXT)
    return "\n".join((message.title.zh, message.text.zh, message.title.en, message.text.en))


def test_a_quota_projected_over() -> None:
    assert _compose("quota-projected-over", "BLD-1/area/2023", FIRING, QUOTA) == (
        "[告警] 规则quota-projected-over：主楼\n"
        "对象：主楼（BLD-1），市教育局；责任人：办公室主任\n"
        "情况：2023 年“单位面积非供暖能耗”：已用 9,876.5 kgce（等价值），约束值 22,300.0 kgce（等价值）"
        "［未核实：二手来源］，已用 44.3 %；预计全年 23,247.8 kgce（等价值），为约束值的 104.2 %\n"
        "起始：2023-06-01 22:00 (Asia/Urumqi)\n"
        "依据：《公共机构节能条例》（国务院令第531号）第 17 条：超定额应说明原因［未核实］\n"
        "依据：《党政机关能耗定额》（DB37/T 2672-2019）4.2：约束值［未核实：二手来源］\n"
        "建议：查明原因\n"
        "[Alert] rule quota-projected-over: Main building\n"
        "Subject: Main building (BLD-1), Education Bureau; owner: Office head\n"
        "Figures: 2023, non-heating energy per area: used 9,876.5 kgce (equivalent value) of the"
        " constraint value 22,300.0 kgce (equivalent value) [unverified: secondary source], 44.3 %;"
        " projected for the year 23,247.8 kgce (equivalent value), 104.2 % of it\n"
        "Since: 2023-06-01 22:00 (Asia/Urumqi)\n"
        "Under: Regulation on Energy Conservation by Public Institutions (国务院令第531号), Article 17:"
        " overruns are explained [unverified]\n"
        "Under: Quotas of party and government organs (DB37/T 2672-2019), 4.2:"
        " constraint values [unverified: secondary source]\n"
        "Advice: find the cause"
    )


def test_other_units_name_no_basis() -> None:
    evidence = {k.replace("kgce", "kwh"): v for k, v in QUOTA.items()}
    text = _compose("quota-exhausted", "BLD-1/area/2023", FIRING, evidence)
    assert "已用 9,876.5 kWh，约束值 22,300.0 kWh" in text
    assert "等价" not in text


def test_carbon_over_its_path() -> None:
    evidence: dict[str, float | str] = {
        "carbon_used_kgco2": 30000.0,
        "carbon_limit_kgco2": 58050.0,
        "carbon_projected_kgco2": 61000.0,
        "carbon_share_pct": 51.68,
        "carbon_projected_share_pct": 105.08,
    }
    text = _compose("carbon-projected-over", "ORG-1/path/2023", FIRING, evidence)
    assert (
        "2023 年“碳排放下降”：已排放 30,000.0 kgCO2，路径允许 58,050.0 kgCO2，已用 51.7 %；"
        "预计全年 61,000.0 kgCO2，为允许值的 105.1 %"
    ) in text
    # an organisation is not named twice
    assert "对象：市教育局（ORG-1）；责任人：办公室主任" in text
    # a clause that was read in its source carries no mark
    assert "第 14 条：实行能耗计量\n" in text


def test_use_above_expected() -> None:
    evidence: dict[str, float | str] = {
        "day": "2023-06-04",
        "electricity_expected_kwh": 1000.0,
        "electricity_expected_high_kwh": 1100.0,
        "electricity_excess_kwh": 300.0,
        "electricity_excess_pct": 20.0,
    }
    text = _compose("use-above-expected", "BLD-1", replace(FIRING, value=20.0), evidence)
    assert (
        "2023-06-04 用电 1,300.0 kWh，按天气与日历预期 1,000.0 kWh（正常上限 1,100.0 kWh）" in text
    )
    assert "超出上限 20.0 %，限值 15 %" in text
    assert "used 1,300.0 kWh where weather and calendar let expect 1,000.0 kWh" in text


def test_a_silent_meter() -> None:
    evidence: dict[str, float | str] = {"last_reading": "2023-06-03T10:00:00+00:00"}
    text = _compose("meter-silent", "MTR-1", replace(FIRING, value=30.0), evidence)
    assert "对象：总表（MTR-1），市教育局；责任人：办公室主任" in text
    assert "已 30.0 小时没有读数（限值 24 小时），最近一次：2023-06-03 16:00 (Asia/Urumqi)" in text


def test_a_resolved_alert_says_when() -> None:
    state = replace(
        FIRING, phase=Phase.RESOLVED, value=97.0, resolved_at=datetime(2023, 6, 9, 16, tzinfo=UTC)
    )
    text = _compose("quota-projected-over", "BLD-1/area/2023", state, QUOTA)
    assert text.startswith("[解除] ")
    assert "解除：2023-06-09 22:00 (Asia/Urumqi)" in text
    assert "Resolved: 2023-06-09 22:00 (Asia/Urumqi)" in text


def test_what_the_register_and_rulebook_no_longer_know_is_named_by_its_code() -> None:
    context = Context(Register(), replace(RULEBOOK, instruments={}, quotas={}), SHANGHAI, TODAY)
    message = compose("firing", RULES["quota-exhausted"], "BLD-9/gone/2023", FIRING, QUOTA, context)
    assert "对象：BLD-9（BLD-9）" in message.text.zh
    assert "2023 年“gone”" in message.text.zh
    assert "依据：regulation 17" in message.text.zh


def test_figures_that_are_missing_show_as_such() -> None:
    text = _compose("quota-projected-over", "BLD-1/area/2023", FIRING, {})
    assert "已用 ? ，约束值 ? ［未核实：二手来源］，已用 ? %" in text


def test_an_invented_number_is_never_shown_as_a_rule() -> None:
    quotas = {"area": replace(RULEBOOK.quotas["area"], trust=Trust.INVENTED)}
    context = replace(CONTEXT, rulebook=replace(RULEBOOK, quotas=quotas))
    message = compose("firing", RULES["quota-exhausted"], "BLD-1/area/2023", FIRING, QUOTA, context)
    assert "［演示虚构］" in message.text.zh
    assert "[invented for the demo]" in message.text.en


def test_an_account_of_a_closed_year_cites_what_was_in_force_then() -> None:
    new_year = date(2024, 1, 1)
    old = RULEBOOK.quotas["area"]
    new = replace(old, title=Text("新定额", "new quota"), cites=Citation("newer", "1"))
    standard = RULEBOOK.instruments["standard"]
    newer = replace(standard, id="newer", number="DB37/T 2672-2024", clauses={})
    instruments = {**RULEBOOK.instruments, "newer": newer}
    versions = {
        "quotas": {"area": [Version(old, None, new_year, ""), Version(new, new_year, None, "")]},
        "instruments": {
            **{k: [Version(i, None, None, "")] for k, i in RULEBOOK.instruments.items()},
            "standard": [Version(standard, None, new_year, "")],
            "newer": [Version(newer, new_year, None, "")],
        },
    }
    book = replace(RULEBOOK, quotas={"area": new}, instruments=instruments, versions=versions)
    context = replace(CONTEXT, rulebook=book, today=date(2024, 1, 10))
    rule = RULES["quota-exhausted"]
    message = compose("firing", rule, "BLD-1/area/2023", FIRING, QUOTA, context)
    assert "单位面积非供暖能耗" in message.text.zh
    assert "依据：《党政机关能耗定额》（DB37/T 2672-2019）4.2" in message.text.zh
    assert "新定额" in compose("firing", rule, "BLD-1/area/2024", FIRING, QUOTA, context).text.zh
