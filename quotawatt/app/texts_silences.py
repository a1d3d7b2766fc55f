"""What the command line says of silences, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "none": ("没有静默或维护窗口。", "There are no silences or maintenance windows."),
    "listed": ("共 {count} 条（{zone}）", "{count} silences and maintenance windows ({zone})"),
    "added": ("已新增第 {number} 条。", "Silence {number} is added."),
    "ended": ("第 {number} 条已结束。", "Silence {number} is ended."),
    "silence": ("静默", "silence"),
    "maintenance": ("维护窗口", "maintenance"),
    "pending": ("未开始", "pending"),
    "active": ("生效中", "active"),
    "expired": ("已结束", "over"),
    "rules": ("规则", "rules"),
    "severities": ("级别", "severities"),
    "assets": ("对象", "assets"),
    "organisations": ("单位（含下级）", "organisations and all below"),
    "sites": ("站点", "sites"),
    "kinds": ("类别", "kinds"),
    "span": ("{start} 至 {end}", "{start} to {end}"),
    "by": ("{actor}：{comment}", "{actor}: {comment}"),
    "ended_by": ("由 {actor} 于 {at} 提前结束", "ended by {actor} at {at}"),
    "recurring_whole_days": ("{days}；全天", "{days}; all day"),
    "recurring": ("{days}；每次 {start} 至 {end}", "{days}; each {start} to {end}"),
    "all": ("每天", "every day"),
    "working": ("工作日（含调休上班）", "working days, make-up days included"),
    "non_working": ("非工作日", "days off"),
    "weekdays": ("星期 {numbers}", "days {numbers} of the week"),
    "month_days": ("每月第 {numbers} 日", "days {numbers} of the month"),
    "working_days": ("每月第 {numbers} 个工作日", "working days {numbers} of the month"),
    "windows": ("接下来的窗口（{zone}）：", "Next windows ({zone}):"),
    "no_windows": ("不再有窗口。", "There are no more windows."),
    "cases": ("现在匹配 {count} 个未结事项：", "Matches {count} open cases now:"),
    "no_cases": ("现在不匹配任何未结事项。", "Matches no open case now."),
}


def silence_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
