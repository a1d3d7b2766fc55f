"""The words of a vehicle's account on its page, Chinese and English side by side."""

from collections.abc import Mapping

FLEET_ACCOUNT_TEXTS: Mapping[str, tuple[str, str]] = {
    "fleet_account": ("单车核算", "Account"),
    "fleet_account_outside": (
        "行程 {trips} km，行程之外 {km} km",
        "{trips} km on trips, {km} km outside",
    ),
    "fleet_km_by_odometer": ("按里程表", "by odometer"),
    "fleet_km_by_trips": ("按行程合计", "sum of trips"),
    "fleet_cost": ("费用", "Cost"),
    "fleet_public_uses": ("公示六项 {month}", "The six public fields {month}"),
    "fleet_year_report": ("{year} 年公务用车统计报告", "Statistics of {year}"),
    "fleet_as_xlsx": ("Excel", "Excel"),
    "fleet_as_csv": ("CSV", "CSV"),
    "fleet_charger": ("充电桩", "Charger"),
    "fleet_loss": ("损耗 {kwh} kWh（{percent}）", "{kwh} kWh lost ({percent})"),
    "fleet_charged_elsewhere": ("在外充电", "charged elsewhere"),
    "fleet_charged_unknown": ("地点未知", "not known where"),
    "fleet_times": ("{count} 次", "{count} times"),
    "fleet_account_days": ("使用 {used} / {all} 个工作日", "used on {used} of {all} working days"),
    "fleet_account_per_km": ("{cost} 元/km", "CNY {cost} per km"),
    "fleet_account_no_cost": ("费用未知", "cost not known"),
}
