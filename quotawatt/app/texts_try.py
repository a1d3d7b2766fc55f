"""What ``alerts try`` says, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "title": (
        "{rule} {name}：{first} 至 {until}（{zone}），只推演，不改变任何数据",
        "{rule} {name}, {first} to {until} ({zone}): tried only, nothing was changed",
    ),
    "compared": ("各限值的结果", "By threshold"),
    "threshold": ("限值", "Threshold"),
    "clear": ("解除", "Clears at"),
    "subjects": ("对象数", "Subjects"),
    "alerts": ("告警次数", "Alerts"),
    "cases": ("事项数", "Cases"),
    "firing_days": ("告警天数", "Days firing"),
    "most_at_once": ("同时最多", "Most at once"),
    "spells": ("限值 {threshold}：", "Threshold {threshold}:"),
    "began": ("开始", "Begins"),
    "ended": ("结束", "Ends"),
    "subject": ("对象", "Subject"),
    "peak": ("峰值", "Peak"),
    "severity": ("严重程度", "Severity"),
    "still": ("未解除", "still firing"),
    "flapping": ("（频繁波动）", " (flapping)"),
    "none": ("该时段没有告警", "no alert in that time"),
    "cut": ("只列出前 {count} 次。", "Only the first {count} are listed."),
    "info": ("提示", "info"),
    "warning": ("警告", "warning"),
    "critical": ("严重", "critical"),
}


def try_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
