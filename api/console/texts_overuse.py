"""The words of the page of overuse, Chinese and English side by side."""

from collections.abc import Mapping

OVERUSE_TEXTS: Mapping[str, tuple[str, str]] = {
    "overuse": ("超用分析", "Overuse explained"),
    "overuse_open": ("超用分析", "Explain overuse"),
    "overuse_span": ("{first} 至 {last}", "{first} to {last}"),
    "overuse_first": ("起始日", "First day"),
    "overuse_last": ("截止日", "Last day"),
    "overuse_measure": ("能源资源", "Of what"),
    "overuse_unknown": (
        "没有可对照的预期用量：此前的数据不足以推算。",
        "Nothing is known that the use could be held against: there is too little data from before.",
    ),
    "overuse_patterns": ("持续出现的问题", "What keeps happening"),
    "overuse_todo": ("处理建议：", "To do:"),
    "overuse_confidence": ("把握 {percent}", "{percent} sure"),
    "overuse_days": ("逐日用量", "Day by day"),
    "overuse_usual": ("预期以内", "up to what was expected"),
    "overuse_beyond": ("超出预期", "above what was expected"),
    "overuse_expected": ("预期", "Expected"),
    "overuse_parts": ("超出在哪里、什么时候", "Where and when"),
    "overuse_parts_lead": (
        "各分项与未计量部分之和等于总表；费用高的在前，最贵的一格标红。",
        "Sub-meters and what none of them holds add up to the whole; the costliest first, its worst class of "
        "hours in red.",
    ),
    "overuse_part": ("分项", "Part"),
    "overuse_use": ("实际", "Used"),
    "overuse_excess": ("超出", "Excess"),
    "overuse_class_working": ("工作时间", "Working hours"),
    "overuse_class_night": ("工作日夜间", "Nights"),
    "overuse_class_weekend": ("周末", "Weekends"),
    "overuse_class_holiday": ("节假日", "Holidays"),
    "overuse_money": ("费用（元）", "CNY"),
    "overuse_share": ("占全年定额", "Of the year's quota"),
    "overuse_unknown_hours": (
        "（缺 {hours} 小时，计入其余）",
        "({hours} h not known, in the rest)",
    ),
    "overuse_basis": ("依据", "Judged by"),
    "overuse_learnt": ("学习至 {day}", "learnt until {day}"),
    "overuse_version": ("第 {version} 版", "version {version}"),
    "overuse_no_basis": ("没有基准。", "No baseline."),
    "overuse_left_hours": (
        "{hours} 小时用量或预期未知，未计入。",
        "{hours} hours are not known and left out.",
    ),
    "overuse_left_parts": (
        "分项过多（{count} 个），未逐一分析。",
        "{count} parts were not looked at one by one, as they are too many.",
    ),
}
