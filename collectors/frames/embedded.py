"""JSON inside of JSON: some gateways put an object into a text."""

from typing import Any

import msgspec

from collectors.frames.errors import bad


def decode_json(data: bytes) -> dict[str, Any]:
    """The object that the bytes are. Raises DecodeError where they are not a JSON object."""
    try:
        found = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise bad("a text must be a JSON object", data)
    return found
