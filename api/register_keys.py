"""By what a record of the register goes in an address, and the tag of its content.

The key of an asset is its code. The key of a record without one is made of what tells it from the others of
its kind (``rows.KEYS``), in that order, joined by commas: ``ORG-1,in_post,2022-01-01``. Instants are written
``20220101T000000Z``; what is neither letter, digit, ``.``, ``_`` nor ``-`` is written ``~`` and two
hexadecimal digits for each byte of its UTF-8.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from quotawatt.errors import NotFoundError
from quotawatt.register.cells import Cell
from quotawatt.register.changes import key_of
from quotawatt.register.model import Register
from quotawatt.register.rows import CODED, KEYS, Record, format_cell

OWNERS: Mapping[str, str] = {
    **dict.fromkeys(CODED, "code"),
    "headcounts": "organisation",
    "bindings": "asset",
    "base_values": "asset",
    "duties": "asset",
    "former_values": "asset",
}
"""The column of each kind that names the asset which a record is of."""

_SAFE = re.compile(r"[A-Za-z0-9._-]*")
_ESCAPED = re.compile(r"(?:[A-Za-z0-9._-]|~[0-9A-F]{2})*")


def address_key(kind: str, record: Record) -> str:
    """The record's key, to be percent-encoded like any other part of an address."""
    values = key_of(kind, record)
    return str(values[0]) if kind in CODED else ",".join(_escape(_key_text(v)) for v in values)


def record_at(register: Register, kind: str, key: str) -> Record:
    """The record that goes by this key. Raises NotFoundError where none does."""
    found = _find(register, kind, key)
    if found is None:
        raise NotFoundError(f"a key must be one of the register's {kind}, got {key!r}")
    return found


def has_record(register: Register, kind: str, key: str) -> bool:
    """Whether a record goes by this key."""
    return _find(register, kind, key) is not None


def owner_of(kind: str, record: Record) -> str:
    """Code of the asset that the record is of; its own for an asset."""
    return str(getattr(record, OWNERS[kind]))


def cells_of(record: Record) -> dict[str, Cell]:
    """The record as plain JSON: what is neither text, number nor truth as text, instants in UTC."""
    return {
        name: value if isinstance(value, str | int | float | bool | None) else format_cell(value)
        for name, value in ((c, getattr(record, c)) for c in record.__dataclass_fields__)
    }


def etag_of(content: object) -> str:
    """The entity tag of plain JSON: equal content has the same one."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def record_etag(record: Record) -> str:
    """The entity tag of a record."""
    return etag_of(cells_of(record))


def matches(header: str, etag: str) -> bool:
    """Whether an ``If-Match`` or ``If-None-Match`` header names the tag, or any (``*``).

    Weak tags (``W/``) are taken for the strong ones: what lies between may have compressed the answer.
    """
    given = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in given or etag in given


def _find(register: Register, kind: str, key: str) -> Record | None:
    if kind in CODED:
        found: Record | None = getattr(register, kind).get(key)
        return found
    return next((r for r in _candidates(register, kind, key) if address_key(kind, r) == key), None)


def _candidates(register: Register, kind: str, key: str) -> Iterable[Record]:
    """The few records among which the key may be: those of the asset that it names."""
    position = KEYS[kind].index(OWNERS[kind])
    parts = key.split(",")
    if len(parts) != len(KEYS[kind]) or not all(_ESCAPED.fullmatch(part) for part in parts):
        return ()
    owner = _unescape(parts[position])
    if kind == "bindings":
        return register.bindings_of(owner)
    return (r for r in getattr(register, kind) if owner_of(kind, r) == owner)


def _key_text(value: Any) -> str:
    if isinstance(value, datetime):
        at = value.astimezone(UTC)
        return at.strftime("%Y%m%dT%H%M%S" + (".%f" if at.microsecond else "")) + "Z"
    return format_cell(value)


def _escape(text: str) -> str:
    if _SAFE.fullmatch(text):
        return text
    return "".join(
        sign if _SAFE.fullmatch(sign) else "".join(f"~{byte:02X}" for byte in sign.encode())
        for sign in text
    )


def _unescape(text: str) -> str:
    def bytes_of(match: "re.Match[str]") -> str:
        return bytes.fromhex(match[0].replace("~", "")).decode("utf-8", "replace")

    return re.sub(r"(?:~[0-9A-F]{2})+", bytes_of, text)
