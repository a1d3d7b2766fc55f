"""A snapshot of the small form, and what others send of it."""

from datetime import UTC, datetime
from typing import Any

from quotawatt.issued import Issued

NOW = datetime(2024, 4, 20, tzinfo=UTC)


def figure(value: float | str | None, unit: str = "kWh", decimals: int = 0) -> dict[str, Any]:
    return {
        "value": value, "decimals": decimals, "unit": unit, "quality": "measured", "coverage": 1.0,
    }  # fmt: skip


def snapshot(number: int = 1, **others: Any) -> Issued:
    """A return of ORG-1 for the first quarter of 2024."""
    content = {
        "form": {"id": "small", "version": "1", "code": ""},
        "organisation": {
            "code": "ORG-1", "name_zh": "局", "name_en": "Bureau", "kind": "school", "level": "city",
        },
        "period": "2024-Q1",
        "sender": "",
        "figures": {"use.power": figure(300.0), "base.name": figure("局")},
        "by_hand": {},
    }  # fmt: skip
    values: dict[str, Any] = {
        "id": number,
        "number": f"small-2024-Q1-ORG-1-{number}",
        "kind": "small",
        "subject": "ORG-1",
        "period": "2024-Q1",
        "edition": number,
        "content": content,
        "sha256": f"{number:064x}",
        "note": "",
        "issued_by": "li",
        "issued_at": NOW,
        "corrects": "",
        **others,
    }
    return Issued(**values)
