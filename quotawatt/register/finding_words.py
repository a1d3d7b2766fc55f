"""Words in the evidence of findings that readers know by another name, in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "planned": ("计划", "planned"),
        "in_use": ("在用", "in use"),
        "idle": ("闲置", "idle"),
        "transferred": ("已调出", "transferred"),
        "disposed": ("已处置", "disposed of"),
        "nobody": ("无人使用", "nobody in it"),
        "electricity": ("电", "electricity"),
        "water": ("水", "water"),
        "heat": ("热", "heat"),
        "gas": ("燃气", "gas"),
        "electricity_import_kwh": ("用电量(kWh)", "electricity (kWh)"),
        "electricity_export_kwh": ("上网电量(kWh)", "electricity fed in (kWh)"),
        "pv_generation_kwh": ("光伏发电量(kWh)", "PV generation (kWh)"),
        "water_m3": ("用水量(m³)", "water (m³)"),
        "heat_gj": ("用热量(GJ)", "heat (GJ)"),
        "gas_m3": ("用气量(m³)", "gas (m³)"),
        "gross_area_m2": ("建筑面积(m²)", "gross area (m²)"),
        "heated_area_m2": ("供暖面积(m²)", "heated area (m²)"),
        "data_centre_area_m2": ("机房面积(m²)", "data-centre area (m²)"),
        "kitchen_area_m2": ("厨房面积(m²)", "kitchen area (m²)"),
        "excluded_area_m2": ("扣除面积(m²)", "excluded area (m²)"),
        "headcount": ("用能人数", "head-count"),
        "in_post": ("在编人数", "people in post"),
        "non_establishment": ("编外人数", "people off the establishment"),
        "service": ("后勤人数", "service staff"),
        "students": ("学生数", "students"),
        "beds": ("床位数", "beds"),
        "visitors": ("外来人数", "visitors"),
        "party_government": ("党政机关", "party and government"),
        "hospital": ("医院", "hospital"),
        "school": ("学校", "school"),
        "commercial": ("商业", "commercial"),
        "province": ("省级", "province"),
        "city": ("市级", "city"),
        "county": ("县级", "county"),
        "reading": ("抄表", "meter reading"),
        "bill": ("账单", "bill"),
        "hint_multiplier": ("像是倍率有误", "this looks like the multiplier"),
        "hint_kbtu": ("像是 kBtu 与 kWh 混用（3.412 倍）", "this looks like kBtu for kWh (3.412)"),
        "hint_decimal": ("像是小数点或单位有误", "this looks like a decimal point or unit"),
        "hint_other": ("原因不明", "the cause is not clear"),
        "gas_kwh": ("用气量(kWh)", "gas (kWh)"),
        "cooling_gj": ("用冷量(GJ)", "cooling (GJ)"),
        "steam_t": ("蒸汽(t)", "steam (t)"),
        "coal_kg": ("用煤量(kg)", "coal (kg)"),
        "lpg_kg": ("液化石油气(kg)", "LPG (kg)"),
        "petrol_l": ("汽油(L)", "petrol (L)"),
        "diesel_l": ("柴油(L)", "diesel (L)"),
        "shandong": ("山东", "Shandong"),
    }
)
"""By the identifier."""


def in_words(identifiers: str, language: str) -> str:
    """Identifiers, one or several behind commas, by their names; what has none stays as it is."""
    place = 0 if language == "zh" else 1
    found = (WORDS[one][place] if one in WORDS else one for one in identifiers.split(", "))
    return ", ".join(found)
