"""What the command line says of commands to devices, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "offers": ("事项 {case} 可下发的指令", "Commands that case {case} offers"),
    "no_offers": (
        "事项 {case} 目前没有可下发的指令：须启用 QUOTAWATT_COMMANDS_ENABLED，规则提供，且设备在线并支持。",
        "Case {case} offers no command now. QUOTAWATT_COMMANDS_ENABLED has to be true, its rule to offer "
        "one, and a device of its asset to be heard and to know it.",
    ),
    "commands": ("共 {count} 条指令（{zone}）", "{count} commands ({zone})"),
    "no_commands": ("没有指令。", "There are no commands."),
    "device": ("设备", "device"),
    "what": ("指令", "command"),
    "asset": ("资产", "asset"),
    "value": ("设定值", "value"),
    "range": ("范围", "range"),
    "present": ("现值", "now"),
    "number": ("编号", "number"),
    "case": ("事项", "case"),
    "state": ("状态", "state"),
    "asked": ("提出", "asked for"),
    "confirmed_by": ("确认人", "confirmed by"),
    "error": ("说明", "why"),
    "state_asked": ("待确认", "asked for"),
    "state_confirmed": ("已确认", "confirmed"),
    "state_sent": ("已下发", "sent"),
    "state_answered": ("已执行", "answered"),
    "state_refused": ("已驳回", "refused"),
    "state_withdrawn": ("已撤销", "withdrawn"),
    "state_expired": ("已过期", "expired"),
    "state_failed": ("下发失败", "failed"),
    "state_timed_out": ("超时无回执", "timed out"),
    "done": ("指令 {number}：{state}。", "Command {number}: {state}."),
    "next_asked": (
        "须由另一人确认：quotawatt commands confirm {number}",
        "Somebody else confirms it: quotawatt commands confirm {number}",
    ),
}


def command_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
