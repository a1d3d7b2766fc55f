"""The words of one's inbox, Chinese and English side by side."""

from collections.abc import Mapping

INBOX_TEXTS: Mapping[str, tuple[str, str]] = {
    "inbox": ("收件箱", "Inbox"),
    "inbox_unread_count": ("{count} 条未读", "{count} unread"),
    "inbox_lead": (
        "系统发给您的消息；邮件等其他渠道发出的，这里同样保留。",
        "What the system has told you. What went by mail or otherwise stands here, too.",
    ),
    "inbox_all": ("全部", "All"),
    "inbox_unread": ("未读", "Unread"),
    "inbox_none": ("没有消息。", "There are no messages."),
    "inbox_none_unread": ("没有未读消息。", "Nothing is unread."),
    "inbox_case": ("事项 {number}", "Case {number}"),
    "inbox_more_cases": ("另有 {count} 个事项", "{count} more cases"),
    "inbox_read": ("标为已读", "Mark as read"),
    "inbox_read_all": ("全部标为已读", "Mark all as read"),
    "inbox_read_at": ("{date} 已读", "read {date}"),
}
