"""Panels of the state of the data: coverage and last readings."""

from grafana_foundation_sdk.builders import bargauge, common, table
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models import units

from grafana.influxql import READ, exactly, last_readings, mean_coverage
from grafana.labels import words
from grafana.panels import GREEN, ORANGE, RED, InfluxQuery, rows, shares, steps
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Text


def coverage(language: str) -> bargauge.Panel:
    """How much of the time range rests on measurements."""
    query = mean_coverage(Grain.DAY, ("electricity_import_kwh",), exactly("node"))
    return (
        shares(
            *words(
                language,
                Text("用电数据覆盖率", "Coverage of the electricity data"),
                Text(
                    "时段内由实测支撑的比例，含全部建筑和机构。",
                    "Share of the time range that rests on measurements, every building and organisation.",
                ),
            )
        )
        .unit(units.PercentUnit)
        .max(1)
        .thresholds(steps((None, RED), (0.9, ORANGE), (0.99, GREEN)))
        .with_target(InfluxQuery(query, alias="$tag_subject"))
        .span(10)
        .height(10)
    )


def newest_readings(language: str) -> table.Panel:
    """When each device last gave a trustworthy reading, and its counters, longest silent first."""
    headers = {
        "Time": Text("最近读数时间", "Last reading"),
        "device": Text("设备", "Device"),
        "channel": Text("通道", "Channel"),
        "electricity_import_kwh": Text("电 kWh", "Electricity kWh"),
        "water_m3": Text("水 m³", "Water m³"),
        "gas_m3": Text("燃气 m³", "Gas m³"),
        "heat_gj": Text("热 GJ", "Heat GJ"),
        "odometer_km": Text("里程 km", "Odometer km"),
    }
    names = {column: text.in_language(language) for column, text in headers.items()}
    order = {column: place for place, column in enumerate(headers)}
    hidden = {name: True for name in READ if name not in headers}
    return (
        rows(
            *words(
                language,
                Text("最近读数", "Last readings"),
                Text(
                    "每个设备（按通道）在时段内最后一次可信读数的时间及其表底数，最久未报者在前。",
                    "When each device, by channel, last gave a reading that is not suspect in the time "
                    "range, and its counters then, longest silent first.",
                ),
            )
        )
        .with_target(InfluxQuery(last_readings(), as_table=True))
        .with_transformation(
            models.DataTransformerConfig(
                id_val="organize",
                options={"excludeByName": hidden, "indexByName": order, "renameByName": names},
            )
        )
        .sort_by([common.TableSortByFieldState().display_name(names["Time"]).desc(False)])
        .span(14)
        .height(10)
    )
