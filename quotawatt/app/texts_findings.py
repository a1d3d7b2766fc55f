"""What the command line says of findings, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "checked": (
        "账实核对完成：新增 {opened} 条，仍存在 {standing} 条，已消除 {cleared} 条，已接受 {accepted} 条。",
        "Checked: {opened} new, {standing} still standing, {cleared} cleared, {accepted} accepted.",
    ),
    "none": ("没有需要处理的问题。", "There is nothing to act on."),
    "listed": ("共 {count} 条（{zone}）", "{count} findings ({zone})"),
    "scope_check": (
        "以上只计账实核对发现的问题；全部问题见 quotawatt findings list。",
        "Counted here: books against reality only; for findings of all sources: quotawatt findings list.",
    ),
    "scope_all": (
        "以上计入所有来源的问题，不只是账实核对。",
        "Counted here: findings of all sources, not only of books against reality.",
    ),
    "nobody": ("尚未归属单位", "Nobody answers for these yet"),
    "group": ("{name} {code}：{count} 条", "{name} {code}: {count}"),
    "critical": ("立即", "today"),
    "warning": ("本周", "this week"),
    "info": ("知悉", "to know"),
    "since": ("首次发现 {since}", "first seen {since}"),
    "accepted": (
        "已由 {actor} 于 {at} 接受：{reason}",
        "Accepted by {actor} on {at}: {reason}",
    ),
    "cleared": ("已于 {at} 消除", "Cleared on {at}"),
    "reopened": ("第 {number} 条已重新打开。", "Finding {number} is open again."),
    "taken": ("第 {number} 条已接受。", "Finding {number} is accepted."),
    "how": (
        "接受一条：quotawatt findings accept 编号 --reason 理由",
        "To accept one: quotawatt findings accept NUMBER --reason WHY",
    ),
}


def finding_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
