"""How decoders refuse: one rule, then the offending value."""

from quotawatt.errors import DecodeError

_SHOWN_BYTES = 40
_SHOWN_CHARACTERS = 80


def bad(rule: str, got: object) -> DecodeError:
    """The bytes break a rule of their protocol."""
    return DecodeError("bad_frame", f"{rule}, got {shown(got)}")


def unsupported(rule: str, got: object) -> DecodeError:
    """The bytes are well formed and say something that no decoder reads."""
    return DecodeError("unsupported_frame", f"{rule}, got {shown(got)}")


def shown(value: object) -> str:
    """A value for a message: bytes as hex, cut after 40 bytes; anything else cut after 80 characters."""
    if not isinstance(value, (bytes, bytearray)):
        text = str(value)
        return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."
    cut = "..." if len(value) > _SHOWN_BYTES else ""
    return (value[:_SHOWN_BYTES].hex().upper() or "no bytes") + cut
