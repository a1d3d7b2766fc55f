"""Sparkplug B: payloads of Eclipse Sparkplug 3.0, chapter 6.4 (Protocol Buffers, proto2)."""

from typing import Any

from google.protobuf.message import DecodeError as ProtobufError

from collectors.frames.errors import bad
from collectors.frames.sparkplug_schema import PAYLOAD

_SIGNED_BITS = {1: 8, 2: 16, 3: 32, 4: 64}
_UNSIGNED_BITS = {5: 8, 6: 16, 7: 32, 8: 64}
_INTEGERS = frozenset({"int_value", "long_value"})
_PLAIN = frozenset({"float_value", "double_value", "boolean_value", "string_value"})
_UNTYPED_MOST = {"int_value": 2**31, "long_value": 2**63}


def decode_sparkplug_b(data: bytes) -> dict[str, Any]:
    """A payload: ``timestamp`` (ms since 1970, UTC), ``seq`` and ``metrics``, each where given.

    A metric has ``name`` or ``alias`` (both in a birth), ``value`` (number, text, true or false; None where
    it is null or missing), and where given ``timestamp``, ``is_historical`` and ``properties`` (plain ones
    by key: ``engUnit`` and so on). Integers are signed by their datatype. Where a metric comes without one
    (allowed after its birth) and its highest bit is set, it may be a negative or a large number: its
    value is None. Metrics of datasets, templates, files and arrays are left out.

    Raises DecodeError where the bytes are no payload, or one that states neither time, number nor metric.
    """
    payload: Any = PAYLOAD()
    try:
        payload.ParseFromString(data)
        result = _given(payload, ("timestamp", "seq"))
        metrics = [_metric(metric) for metric in payload.metrics if _is_plain(metric)]
    except ProtobufError as error:
        raise bad(f"a payload must be Sparkplug B ({_first_line(error)})", data) from None
    if not result and not payload.metrics:
        raise bad("a Sparkplug B payload must have a timestamp, a seq or metrics", data)
    return result | {"metrics": metrics}


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:80]


def _given(message: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(message, name) for name in names if message.HasField(name)}


def _is_plain(metric: Any) -> bool:
    kind = metric.WhichOneof("value")
    return kind is None or kind in _INTEGERS or kind in _PLAIN


def _metric(metric: Any) -> dict[str, Any]:
    result = _given(metric, ("name", "alias", "timestamp", "is_historical"))
    if "name" in result:
        _text(result["name"])
    kind = metric.WhichOneof("value")
    result["value"] = None
    if kind is not None and not metric.is_null:
        result["value"] = _value(kind, getattr(metric, kind), metric.datatype)
    if metric.HasField("properties"):
        result["properties"] = _properties(metric.properties)
    return result


def _value(kind: str, value: Any, datatype: int) -> Any:
    if kind not in _INTEGERS:
        return _text(value) if kind == "string_value" else value
    if datatype in _SIGNED_BITS:
        half = 1 << (_SIGNED_BITS[datatype] - 1)
        return ((value + half) & (2 * half - 1)) - half
    if datatype in _UNSIGNED_BITS:
        return value & ((1 << _UNSIGNED_BITS[datatype]) - 1)
    # Without a type the sign is unknown, and a wrong sign is a wrong reading.
    return value if datatype or value < _UNTYPED_MOST[kind] else None


def _text(value: str | bytes) -> str:
    """A text. The library hands out bytes where they are no UTF-8."""
    if isinstance(value, bytes):
        raise bad("a text of Sparkplug B must be UTF-8", value)
    return value


def _properties(properties: Any) -> dict[str, Any]:
    result = {}
    for key, entry in zip(properties.keys, properties.values, strict=False):
        kind = entry.WhichOneof("value")
        if kind in _INTEGERS or kind in _PLAIN:
            plain = _value(kind, getattr(entry, kind), entry.type)
            result[_text(key)] = None if entry.is_null else plain
    return result
