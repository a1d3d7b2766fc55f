"""SenML (RFC 8428) in JSON: lists of records that inherit from the records before them.

The base name, time, unit and value (``bn``, ``bt``, ``bu``, ``bv``) hold for their own record and all after
it (4.5.4 of the RFC).
"""

from typing import Any

import msgspec

from collectors.frames.errors import bad, unsupported

RECORDS_LIMIT = 10_000

_TEXTS = ("bn", "bu", "n", "u")
_NUMBERS = ("bt", "bv", "t", "v")
# RFC 8428, 4.5.3: smaller times are relative to that of arrival.
_ABSOLUTE_FROM = 2**28
_VERSION = 10
# Beyond this a sum may be infinite.
_LARGEST = 1e300


def decode_senml(data: bytes) -> dict[str, Any]:
    """``{"records": [{"name", "unit"?, "time"?, "value"}, ...]}``, each record resolved.

    ``unit`` is that of a number. ``time`` is in epoch seconds; it is left out where the record states none
    or one relative to now. ``value`` is a number, text or truth value; records without one (sums, data) are
    left out. Raises DecodeError for what is no SenML, and with the reason ``unsupported_frame`` for a later
    version of it.
    """
    try:
        records = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        records = None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise bad("SenML must be a list of objects", data)
    if len(records) > RECORDS_LIMIT:
        raise bad(f"SenML must have at most {RECORDS_LIMIT} records", len(records))
    base: dict[str, Any] = {}
    resolved = []
    for record in records:
        _check(record)
        base |= {key: record[key] for key in ("bn", "bt", "bu", "bv") if key in record}
        value = _value(record, base)
        if value is not None:
            resolved.append(_resolved(record, base, value))
    return {"records": resolved}


def _check(record: dict[str, Any]) -> None:
    for key in _TEXTS:
        if not isinstance(record.get(key, ""), str):
            raise bad(f"{key} of a SenML record must be a text", record[key])
    for key in _NUMBERS:
        if not _is_number(record.get(key, 0)):
            raise bad(f"{key} of a SenML record must be a number", record[key])
    if record.get("bver", _VERSION) not in range(1, _VERSION + 1):
        raise unsupported(f"SenML must be of version {_VERSION} at most", record["bver"])


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LARGEST


def _value(record: dict[str, Any], base: dict[str, Any]) -> float | str | bool | None:
    """The number with the base value, or the text, or the truth value."""
    if "v" in record or ("bv" in base and not {"vs", "vb", "vd", "s"} & record.keys()):
        return float(base.get("bv", 0)) + float(record.get("v", 0))
    found = record.get("vs", record.get("vb"))
    return found if isinstance(found, (str, bool)) else None


def _resolved(record: dict[str, Any], base: dict[str, Any], value: object) -> dict[str, Any]:
    result: dict[str, Any] = {"name": base.get("bn", "") + record.get("n", ""), "value": value}
    unit = record.get("u", base.get("bu"))
    if unit and isinstance(value, float):
        result["unit"] = unit
    time = base.get("bt", 0) + record.get("t", 0)
    if time >= _ABSOLUTE_FROM:
        result["time"] = time
    return result
