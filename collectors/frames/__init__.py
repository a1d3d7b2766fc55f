"""Binary frames that devices and gateways put into MQTT messages: from bytes to plain dicts.

``FRAME_DECODERS`` lists the decoders by the name that a profile uses (``frame.decoders``). Each is pure:
bytes in; dicts, lists, numbers, text, truth values and None out. The only exception is DecodeError, with
the reason ``bad_frame`` (the bytes break their protocol) or ``unsupported_frame`` (they are sound, but not
read). Scales are undone where the protocol fixes them; the two vehicle protocols keep raw integers, as the
gateways that speak JSON do.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from collectors.frames.cjt188 import decode_cjt188
from collectors.frames.dlt645 import decode_dlt645
from collectors.frames.embedded import decode_json
from collectors.frames.gbt32960 import decode_gbt32960
from collectors.frames.jt808 import decode_jt808
from collectors.frames.milesight import decode_milesight
from collectors.frames.modbus import decode_modbus_rtu
from collectors.frames.senml import decode_senml
from collectors.frames.sparkplug import decode_sparkplug_b

FRAME_DECODERS: Mapping[str, Callable[[bytes], dict[str, Any]]] = MappingProxyType(
    {
        "cjt188": decode_cjt188,
        "dlt645": decode_dlt645,
        "gbt32960": decode_gbt32960,
        "json": decode_json,
        "jt808": decode_jt808,
        "milesight": decode_milesight,
        "modbus_rtu": decode_modbus_rtu,
        "senml": decode_senml,
        "sparkplug_b": decode_sparkplug_b,
    }
)

__all__ = ["FRAME_DECODERS"]
