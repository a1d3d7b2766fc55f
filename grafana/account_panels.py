"""Panels of the yearly accounts: quotas, and carbon against its target."""

from grafana_foundation_sdk.builders import bargauge, timeseries

from grafana.influxql import accounts_of, exactly, last_results, results
from grafana.labels import words
from grafana.panels import (
    BLUE,
    ORANGE,
    RED,
    InfluxQuery,
    color,
    daily_lines,
    dashed,
    named,
    over_limit,
    shares,
)
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Text

_QUOTA_UNITS = ("kwh", "kgce", "m3")


def quota_share(language: str) -> bargauge.Panel:
    """Share of the constraint value used on the last day shown, a bar an account."""
    return _account_bars(
        language,
        Text("定额已用比例", "Share of the quota used"),
        Text(
            "所选时段最后一日的年度已用量占约束值的比例；100% 即约束值。",
            "Used since the year began, as a share of the constraint value (100 %), on the last day shown.",
        ),
        "quota_share_pct",
        12,
    )


def quota_projected(language: str) -> bargauge.Panel:
    """Share of the constraint value that each account is projected to reach."""
    return _account_bars(
        language,
        Text("年末预计比例", "Share projected for the year's end"),
        Text(
            "按目前用量预计到年末占约束值的比例；数据不足时不预计。",
            "What the year is expected to come to, as a share of the constraint value; none while too early.",
        ),
        "quota_projected_share_pct",
        12,
    )


def quota_course(language: str) -> timeseries.Panel:
    """One account over the year: used, projected, constraint value."""
    parts = ("used", "limit", "projected")
    measures = [f"quota_{part}_{unit}" for part in parts for unit in _QUOTA_UNITS]
    panel = daily_lines(
        *words(
            language,
            Text("定额执行过程：${account}", "Quota over the year: ${account}"),
            Text(
                "年初以来累计用量、年末预计与约束值。",
                "Use since the year began, the projection for its end, and the constraint value.",
            ),
        )
    )
    query = results(Grain.DAY, measures, exactly("account"))
    return _course(panel, "quota", _QUOTA_UNITS, language, query).span(24).height(9)


def carbon_projected(language: str) -> bargauge.Panel:
    """Share of the path's limit that each account is projected to reach."""
    return _account_bars(
        language,
        Text("年末预计占限值比例", "Projected share of the limit"),
        Text(
            "按目前排放预计到年末占目标路径当年限值的比例。",
            "What the year's emissions are expected to come to, as a share of what the path allows.",
        ),
        "carbon_projected_share_pct",
        10,
    )


def carbon_course(language: str) -> timeseries.Panel:
    """One account over the year: emitted, projected, limit of the path."""
    measures = [f"carbon_{part}_kgco2" for part in ("used", "limit", "projected")]
    panel = daily_lines(
        *words(
            language,
            Text("碳排放与限值：${carbon_account}", "Carbon against the limit: ${carbon_account}"),
            Text(
                "年初以来累计排放（基于位置）、年末预计与目标路径的当年限值。",
                "Location-based emissions since the year began, the projection, and the path's limit.",
            ),
        )
    )
    query = results(Grain.DAY, measures, exactly("carbon_account"))
    return _course(panel, "carbon", ("kgco2",), language, query).span(14).height(9)


def _account_bars(
    language: str, title: Text, description: Text, measure: str, width: int
) -> bargauge.Panel:
    query = last_results(Grain.DAY, (measure,), accounts_of("asset"))
    return (
        shares(*words(language, title, description))
        .thresholds(over_limit())
        .with_target(InfluxQuery(query, alias="$tag_subject"))
        .span(width)
        .height(9)
    )


def _course(
    panel: timeseries.Panel, account: str, unit_names: tuple[str, ...], language: str, query: str
) -> timeseries.Panel:
    """Used against limit and projection, each in its style, whatever the account's unit."""
    for unit in unit_names:
        panel = named(
            panel, f"{account}_used_{unit}", language, color(BLUE), ("custom.fillOpacity", 15)
        )
        panel = named(panel, f"{account}_limit_{unit}", language, color(RED))
        panel = named(panel, f"{account}_projected_{unit}", language, color(ORANGE), dashed())
    return panel.min(0).with_target(InfluxQuery(query, alias="$tag_measure"))
