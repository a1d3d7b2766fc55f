"""What the command line says of message templates, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "right": ("模板正确，{count} 项测试通过。", "The templates are right; {count} tests passed."),
    "own": ("自定义", "own"),
    "shipped": ("自带", "shipped"),
    "fields": ("可用字段：{fields}", "Fields: {fields}"),
}


def message_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
