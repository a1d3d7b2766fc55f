"""The rules of a register as data: vocabularies, references, trees, ranges, and their texts."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from quotawatt.quantities import QUANTITIES
from quotawatt.register.formulas import VIRTUAL_QUANTITIES
from quotawatt.register.problems import Rule
from quotawatt.register.rows import CODED

STATUSES = ("planned", "in_use", "idle", "transferred", "disposed")
HELD = ("planned", "in_use", "idle")
"""The statuses of what is still held: neither given away nor disposed of."""
LEVELS = ("province", "city", "county")
COMPONENTS = ("in_post", "non_establishment", "service", "students", "beds", "visitors")
CARRIERS = ("electricity", "water", "heat", "gas")
ITEMS = (
    *("", "A", "A1", "A2", "A3", "B", "B1", "B1A", "B1B", "B1C", "B1D", "B1E", "B1F", "B2"),
    *("C", "C1", "C2", "C3", "D", "D1", "D1A", "D2", "D3", "D4", "D5", "D6"),
)
"""National sub-metering items with their parts (D1A, IT equipment, is ours); empty: the whole."""
USES = (
    *("office", "meeting", "service", "equipment", "data_centre"),
    *("kitchen", "storage", "parking", "other"),
)
COMFORT_CLASSES = ("", "A", "B")
CLIMATE_ZONES = (
    "",
    "severe_cold_or_cold",
    "hot_summer_cold_winter",
    "hot_summer_warm_winter",
    "mild",
)
HEATINGS = ("", "municipal", "air_conditioning", "gas_oil", "none")
DATUMS = ("wgs84", "gcj02")
VEHICLE_ENERGIES = ("petrol", "diesel", "electric")
GEOFENCE_USES = ("parking", "permitted", "station", "speed_zone", "other")
DUTIES = ("owner", "deputy", "supervisor", "manager")

VOCABULARIES: Mapping[tuple[str, str], Sequence[str]] = {
    **{(kind, "status"): STATUSES for kind in CODED},
    ("organisations", "level"): LEVELS,
    ("headcounts", "component"): COMPONENTS,
    ("sites", "climate_zone"): CLIMATE_ZONES,
    ("buildings", "comfort_class"): COMFORT_CLASSES,
    ("buildings", "heating"): HEATINGS,
    ("spaces", "use"): USES,
    ("meters", "carrier"): CARRIERS,
    ("meters", "item"): ITEMS,
    ("virtual_meters", "quantity"): VIRTUAL_QUANTITIES,
    ("vehicles", "energy"): VEHICLE_ENERGIES,
    ("geofences", "use"): GEOFENCE_USES,
    ("bindings", "datum"): DATUMS,
    ("bindings", "quantity"): ("", *QUANTITIES),
    ("bindings", "point_quantity"): ("", *QUANTITIES),
    ("duties", "duty"): DUTIES,
    ("duties", "language"): ("zh", "en"),
}
"""(kind, column) -> the words that may stand there."""

REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("organisations", "region_parent"): ("organisations",),
    ("organisations", "system_parent"): ("organisations",),
    ("headcounts", "organisation"): ("organisations",),
    ("buildings", "site"): ("sites",),
    ("buildings", "organisation"): ("organisations",),
    ("spaces", "building"): ("buildings",),
    ("spaces", "organisation"): ("organisations",),
    ("equipment", "organisation"): ("organisations",),
    ("equipment", "building"): ("buildings",),
    ("equipment", "space"): ("spaces",),
    ("equipment", "serves"): ("buildings", "spaces"),
    ("meters", "building"): ("buildings",),
    ("meters", "parent"): ("meters",),
    ("meters", "serves"): ("spaces", "equipment", "chargers"),
    ("virtual_meters", "building"): ("buildings",),
    ("virtual_meters", "serves"): ("spaces", "organisations"),
    ("pv_plants", "building"): ("buildings",),
    ("chargers", "building"): ("buildings",),
    ("vehicles", "organisation"): ("organisations",),
    ("vehicles", "home_site"): ("sites",),
    ("vehicles", "home_area"): ("geofences",),
    ("vehicles", "permitted_area"): ("geofences",),
    ("geofences", "organisation"): ("organisations",),
    # A virtual meter has no device: it is computed. An area on a map has none.
    ("bindings", "asset"): tuple(k for k in CODED if k not in ("virtual_meters", "geofences")),
    ("base_values", "asset"): CODED,
    ("duties", "asset"): CODED,
    ("former_values", "asset"): CODED,
}
"""(kind, column) -> the kinds in which the code that stands there must exist."""

TREES = (
    ("organisations", "region_parent"),
    ("organisations", "system_parent"),
    ("meters", "parent"),
)
"""(kind, column) of the parents that must not lead back to where one began."""

POSITIVE = frozenset(
    {
        ("buildings", "gross_area_m2"),
        ("spaces", "area_m2"),
        ("equipment", "rated_power_kw"),
        ("meters", "rated_power_kw"),
        ("pv_plants", "peak_power_kw"),
        ("chargers", "rated_power_kw"),
        ("vehicles", "tank_l"),
        ("vehicles", "battery_kwh"),
        ("vehicles", "quota_l_per_100km"),
        ("vehicles", "quota_kwh_per_100km"),
        ("vehicles", "speed_limit_kmh"),
        ("vehicles", "service_every_km"),
        ("geofences", "radius_m"),
        ("geofences", "speed_limit_kmh"),
        ("bindings", "multiplier"),
        ("bindings", "register_size"),
    }
)
"""An area of zero is no denominator and no meter is rated for nothing: unknown is an empty cell."""

_DAYS = (date(1900, 1, 1), date(2200, 12, 31))
RANGES: Mapping[tuple[str, str], tuple[float, float] | tuple[date, date]] = {
    ("organisations", "vehicle_quota"): (0, 1e6),
    ("headcounts", "people"): (0, 1e7),
    ("headcounts", "valid_from"): _DAYS,
    ("headcounts", "valid_until"): _DAYS,
    ("sites", "latitude_deg"): (-90, 90),
    ("sites", "longitude_deg"): (-180, 180),
    ("buildings", "heated_area_m2"): (0, 1e9),
    ("buildings", "data_centre_area_m2"): (0, 1e9),
    ("buildings", "kitchen_area_m2"): (0, 1e9),
    ("buildings", "excluded_area_m2"): (0, 1e9),
    ("buildings", "year_built"): (1000, 2200),
    ("buildings", "hours_of_use"): (0, 8784),
    ("spaces", "occupants"): (0, 1e6),
    ("equipment", "value_cny"): (0, 1e12),
    ("equipment", "acquired"): _DAYS,
    ("vehicles", "acquired"): _DAYS,
    ("vehicles", "service_every_months"): (1, 240),
    ("vehicles", "value_cny"): (0, 1e12),
    ("base_values", "year"): (1990, 2200),
    ("duties", "rank"): (1, 99),
    ("duties", "valid_from"): _DAYS,
    ("duties", "valid_until"): _DAYS,
    ("former_values", "valid_until"): _DAYS,
}
"""(kind, column) -> the lowest and the highest value."""

EXCLUSIVE: Mapping[str, tuple[str, ...]] = {
    "headcounts": ("organisation", "component"),
    "bindings": ("device", "channel", "quantity"),
    "duties": ("asset", "duty", "rank"),
}
"""Kinds whose rows would count twice where their time overlaps, and the columns that make them rivals."""

CODE = re.compile(r"[\w.-]+")

CODE_FORM = Rule(
    "code_form",
    "a code must be letters, digits, '.', '_' and '-'",
    "编码只能由字母、数字、“.”、“_”、“-”组成",
)
CODE_TWICE = Rule(
    "code_twice",
    "a code must be used once over all kinds and stands in {other} too",
    "编码在所有类别中只能用一次，{other} 也用了它",
)
CODE_RETIRED = Rule(
    "code_retired",
    "a code must never be reused, and this one was that of {kind} {name}",
    "编码不得重复使用，它曾属于{kind}“{name}”",
)
CODE_HELD = Rule(
    "code_held",
    "must stay, for there are {rows} of it (an asset that is gone is disposed of)",
    "须保留，因为它还有{rows}（已处置的资产应改状态为“已处置”）",
)
REFERENCE = Rule("reference", "must be a code of {kinds}", "须为{kinds}中已有的编码或不重名的名称")
CIRCLE = Rule("circle", "must not lead back to the row itself", "上级关系不得循环回到自身")
WORD = Rule("word", "must be one of {words}", "须为 {words} 之一")
QUANTITY = Rule(
    "quantity", "must be a quantity of docs/nomenclature.md", "须为 docs/nomenclature.md 中的量"
)
ABOVE_ZERO = Rule("above_zero", "must be above 0", "须大于 0")
RANGE = Rule("range", "must be {low} to {high}", "须在 {low} 至 {high} 之间")
ZONE = Rule("zone", "must be a time zone such as Asia/Shanghai", "须为时区，如 Asia/Shanghai")
COUNTRY = Rule(
    "country",
    "must be an ISO 3166 code such as CN, GB-ENG or US-CO",
    "须为 ISO 3166 代码，如 CN、GB-ENG、US-CO",
)
AREA_PART = Rule(
    "area_part",
    "must not be above the gross area of {gross} m²",
    "不得大于建筑面积 {gross} m²",
)
AREA_PARTS = Rule(
    "area_parts",
    "data centre, kitchen and excluded areas must together not be above the gross area, and are"
    " {sum} m²",
    "数据中心、食堂与其他扣除面积之和（{sum} m²）不得大于建筑面积",
)
OF_PARENT = Rule("of_parent", "must be that of the parent {parent}", "须与上级表计 {parent} 相同")
SPACE_BUILDING = Rule(
    "space_building", "must be a space of the building {building}", "须为建筑 {building} 内的房间"
)
SERVED_BUILDING = Rule(
    "served_building", "must stand in the building {building}", "须位于建筑 {building} 内"
)
FORMULA_PART = Rule(
    "formula_part",
    "must name meters, virtual meters, plants and buildings only, with blanks around a minus, and {part} is"
    " none",
    "只能引用计量器具、虚拟表、光伏电站与建筑，减号两侧须留空格，而 {part} 不是",
)
FORMULA_CIRCLE = Rule(
    "formula_circle",
    "must not lead back to a virtual meter itself, and does by {part}",
    "不得循环引用，而经由 {part} 回到自身",
)
FORMULA_QUANTITY = Rule(
    "formula_quantity",
    "must name only what has {quantity}, and {part} has it not",
    "引用的各项都须有 {quantity}，{part} 没有",
)
FORMULA_SHARE = Rule(
    "formula_share",
    "must share among spaces and organisations of the building {building}, and {part} is none of it",
    "只能在建筑 {building} 的房间或单位之间分摊，{part} 不在其中",
)
POINT_QUANTITY = Rule(
    "point_quantity",
    "must be empty where quantity is (all quantities)",
    "“计量项”为空（全部量）时须为空",
)
PERIOD = Rule("period", "must be after valid_from {start}", "须晚于生效日期 {start}")
OVERLAP = Rule(
    "overlap", "must not overlap {other} of the same {same}", "与 {other} 的时段重叠（{same} 相同）"
)
BASE_VALUE_TWICE = Rule(
    "base_value_twice",
    "a base value must stand once and is in {other} too",
    "基准年数值只能有一个，{other} 已有",
)
PLATE_TWICE = Rule(
    "plate_twice",
    "a plate must belong to one vehicle that is held and is that of {other} too",
    "号牌只能属于一辆在册车辆，{other} 也用了它",
)
FORMER_COLUMN = Rule(
    "former_column",
    "must be a column of {kind} other than code",
    "须为 {kind} 的列（code 除外）",
)
FORMER_TWICE = Rule(
    "former_twice",
    "a column's former value must end on a day of its own, and {other} ends on this one too",
    "同一列的历史值须各在不同的日期结束，{other} 也在这一天结束",
)


def until(rule: Rule, day: date) -> Rule:
    """The rule, of how things were until that day."""
    return Rule(rule.code, f"{rule.en} (as it was until {day})", f"{rule.zh}（{day} 之前的情况）")
