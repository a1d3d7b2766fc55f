"""What a payload holds, by its format: the values in which the paths of a profile look."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from collectors.csvtext import read_csv
from collectors.lineprotocol import read_lines
from collectors.paths import look_up
from collectors.specs import FrameSpec, MessageSpec
from collectors.values import shown
from quotawatt.errors import DecodeError

FrameDecoders = Mapping[str, Callable[[bytes], dict[str, Any]]]

_parse = msgspec.json.Decoder().decode
_HEX = re.compile(r"\s*([0-9a-fA-F]{2}\s*)*", re.ASCII)


def read_json(payload: bytes) -> object:
    """The value. Raises DecodeError (``not_json``)."""
    try:
        return _parse(payload)
    except (ValueError, RecursionError) as error:
        message = f"a payload must be JSON ({error}), got {shown(payload[:60])}"
        raise DecodeError("not_json", message) from None


def read_text(payload: bytes) -> str:
    """The text without the spaces around it. Raises DecodeError (``not_text``)."""
    try:
        return payload.decode().removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        message = f"a payload must be UTF-8 text, got {shown(payload[:60])}"
        raise DecodeError("not_text", message) from None


def read_content(spec: MessageSpec, payload: bytes) -> object:
    """The content of a payload, before any frame in it. Raises DecodeError where it is not of its format."""
    match spec.format:
        case "json" | "native":
            return read_json(payload)
        case "plain":
            return read_text(payload)
        case "csv":
            csv = spec.csv
            text = read_text(payload)
            return (
                read_csv(text, csv.separator, csv.columns, csv.decimal) if csv else read_csv(text)
            )
        case "line_protocol":
            return read_lines(read_text(payload))
        case _:
            return {}


def with_frame(spec: FrameSpec, content: object, payload: bytes, decoders: FrameDecoders) -> object:
    """The content with what the frame in it says, as ``frame.<decoder>``.

    Content that has nothing where the frame should be stays as it is. Raises DecodeError where no decoder
    takes the frame.
    """
    if isinstance(content, dict) and spec.path:
        data = look_up(content, spec.path)
    else:
        data = payload if not spec.path else None
    if data is None or data == "":
        return content
    frame = _bytes(spec.encoding, data)
    refused: dict[str, DecodeError] = {}
    for name in spec.decoders:
        try:
            found = {"frame": {name: decoders[name](frame)}}
        except DecodeError as error:
            refused[name] = error
            continue
        return {**content, **found} if isinstance(content, dict) else found
    raise _refusal(refused)


def _refusal(refused: Mapping[str, DecodeError]) -> DecodeError:
    """Why no decoder takes a frame: that of the one whose frame it is, else what each says."""
    for error in refused.values():
        if error.reason == "unsupported_frame" or len(refused) == 1:
            return error
    said = "; ".join(f"{name}: {error}" for name, error in refused.items())
    return DecodeError("bad_frame", f"a frame must be one of {', '.join(refused)} ({said})")


def _bytes(encoding: str, data: object) -> bytes:
    """The bytes of a frame. Raises DecodeError (``bad_frame``)."""
    if isinstance(data, bytes) and encoding == "raw":
        return data
    try:
        text = data.decode("ascii") if isinstance(data, bytes) else data
        if not isinstance(text, str):
            raise ValueError
        if encoding == "hex" or (encoding == "text" and _HEX.fullmatch(text)):
            return bytes.fromhex(text)
        if encoding in ("base64", "text"):
            return base64.b64decode(text.strip(), validate=True)
        return text.encode()
    except (ValueError, binascii.Error):
        if isinstance(data, bytes) and encoding == "text":
            return data
        raise DecodeError("bad_frame", f"a frame must be {encoding}, got {shown(data)}") from None
