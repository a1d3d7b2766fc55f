"""The words of accounts, use by pool and drivers' scores on the command line, in Chinese and English."""

from collections.abc import Mapping

from quotawatt.fleet.reportwords import report_word

_TEXTS: Mapping[str, tuple[str, str]] = {
    "accounts_title": ("单车核算：{count} 辆", "Accounts of {count} vehicles"),
    "months_title": ("逐月：{count} 个月", "By month: {count}"),
    "public_title": ("用车六要素：{count} 条", "Uses of vehicles: {count}"),
    "pools_title": ("利用与空驶：{count} 个车队", "Use by pool: {count}"),
    "kinds_title": (
        "百公里能耗，按车队和车型：{count} 组",
        "Use per 100 km by pool and kind: {count}",
    ),
    "l_per_100km": ("升/百公里", "L/100 km"),
    "kwh_per_100km": ("千瓦时/百公里", "kWh/100 km"),
    "surplus_title": ("可调剂车辆：{count} 组", "What was needed: {count} groups"),
    "scores_title": ("司勤人员行为服务评价：{count} 人", "Scores of {count} drivers"),
    "none": ("没有可列的内容。", "There is nothing to list."),
    "vehicle": ("车辆", "Vehicle"),
    "month": ("月份", "Month"),
    "km": ("里程 km", "km"),
    "unassigned_km": ("行程外 km", "Outside trips"),
    "use": ("用能", "Used"),
    "per_100km": ("百公里", "Per 100 km"),
    "quota": ("定额", "Quota"),
    "cost_cny": ("费用 元", "Cost CNY"),
    "cost_per_km": ("元/km", "CNY/km"),
    "kgco2": ("kgCO2", "kgCO2"),
    "deviations": ("待处理", "To act on"),
    "used_days": ("使用/工作日", "Days used"),
    "needed_at_once": ("按次需要", "At once"),
    "needed_by_day": ("按天需要", "By day"),
    "could_go": ("可调剂", "Could go"),
    "driver": ("驾驶员", "Driver"),
    "points": ("得分", "Points"),
    "known": ("已知权重", "Known"),
    "parts": ("分项", "Parts"),
    "empty_share": ("空驶率", "Empty"),
    "masked": ("豁免跟踪", "exempt"),
    "written": ("已写入 {file}", "{file} was written"),
    "seats": (
        "按车队与车型类别比较；台账没有座位数，未考虑。少于 {days} 天不列名。",
        "Compared within pool and kind; seats are not in the register. No names for less than {days} days.",
    ),
    "unverified": (
        "评价办法为本系统自定，非标准；数据不足的分项不计分，并注明已知权重。",
        "The scheme is ours, no standard; a part with too little data has no points, and the known weight is "
        "said.",
    ),
    "speeding_minutes_per_100km": ("超速", "speeding"),
    "idling_pct": ("怠速", "idling"),
    "punctual_pct": ("准时", "punctual"),
    "rating": ("评分", "rating"),
    "odometer_told_pct": ("登记里程", "odometer"),
    "trips_unexplained_pct": ("待说明", "unexplained"),
}


def fleet_report_text(key: str, language: str, **values: object) -> str:
    """A text in a language (``zh`` or ``en``); else the word of the reports."""
    if key not in _TEXTS:
        return report_word(key, language, **values)
    return _TEXTS[key][0 if language == "zh" else 1].format(**values)
