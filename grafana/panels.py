"""House defaults for panels: every board's panels look and behave alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import bargauge, common, dashboard, table, timeseries
from grafana_foundation_sdk.cog.runtime import UnknownDataquery
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models import units

from grafana.labels import label, unit_id

DATA_SOURCE_UID = "quotawatt-influx"
DATA_SOURCE_TYPE = "influxdb"

GREEN, RED, BLUE, ORANGE, GREY = "green", "red", "blue", "orange", "gray"
OVER_PCT = 100.0
"""Share of the constraint value from which a bar turns red."""

# A step longer than this between two daily points is a gap and is drawn as one.
_DAILY_GAP_MS = 36 * 3600 * 1000.0

Property = tuple[str, object]
"""A field setting of Grafana: its identifier and value."""


@dataclass(frozen=True, slots=True)
class InfluxQuery:
    """A query of a panel. The SDK has no model for InfluxDB, so this builds Grafana's JSON itself.

    alias
        Name of a series; ``$tag_NAME`` stands for a tag's value.
    as_table
        One table of all rows instead of one series for each set of tags.
    """

    text: str
    alias: str = ""
    ref_id: str = "A"
    as_table: bool = False

    def build(self) -> UnknownDataquery:
        """The query as the SDK takes it."""
        return UnknownDataquery(
            {
                "refId": self.ref_id,
                "datasource": {"type": DATA_SOURCE_TYPE, "uid": DATA_SOURCE_UID},
                "rawQuery": True,
                "query": self.text,
                "alias": self.alias,
                "resultFormat": "table" if self.as_table else "time_series",
            }
        )


def data_source() -> models.DataSourceRef:
    """The one data source of all boards, known by its stable UID."""
    return models.DataSourceRef(type_val=DATA_SOURCE_TYPE, uid=DATA_SOURCE_UID)


def lines(title: str, description: str, no_data: str) -> timeseries.Panel:
    """Series over time: thin lines without points, a gap shown as a gap, all values in the tooltip."""
    return (
        timeseries.Panel()
        .title(title)
        .description(description)
        .datasource(data_source())
        .no_value(no_data)
        .line_width(1)
        .fill_opacity(0)
        .show_points(common_models.VisibilityMode.NEVER)
        .span_nulls(False)
        .tooltip(common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI))
        .legend(
            common.VizLegendOptions()
            .display_mode(common_models.LegendDisplayMode.LIST)
            .placement(common_models.LegendPlacement.BOTTOM)
            .show_legend(True)
            .calcs([])
        )
    )


def daily_lines(title: str, description: str, no_data: str) -> timeseries.Panel:
    """Like ``lines``, for one point a day."""
    return lines(title, description, no_data).insert_nulls(_DAILY_GAP_MS)


def daily_bars(title: str, description: str, no_data: str) -> timeseries.Panel:
    """One bar a day, beginning at the day's start."""
    return (
        lines(title, description, no_data)
        .draw_style(common_models.GraphDrawStyle.BARS)
        .bar_alignment(common_models.BarAlignment.AFTER)
        .fill_opacity(70)
        .line_width(0)
    )


def shares(title: str, description: str, no_data: str) -> bargauge.Panel:
    """The latest value of each series as a horizontal bar."""
    return (
        bargauge.Panel()
        .title(title)
        .description(description)
        .datasource(data_source())
        .no_value(no_data)
        .orientation(common_models.VizOrientation.HORIZONTAL)
        .display_mode(common_models.BarGaugeDisplayMode.BASIC)
        .value_mode(common_models.BarGaugeValueMode.TEXT)
        .show_unfilled(True)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False))
        .color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.THRESHOLDS))
        .unit(units.Percent)
        .decimals(1)
        .min(0)
    )


def rows(title: str, description: str, no_data: str) -> table.Panel:
    """A plain table."""
    return (
        table.Panel()
        .title(title)
        .description(description)
        .datasource(data_source())
        .no_value(no_data)
        .cell_height(common_models.TableCellHeight.SM)
    )


def steps(*bounds: tuple[float | None, str]) -> dashboard.ThresholdsConfig:
    """Colours from each bound upward; the first bound is None, from minus infinity."""
    return (
        dashboard.ThresholdsConfig()
        .mode(models.ThresholdsMode.ABSOLUTE)
        .steps([models.Threshold(value=value, color=color) for value, color in bounds])
    )


def over_limit() -> dashboard.ThresholdsConfig:
    """Green below the constraint value, red from it on."""
    return steps((None, GREEN), (OVER_PCT, RED))


def named(
    panel: timeseries.Panel, measure: str, language: str, *properties: Property
) -> timeseries.Panel:
    """Give the series called by its measure a label, its unit and further field settings."""
    settings: Sequence[Property] = (
        ("displayName", label(measure, language)),
        ("unit", unit_id(measure)),
        *properties,
    )
    values = [models.DynamicConfigValue(id_val=key, value=value) for key, value in settings]
    return panel.override_by_name(measure, values)


def color(name: str) -> Property:
    """Draw the series in one colour."""
    return ("color", {"mode": "fixed", "fixedColor": name})


def dashed() -> Property:
    """Draw the series as a dashed line."""
    return ("custom.lineStyle", {"fill": "dash", "dash": [8, 6]})
