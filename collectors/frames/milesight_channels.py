"""The channels of Milesight sensors: what follows a pair of channel number and channel type."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Channel(NamedTuple):
    """A value: name ("": not wanted), bytes, divisor, kind, unit where models differ, words of a state.

    ``kind``: "unsigned", "signed", "float" (four bytes) or "switches" (a byte whose bits say which have
    changed, one whose bits say which are on). ``codes`` (as unsigned) stand for no value.
    """

    name: str
    length: int
    divisor: int = 1
    kind: str = "unsigned"
    unit: str = ""
    words: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()


_STATE = Channel("", 1)
_WATER = (
    Channel("water_conv", 2, 10),
    Channel("pulse_conv", 2, 10),
    Channel("water", 4, kind="float"),
)
_SWITCH = ("off", "on")
# Clamps and sockets: FFFD is "out of range", FFFF "not read" (elsewhere they are -0.3 and -0.1 degrees).
_PROBE = Channel("temperature", 2, 10, kind="signed", codes=(0xFFFD, 0xFFFF))

_SOCKETS = {
    "0374": (Channel("voltage", 2, 10),),
    "0480": (Channel("active_power", 4),),
    "0581": (Channel("power_factor", 1),),
    "0683": (Channel("power_consumption", 4),),
    "07C9": (Channel("current", 2, unit="mA"),),
    "0870": (Channel("socket_status", 1, words=_SWITCH),),
    "0831": (Channel("switch", 2, kind="switches"),),
    "0829": (_STATE,),
    # Too high a current, a fault, and what could not be measured.
    "87C9": (Channel("current", 2, unit="mA"), _STATE),
    "8829": (_STATE,),
    "B374": (_STATE,),
    "B480": (_STATE,),
    "B581": (_STATE,),
    "B683": (_STATE,),
    "B7C9": (_STATE,),
    "9967": (Channel("temperature", 2, 10, kind="signed"), Channel("", 3)),
}
_CLAMPS = {
    "0397": (Channel("total_current", 4, 100),),
    "0498": (Channel("current", 2, 100, unit="A"),),
    "8498": (
        Channel("current_max", 2, 100),
        Channel("current_min", 2, 100),
        Channel("current", 2, 100, unit="A"),
        _STATE,
    ),
    "0499": (Channel("current_chn1", 2, 10),),
    "0597": (Channel("current_chn2_total", 4, 100),),
    "0699": (Channel("current_chn2", 2, 10),),
    "0797": (Channel("current_chn3_total", 4, 100),),
    "0899": (Channel("current_chn3", 2, 10),),
} | {
    f"{pair}99": (
        Channel(f"current_chn{number}_max", 2, 10),
        Channel(f"current_chn{number}_min", 2, 10),
        Channel(f"current_chn{number}", 2, 10),
        _STATE,
    )
    for number, pair in ((1, "84"), (2, "86"), (3, "88"))
}
_CLIMATE = {
    "0175": (Channel("battery", 1),),
    "0367": (Channel("temperature", 2, 10, kind="signed"),),
    "0967": (_PROBE,),
    "8367": (Channel("temperature", 2, 10, kind="signed"), _STATE),
    "8967": (_PROBE, _STATE),
    "83D7": (Channel("temperature", 2, 10, kind="signed"), Channel("", 3)),
    "0468": (Channel("humidity", 1, 2),),
    "04CA": (Channel("moisture", 2, 100),),
    "057F": (Channel("ec", 2),),
    "057D": (Channel("co2", 2),),
    "077D": (Channel("co2", 2),),
    "0673": (Channel("pressure", 2, 10),),
    "0973": (Channel("pressure", 2, 10),),
    "0394": (Channel("illumination", 4),),
    "0665": (Channel("illumination", 2), Channel("", 4)),
    "06CB": (Channel("light_level", 1),),
    "056A": (Channel("activity", 2),),
    "0500": (_STATE,),
    "8500": (Channel("", 2),),
    "0E01": (_STATE,),
    # Air quality: the scale of volatile compounds differs by model, and none of these has a quantity here.
    "087D": (Channel("", 2),),
    "08E6": (Channel("", 2),),
    "0A7D": (Channel("hcho", 2, 100),),
    "0B7D": (Channel("pm2_5", 2),),
    "0C7D": (Channel("pm10", 2),),
    "0D7D": (Channel("o3", 2, 100),),
}
_LEVELS = {
    "0377": (Channel("depth", 2),),
    "037B": (Channel("pressure", 2),),
    "0382": (Channel("distance", 2),),
}
_INPUTS = {
    "0300": (_STATE,),
    "0400": (_STATE,),
    "0600": (_STATE,),
    "0301": (_STATE,),
    "0401": (_STATE,),
    "0501": (_STATE,),
    "0701": (_STATE,),
    "0801": (_STATE,),
    "03C8": (Channel("counter_1", 4),),
    "04C8": (Channel("counter_2", 4),),
    "05C8": (Channel("pulse", 4),),
    "06C8": (Channel("counter_4", 4),),
    # A pulse counter for water: how much a pulse is, and the total in the unit that its owner chose.
    "05E1": _WATER,
    "06E1": _WATER,
    "85E1": (*_WATER, _STATE),
    "86E1": (*_WATER, _STATE),
    "097B": (Channel("pressure", 2),),
    "0A67": (Channel("pt100_2", 2, 10, kind="signed"),),
    "0B02": (Channel("adc_1", 4, 100, kind="signed"),),
    "0C02": (Channel("adc_2", 4, 100, kind="signed"),),
    "0D02": (Channel("adv_1", 4, 100, kind="signed"),),
    "0E02": (Channel("adv_2", 4, 100, kind="signed"),),
    "0502": (Channel("", 8),),
    "0602": (Channel("", 8),),
    "85E2": (Channel("", 9),),
    "86E2": (Channel("", 9),),
    "08DB": (Channel("", 37),),
} | {f"{pair}E2": (Channel("", 8),) for pair in ("05", "06", "09", "0A", "0B", "0C", "0D", "0E")}

CHANNELS: Mapping[bytes, tuple[Channel, ...]] = MappingProxyType(
    {
        bytes.fromhex(pair): channels
        for pair, channels in (_SOCKETS | _CLAMPS | _CLIMATE | _LEVELS | _INPUTS).items()
    }
)
# Bytes behind channel FF by type: versions, state, serial number, class, reset, error of a Modbus channel,
# the switches of wall panels (how many there are is not said).
ATTRIBUTES: Mapping[int, int] = MappingProxyType(
    {
        0x01: 1,
        0x08: 6,
        0x09: 2,
        0x0A: 2,
        0x0B: 1,
        0x0F: 1,
        0x12: 8,
        0x14: 1,
        0x15: 1,
        0x16: 8,
        0x29: 1,
        0x2E: 1,
        0xFE: 1,
        0xFF: 2,
    }
)
# History, messages kept, and Modbus channels of controllers.
NOT_READ = frozenset(bytes.fromhex(pair) for pair in ("20CE", "21CE", "20CD", "FF19", "FFEE"))
