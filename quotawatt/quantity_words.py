"""What people call the quantities that devices measure, Chinese and English side by side."""

from collections.abc import Mapping

from quotawatt.quantities import QUANTITIES
from quotawatt.settings import Language

QUANTITY_WORDS: Mapping[str, tuple[str, str]] = {
    "electricity_import_kwh": ("用电量", "electricity"),
    "electricity_export_kwh": ("上网电量", "electricity fed in"),
    "pv_generation_kwh": ("光伏发电量", "PV generation"),
    "electricity_power_kw": ("有功功率", "active power"),
    "electricity_reactive_power_kvar": ("无功功率", "reactive power"),
    "electricity_apparent_power_kva": ("视在功率", "apparent power"),
    "power_factor": ("功率因数", "power factor"),
    "voltage_v": ("电压", "voltage"),
    "current_a": ("电流", "current"),
    "frequency_hz": ("频率", "frequency"),
    "electricity_reactive_import_kvarh": ("正向无功电量", "reactive energy taken"),
    "electricity_reactive_export_kvarh": ("反向无功电量", "reactive energy given"),
    "gas_kwh": ("燃气热量", "gas energy"),
    "water_m3": ("用水量", "water"),
    "reclaimed_water_m3": ("再生水量", "reclaimed water"),
    "water_flow_m3h": ("水流量", "water flow"),
    "gas_m3": ("用气量", "gas"),
    "heat_gj": ("用热量", "heat"),
    "cooling_gj": ("用冷量", "cooling"),
    "steam_t": ("蒸汽量", "steam"),
    "coal_kg": ("煤", "coal"),
    "lpg_kg": ("液化石油气", "LPG"),
    "diesel_l": ("柴油", "diesel"),
    "petrol_l": ("汽油", "petrol"),
    "heat_power_kw": ("热功率", "heat power"),
    "heat_supply_temperature_c": ("供水温度", "supply temperature"),
    "heat_return_temperature_c": ("回水温度", "return temperature"),
    "temperature_c": ("温度", "temperature"),
    "indoor_temperature_c": ("室内温度", "indoor temperature"),
    "outdoor_temperature_c": ("室外温度", "outdoor temperature"),
    "temperature_setpoint_c": ("温度设定值", "temperature set point"),
    "humidity_pct": ("相对湿度", "relative humidity"),
    "illuminance_lx": ("照度", "illuminance"),
    "co2_ppm": ("二氧化碳浓度", "carbon dioxide"),
    "irradiance_w_m2": ("太阳辐照度", "irradiance"),
    "latitude_deg": ("纬度", "latitude"),
    "longitude_deg": ("经度", "longitude"),
    "altitude_m": ("海拔", "altitude"),
    "heading_deg": ("航向", "heading"),
    "speed_kmh": ("车速", "speed"),
    "speed_limit_kmh": ("道路限速", "speed limit of the road"),
    "odometer_km": ("里程", "odometer"),
    "ignition": ("点火状态", "ignition"),
    "engine_rpm": ("发动机转速", "engine speed"),
    "fuel_level_pct": ("油位比例", "fuel level"),
    "fuel_level_l": ("油量", "fuel in the tank"),
    "fuel_used_l": ("累计油耗", "fuel used"),
    "battery_soc_pct": ("动力电池电量", "state of charge"),
    "charge_power_kw": ("充电功率", "charging power"),
    "charge_energy_kwh": ("充电量", "energy charged"),
    "charging": ("充电状态", "charging"),
    "plugged": ("插枪状态", "plugged in"),
    "vehicle_supply_voltage_v": ("车载电源电压", "vehicle supply voltage"),
    "traction_voltage_v": ("动力电池电压", "traction voltage"),
    "traction_current_a": ("动力电池电流", "traction current"),
    "device_battery_pct": ("设备电池电量", "device battery"),
    "rssi_dbm": ("信号强度", "signal strength"),
    "switch_on": ("开关状态", "switched on"),
    "online": ("在线状态", "online"),
}
"""By the quantity's identifier; every quantity has its words."""

_TARGETED: Mapping[str, tuple[str, str]] = {
    "carbon_kgco2_per_m2": (
        "单位建筑面积碳排放量 (kgCO₂/m²)",
        "carbon per area of building (kgCO₂/m²)",
    ),
}
"""What targets are measured by, from a base value on."""


def quantity_word(quantity: str, language: Language) -> str:
    """The quantity, or what a target is measured by, with its unit; any other name as it is."""
    if quantity in _TARGETED:
        return _TARGETED[quantity][0 if language == "zh" else 1]
    words = QUANTITY_WORDS.get(quantity)
    if words is None:
        return quantity
    unit = QUANTITIES[quantity].unit
    name = words[0 if language == "zh" else 1]
    return name if unit == "1" else f"{name} ({unit})"
