"""A rulebook of invented clauses that the tests of alerts share."""

from datetime import timedelta

from quotawatt.rulebook.model import (
    Citation,
    Clause,
    Factor,
    FactorSet,
    Instrument,
    Quota,
    Rule,
    Rulebook,
    Target,
    Text,
    Tier,
    Trust,
)

DAY = timedelta(days=1)

_REGULATION = Instrument(
    id="regulation",
    title=Text("公共机构节能条例", "Regulation on Energy Conservation by Public Institutions"),
    number="国务院令第531号",
    issuer=Text("国务院", "State Council"),
    jurisdiction="CN",
    effective_from=None,
    effective_until=None,
    status="in_force",
    trust=Trust.SOURCE,
    source="test",
    clauses={
        "17": Clause("17", Text("超定额应说明原因", "overruns are explained"), Trust.UNVERIFIED),
        "14": Clause("14", Text("实行能耗计量", "use is metered"), Trust.SOURCE),
    },
)
_STANDARD = Instrument(
    id="standard",
    title=Text("党政机关能耗定额", "Quotas of party and government organs"),
    number="DB37/T 2672-2019",
    issuer=Text("山东", "Shandong"),
    jurisdiction="CN-SD",
    effective_from=None,
    effective_until=None,
    status="in_force",
    trust=Trust.SECONDARY,
    source="test",
    clauses={"4.2": Clause("4.2", Text("约束值", "constraint values"), Trust.SECONDARY)},
)


def rule(
    name: str,
    measure: str,
    above: float,
    clear_below: float | None = None,
    for_: timedelta = timedelta(0),
    keep: timedelta = timedelta(0),
    clause: str = "17",
) -> Rule:
    """A rule of an invented text on ``measure``."""
    return Rule(
        id=name,
        title=Text(f"规则{name}", f"rule {name}"),
        cites=Citation("regulation", clause),
        input=measure,
        threshold=above,
        clear=above if clear_below is None else clear_below,
        for_=for_,
        keep_firing_for=keep,
        severity="warning",
        advice=Text("查明原因", "find the cause"),
    )


RULES = {
    r.id: r
    for r in (
        rule("quota-projected-over", "quota_projected_share_pct", 100, 98, for_=3 * DAY),
        rule("quota-exhausted", "quota_share_pct", 100),
        rule("carbon-projected-over", "carbon_projected_share_pct", 100, 98, for_=3 * DAY),
        rule("use-above-expected", "electricity_excess_pct", 15, 5, for_=3 * DAY, keep=2 * DAY),
        rule("meter-silent", "silence_h", 24, clause="14"),
    )
}

RULEBOOK = Rulebook(
    instruments={"regulation": _REGULATION, "standard": _STANDARD},
    factor_sets={
        "factors": FactorSet(
            id="factors",
            title=Text("系数", "factors"),
            cites=Citation("standard", "4.2"),
            electricity_basis="equivalent",
            coal_equivalent={"electricity_import_kwh": Factor(0.31, "kgce/kWh", Trust.SECONDARY)},
            carbon={},
        )
    },
    quotas={
        "area": Quota(
            id="area",
            title=Text("单位面积非供暖能耗", "non-heating energy per area"),
            cites=Citation("standard", "4.2"),
            indicator="non_heating_kgce_per_m2",
            unit="kgce/m²",
            headcount_components=(),
            factor_set="factors",
            selectors=(),
            tiers={Tier.CONSTRAINT: 22.3},
            trust=Trust.SECONDARY,
        )
    },
    targets={
        "path": Target(
            id="path",
            title=Text("碳排放下降", "carbon reduction"),
            cites=Citation("regulation", "14"),
            measure="carbon_kgco2_per_m2",
            factor_set="factors",
            base_year=2020,
            target_year=2025,
            reduction_pct=7,
            trust=Trust.SOURCE,
        )
    },
    rules=RULES,
)
