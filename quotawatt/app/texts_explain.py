"""The words of explained hours and closed books on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "hour_title": (
        "{subject} {measure}，{start} 起一小时（{zone}）：{value} {unit}，{quality}，覆盖率 {coverage}",
        "{subject} {measure}, the hour from {start} ({zone}): {value} {unit}, {quality}, coverage {coverage}",
    ),
    "hour_nothing": ("该小时没有可用的读数。", "There is nothing that this hour could rest on."),
    "hour_sum": (
        "合计 {total} {unit}；存储的结果 {stored} {unit}。",
        "Sum {total} {unit}; stored {stored} {unit}.",
    ),
    "hour_differs": (
        "与存储的结果不一致：读数在计算之后有更正，等待分析即可。",
        "The stored result differs: readings came after it was computed; the analysis will follow.",
    ),
    "left_out": (
        "未采用：设备 {device} 在 {time} 的读数 {shown}，前后都不符。",
        "Left out: {shown} of device {device} at {time} fits neither neighbour.",
    ),
    "books_title": (
        "{subject} {measure} 账目核对，{start} 至 {end}（{zone}）",
        "Books of {subject} {measure}, {start} to {end} ({zone})",
    ),
    "books_total": ("表计合计 {total} {unit}", "By the meters: {total} {unit}"),
    "books_parts": ("各组成合计 {total} {unit}", "By the parts: {total} {unit}"),
    "books_hours": ("{hours} 个小时合计 {total} {unit}", "Sum of {hours} hours: {total} {unit}"),
    "books_difference": ("差额 {difference} {unit}", "Difference: {difference} {unit}"),
    "books_nothing": ("该时段没有可核对的内容。", "There is nothing to add up in this time."),
    "event": (
        "{time} {rule}：{before} → {after}，调整 {adjustment} {unit}",
        "{time} {rule}: {before} -> {after}, adjusts by {adjustment} {unit}",
    ),
    "between": ("{shown}（推算）", "{shown} (between)"),
    "no_device": ("账单或采购", "bill or purchase"),
    "out_of_reach": ("（无权查看）", "(out of reach)"),
    "source": ("来源", "Source"),
    "from": ("起", "From"),
    "to": ("止", "To"),
    "before": ("起码", "Before"),
    "after": ("止码", "After"),
    "multiplier": ("倍率", "Multiplier"),
    "rule": ("规则", "Rule"),
    "amount": ("增量", "Increment"),
    "share": ("本时占比", "In the hour"),
    "use": ("计入用量", "Use"),
    "quality": ("性质", "Quality"),
    "coverage": ("覆盖率", "Coverage"),
    "part": ("组成", "Part"),
    "weight": ("系数", "Times"),
    "value": ("用量", "Value"),
    "hours": ("小时数", "Hours"),
    "opening": ("起始表码", "Opening"),
    "opening_at": ("起始时刻", "Opened at"),
    "closing": ("终止表码", "Closing"),
    "closing_at": ("终止时刻", "Closed at"),
    "passed": ("用量", "Passed"),
    "quality_measured": ("实测", "measured"),
    "quality_estimated": ("估算", "estimated"),
    "quality_missing": ("缺失", "missing"),
    "rule_difference": ("止码减起码", "difference"),
    "rule_interpolated": ("跨整点，按时间分摊", "over the hour's edge, by time"),
    "rule_outage": ("中断期间，均匀分摊", "over an outage, spread evenly"),
    "rule_rollover": ("满码翻转", "rollover"),
    "rule_reset": ("回零，按回零后的读数", "reset, the value since"),
    "rule_above_rating": ("超额定，已由下一读数证实", "above the rating, confirmed"),
    "rule_provisional": ("待下一读数证实", "waits for the next reading"),
    "rule_power": ("按功率积分", "integrated power"),
    "rule_amount": ("账单或采购，均匀分摊", "bill or purchase, spread evenly"),
    "rule_session": (
        "充电过程推算，均匀分摊",
        "charging session as the vehicle told it, spread evenly",
    ),
}


def explain_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
