"""The words of a vehicle's account on its page, Chinese and English side by side."""

from collections.abc import Mapping

FLEET_ACCOUNT_TEXTS: Mapping[str, tuple[str, str]] = {
    "fleet_account": ("单车核算", "Account"),
    "fleet_account_odometer": ("里程表 {km} km", "odometer {km} km"),
    "fleet_account_outside": ("行程之外 {km} km", "{km} km outside trips"),
    "fleet_account_days": ("使用 {used} / {all} 个工作日", "used on {used} of {all} working days"),
    "fleet_account_per_km": ("{cost} 元/km", "CNY {cost} per km"),
    "fleet_account_no_cost": ("费用未知", "cost not known"),
}
