"""What the command line says of channels, the outbox and the inbox, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "sound": ("通道文件无误，共 {count} 个通道：", "The channels file is sound, {count} channels:"),
    "group": ("群组或系统", "nobody's own"),
    "account": ("个人，按账号", "personal, by account"),
    "chat": ("个人，按即时通信用户号", "personal, by user id of the chat"),
    "email": ("个人，按电子邮箱", "personal, by e-mail"),
    "mobile": ("个人，按手机号", "personal, by mobile number"),
    "not_set_up": ("未设置，有消息在等", "not set up, messages wait for it"),
    "works": ("正常", "works"),
    "fails": (
        "自 {since} 起失败，{next} 再试：{error}",
        "fails since {since}, tried again {next}: {error}",
    ),
    "counts": (
        "待发 {waiting}，延迟 {delayed}，放弃 {given_up}",
        "{waiting} waiting, {delayed} delayed, {given_up} given up",
    ),
    "tried": ("{name}：测试消息已送达。", "{name}: the test message was delivered."),
    "not_tried": ("{name}：未送达。{error}", "{name}: not delivered. {error}"),
    "no_messages": ("没有这样的消息。", "There is no such message."),
    "messages": ("共 {count} 条（{zone}）", "{count} messages ({zone})"),
    "waiting": ("待发", "waiting"),
    "delayed": ("延迟", "delayed"),
    "delivered": ("已送达", "delivered"),
    "given_up": ("已放弃", "given up"),
    "cases": ("事项 {numbers}", "cases {numbers}"),
    "tries": ("已尝试 {tries} 次：{error}", "{tries} tries: {error}"),
    "key": ("键 {stable}", "key {stable}"),
    "next_try": ("下次尝试 {at}", "tried again {at}"),
    "retried": ("重新发送 {count} 条。", "{count} messages are sent again."),
    "inbox_empty": ("收件箱里没有这样的消息。", "The inbox has no such message."),
    "inbox": (
        "共 {count} 条，未读 {unread}（{zone}）",
        "{count} messages, {unread} unread ({zone})",
    ),
    "unread": ("未读", "unread"),
    "marked": ("{count} 条标为已读。", "{count} marked as read."),
}


def channel_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
