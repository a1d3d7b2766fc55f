"""Panels of a building: its load, what it used beyond the expected, and its sub-meters."""

from grafana_foundation_sdk.builders import common, timeseries
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import units

from grafana.influxql import exactly, mean_results, results
from grafana.labels import label, words
from grafana.panels import (
    BLUE,
    GREY,
    ORANGE,
    RED,
    InfluxQuery,
    color,
    daily_bars,
    dashed,
    lines,
    named,
)
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Text


def load(language: str) -> timeseries.Panel:
    """The hourly load within its expected band, with the outdoor temperature."""
    panel = lines(
        *words(
            language,
            Text("小时负荷与预期区间：${building}", "Hourly load and expected band: ${building}"),
            Text(
                "每小时用电量即平均功率；长时段取均值。阴影为正常日的预期区间。右轴为室外温度。",
                "Energy of an hour, which is its mean power; means where the range is long. "
                "Shaded: the band that ordinary days stay in. Right axis: outdoor temperature.",
            ),
        )
    ).interval("1h")
    low, high = "electricity_expected_low_kwh", "electricity_expected_high_kwh"
    power = ("unit", units.KiloWatt)
    edge = (power, color(GREY), ("custom.lineWidth", 0))
    panel = named(panel, "electricity_import_kwh", language, power, color(BLUE))
    panel = named(panel, "electricity_expected_kwh", language, power, color(GREY), dashed())
    panel = named(panel, low, language, *edge)
    panel = named(
        panel,
        high,
        language,
        *edge,
        ("custom.fillBelowTo", label(low, language)),
        ("custom.fillOpacity", 20),
    )
    panel = named(
        panel, "outdoor_temperature_c", language, color(ORANGE), ("custom.axisPlacement", "right")
    )
    load = ("electricity_import_kwh", "electricity_expected_kwh", low, high)
    weather = ("outdoor_temperature_c",)
    return (
        panel.with_target(
            InfluxQuery(mean_results(Grain.HOUR, load, exactly("building")), "$tag_measure", "A")
        )
        .with_target(
            InfluxQuery(mean_results(Grain.HOUR, weather, exactly("site")), "$tag_measure", "B")
        )
        .span(24)
        .height(10)
    )


def excess(language: str) -> timeseries.Panel:
    """What each day used beyond the expected, in kWh and in percent."""
    panel = daily_bars(
        *words(
            language,
            Text("每日超出预期：${building}", "Daily excess over the expected: ${building}"),
            Text(
                "高于预期区间上限的部分占预期的百分比（右轴）；区间之内为 0。柱为实际减预期。",
                "Bars: actual minus expected. Line, right axis: what lies above the band's upper edge, "
                "as a share of the expected; 0 inside the band.",
            ),
        )
    )
    panel = named(panel, "electricity_excess_kwh", language, color(BLUE))
    panel = named(
        panel,
        "electricity_excess_pct",
        language,
        color(RED),
        ("custom.drawStyle", "line"),
        ("custom.lineWidth", 1),
        ("custom.fillOpacity", 0),
        ("custom.axisPlacement", "right"),
    )
    measures = ("electricity_excess_kwh", "electricity_excess_pct")
    query = results(Grain.DAY, measures, exactly("building"))
    return panel.with_target(InfluxQuery(query, alias="$tag_measure")).span(12).height(9)


def sub_meters(language: str) -> timeseries.Panel:
    """Daily use of the chosen meters, stacked."""
    query = results(Grain.DAY, ("electricity_import_kwh",), exactly("meter"), tag="subject")
    panel = daily_bars(
        *words(
            language,
            Text("分项用电", "Electricity by sub-meter"),
            Text(
                "所选电表每日用电叠加。总表已含其下分表，请勿同时选择。",
                "Daily use of the chosen meters, stacked. A main meter holds those behind it: "
                "don't choose both.",
            ),
        )
    )
    return (
        panel.unit(units.KiloWattHour)
        .stacking(common.StackingConfig().mode(common_models.StackingMode.NORMAL).group("A"))
        .with_target(InfluxQuery(query, alias="$tag_subject"))
        .span(12)
        .height(9)
    )
