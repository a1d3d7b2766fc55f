"""Words for the checks and parameters of rules for vehicles, in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "check": ("检查内容", "Check"),
        "parameters": ("参数", "Parameters"),
        "organisations": ("适用单位", "For organisations"),
        "replaces": ("代替规则", "Stands in for"),
        # checks
        "no_order": ("无批准派车单", "no approved order"),
        "late_order": ("先用车后审批", "approved after departure"),
        "outside_working_time": ("非工作时间用车", "outside working time"),
        "sealed": ("封存期间行驶", "driven while sealed"),
        "seal_odometer": ("封存前后里程", "odometer at seal and unseal"),
        "not_home_overnight": ("夜间未回停放点", "not back overnight"),
        "outside_area": ("驶出规定区域", "outside the area"),
        "speeding": ("超速", "speeding"),
        "idling": ("怠速", "idling"),
        "over_quota": ("能耗超定额", "above quota"),
        "overfilled": ("加油量超油箱", "more than the tank holds"),
        "card_elsewhere": ("刷卡时车不在场", "card used elsewhere"),
        "card_not_in_tank": ("刷卡油量未入箱", "billed, not in the tank"),
        "fuel_drop": ("油量异常减少", "fuel lost"),
        "under_used": ("年里程偏低", "hardly used"),
        "renewable": ("可更新年限", "may be renewed"),
        "maintenance_due": ("保养到期", "maintenance due"),
        "odometer_differs": ("里程表与定位不符", "odometer differs"),
        "unseen_kilometres": ("有里程无轨迹", "unseen kilometres"),
        "foreign_home": ("停放在其他单位", "nights at another site"),
        # parameters
        "least_km": ("至少里程(km)", "at least km"),
        "tolerance_minutes": ("容许分钟", "tolerated minutes"),
        "grace_minutes": ("宽限分钟", "minutes of grace"),
        "from": ("自", "from"),
        "least_minutes": ("至少分钟", "at least minutes"),
        "with_order": ("有派车单时", "under an order"),
        "holidays": ("节假日", "holidays"),
        "tolerance_km": ("容许里程(km)", "tolerated km"),
        "site_metres": ("距场所(m)", "metres from the site"),
        "fence_metres": ("超出围栏(m)", "metres beyond the fence"),
        "least_hours": ("至少小时", "at least hours"),
        "metres": ("距离(m)", "metres"),
        "limit_kmh": ("限速(km/h)", "limit (km/h)"),
        "over_kmh": ("余量(km/h)", "tolerated km/h above"),
        "least_seconds": ("至少秒数", "at least seconds"),
        "least_fixes": ("至少定位点数", "at least fixes"),
        "minutes": ("分钟", "minutes"),
        "least_known_pct": ("已知里程至少(%)", "known at least (%)"),
        "over_pct": ("余量(%)", "tolerated % above"),
        "over_l": ("余量(L)", "tolerated litres"),
        "least_l": ("至少(L)", "at least litres"),
        "least_km_a_year": ("年里程至少(km)", "at least km a year"),
        "least_days": ("至少天数", "at least days"),
        "least_heard_pct": ("在线天数至少(%)", "heard at least (% of days)"),
        "years": ("年数", "years"),
        "ahead_km": ("提前里程(km)", "km ahead"),
        "ahead_days": ("提前天数", "days ahead"),
        "at": ("时刻", "at"),
        "nights": ("夜数", "nights"),
        # words
        "allowed": ("不计", "allowed"),
        "counted": ("计入", "counted"),
        "left_out": ("不计（由封存规则判定）", "left to the rule of sealed days"),
    }
)
"""By the identifier of a pack."""
