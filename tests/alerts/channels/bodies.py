"""Messages as ``alerts.messages`` renders them, and whom they are for."""

from datetime import UTC, datetime
from typing import Any

from alerts.channels.base import Delivery
from alerts.people.recipients import Recipient
from quotawatt.rulebook.basics import Text

SENT_AT = datetime(2023, 6, 1, tzinfo=UTC)
OFFICER = Recipient(
    key="account:officer",
    name=Text("能源管理员", "Energy officer"),
    duty="owner",
    account="officer",
    email="officer@example.org",
    mobile="13800000000",
    chat="user-1",
)


def body(**changed: Any) -> dict[str, Any]:
    """A message about one case."""
    return {
        "version": 2,
        "key": "k-1",
        "language": "zh",
        "kind": "single",
        "title": "［告警］主楼用电超定额",
        "text": "对象：主楼\n用量：104 kgce",
        "html": "<p>对象：主楼</p>",
        "markdown": "**对象**：主楼\n\n用量：104 kgce",
        "short": "主楼用电超定额，请处理。",
        "link": "https://quotawatt.example.org/cases/7",
        "cases": [{"number": 7}],
        **changed,
    }


def delivery(recipient: Recipient | None = OFFICER, **changed: Any) -> Delivery:
    """That message on its way."""
    return Delivery("k-1", body(**changed), SENT_AT, recipient)
