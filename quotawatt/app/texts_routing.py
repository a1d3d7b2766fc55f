"""What the command line says of whom a case is told to, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "about": (
        "{asset}，规则 {rule}，级别 {severity}：",
        "{asset}, rule {rule}, severity {severity}:",
    ),
    "routes": ("路由：", "Routes:"),
    "fits": ("采用", "counts"),
    "rules": ("规则不符", "not for this rule"),
    "severities": ("级别不符", "not for this severity"),
    "organisations": ("单位不符", "not for this organisation"),
    "kinds": ("资产类别不符", "not for this kind of asset"),
    "not_reached": ("未到达", "behind the last that counts"),
    "at_first": ("立案时：", "When the case is opened:"),
    "later": ("{wait} 无人确认时：", "Not acknowledged after {wait}:"),
    "no_person": (
        "立案时没有能通知到的人，仅通知渠道。",
        "No person can be reached when it is opened: channels alone are told.",
    ),
    "channel": ("{channel}（路由 {route}）", "{channel} (route {route})"),
    "owner": ("责任人", "owner"),
    "deputy": ("副责任人", "deputy"),
    "supervisor": ("主管", "supervisor"),
    "manager": ("管理者", "manager"),
    "by": ("{who}，经 {channel}（路由 {route}）", "{who} by {channel} (route {route})"),
    "passed_over": ("未能通知：", "Passed over:"),
    "left": ("已离任", "has left"),
    "blocked": ("账号已停用", "account is blocked"),
    "unknown_account": ("账号不存在", "account does not exist"),
    "no_address": ("没有可用的联系方式", "has no address that a channel could use"),
    "nobody_named": ("台账中没有{duty}", "the register names no {duty}"),
    "days": ("{number} 天", "{number} d"),
    "hours": ("{number} 小时", "{number} h"),
    "minutes": ("{number} 分钟", "{number} min"),
}


def routing_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
