"""Which column of a vehicle's log is what: headings as trackers, OBD readers and clouds write them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from quotawatt.app.fleet_units import ALL_UNITS, FUEL_RATE, TRACTION_POWER, UNITS, split_unit
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES

TIME, DATE, CLOCK = "time", "date", "clock"
ELAPSED_S, ELAPSED_MS, DAY_NUMBER = "elapsed_s", "elapsed_ms", "day_number"
VEHICLE, QUANTITY, VALUE, NOTHING = "vehicle", "quantity", "value", "-"

ROLES = (TIME, DATE, CLOCK, DAY_NUMBER, ELAPSED_S, ELAPSED_MS, VEHICLE)
"""What a column may be besides a quantity; ``clock`` is the time of day beside a date, ``day_number`` that of
the day, the one of ``--start`` being 1, beside the seconds of a drive."""

# In order: of several columns that are the same, the first of this table is taken.
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        TIME: "time datetime timestamp timestamputc utc utctime utcdatetime datetimeutc devicetime "
        "fixtime gpstime gpstimestamp localtime datetimelocal recordedat createdat ts eventtime "
        "reporttime positiontime dateandtime tst eventdatetime readingtime servertime receivedat zeit "
        "zeitstempel heure datatime collecttime t 时间 定位时间 采集时间 数据时间 数据采集时间 gps时间 "
        "上报时间 日期时间",
        DATE: "date day gpsdate localdate utcdate recorddate datum 日期",
        DAY_NUMBER: "daynum daynumber",
        CLOCK: "timeofday clock uhrzeit 时刻",
        ELAPSED_S: "engineruntime engineruntine enginerunningtime runtime runtimesinceenginestart "
        "enginestartuntilnow elapsed elapsedtime elapseds elapsedseconds seconds secondselapsed "
        "timesinceenginestart sec 运行时间",
        ELAPSED_MS: "timestampms timems elapsedms milliseconds",
        VEHICLE: "vehicle vehicleid vehid vehiclecode asset assetcode deviceid device devicename "
        "imei plate plateno platenumber licenseplate licenceplate vin carid car unitid "
        "车牌 车牌号 车辆 车辆编号 设备",
        "latitude_deg": "latitudedeg latitude lat gpslat gpslatitude poslat positionlat "
        "latitudee7 late7 breitengrad 纬度 定位纬度 gps纬度",
        "longitude_deg": "longitudedeg longitude lon lng long gpslon gpslng gpslongitude poslon "
        "positionlong positionlon longitudee7 lone7 lnge7 lngengrad laengengrad 经度 定位经度 gps经度",
        "altitude_m": "altitudem altitude alt elevation ele height gpsaltitude 海拔 高度",
        "heading_deg": "headingdeg heading bearing course direction azimuth 方向 航向",
        "speed_kmh": "speedkmh vehiclespeed speedobd obdspeed wheelspeed canspeed carspeed speed "
        "velocity vel spd vss groundspeed speedgps gpsspeed speedovergound speedoverground "
        "geschwindigkeit vitesse velocidad 车速 速度 行驶速度 实时车速 车辆速度 gps速度",
        "odometer_km": "odometerkm odometer odo totaldistance mileage totalmileage odometerreading "
        "totalodometer vehicledistance totalkm accumulatedmileage accumulatedmiles summileage mileagetotal "
        "odometervalue kilometerstand io16 里程 总里程 累计里程 里程表 总行驶里程 仪表里程 行驶里程",
        "ignition": "ignition ignitionon engineon enginerunning enginestatus acc accon accstatus "
        "ign keyon motoron io239 点火 发动机状态 acc状态 点火状态",
        "engine_rpm": "enginerpm rpm enginespeed revs 转速 发动机转速",
        "fuel_level_pct": "fuellevelpct fuellevel fuel fueltank fueltanklevel fuelleveltank "
        "fuellevelinput fuelpercent fuelpct fuellevelpercent tanklevel 油位 油量百分比",
        "fuel_level_l": "fuellevell fuelvolume fuelvolumel fuelliters fuellitres tankl 油量 剩余油量",
        "fuel_used_l": "fuelusedl fuelused totalfuelused fuelconsumed totalfuel fuelconsumedtotal "
        "fuelusedtrip fuelusedtotal lifetimefuelused enginetotalfuelused 累计油耗 总油耗 累计耗油量",
        FUEL_RATE: "fuelrate enginefuelrate fuelflow fuelrateleh fuelflowrate fuelflowratehour "
        "fuelflowrateminute calculatedinstantfuelrate 瞬时油耗",
        "battery_soc_pct": "batterysocpct soc stateofcharge batterysoc hvbatterysoc bmssoc socpct "
        "displaysoc batterylevel evbatterylevel evbatterypercentage stateofchargepct "
        "电量 剩余电量 荷电状态 动力电池soc 电池电量",
        "charging": "charging ischarging chargingstate chargestatus 充电 充电状态",
        "plugged": "plugged pluggedin isplugged cableconnected chargerconnected 插枪",
        "charge_power_kw": "chargepowerkw chargepower chargingpower 充电功率",
        "charge_energy_kwh": "chargeenergykwh chargeenergy chargedenergy energycharged 充电量",
        "traction_voltage_v": "tractionvoltagev hvbatteryvoltage batterypackvoltage packvoltage "
        "hvvoltage tractionvoltage totalvoltage sumvoltage 总电压 动力电池电压",
        "traction_current_a": "tractioncurrenta hvbatterycurrent batterypackcurrent packcurrent "
        "hvcurrent tractioncurrent totalcurrent sumcurrent 总电流 动力电池电流",
        TRACTION_POWER: "tractionpower tractionpowerkw hvbatterypower batterypower power",
        "vehicle_supply_voltage_v": "vehiclesupplyvoltagev controlmodulevoltage supplyvoltage "
        "externalpower externalvoltage 供电电压",
    }
)
_KNOWN = {
    word: (what, order)
    for what, words in _WORDS.items()
    for order, word in enumerate(words.split())
}
_PLAIN = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_INNER = re.compile(r"[\w.]+\.(\w+)")
"""A member of an object within a message: ``attributes.totalDistance``."""

_NOT_AN_HOUR = re.compile(r"[(\[（]\s*(?:l/100|mpg|km/l|kpl|kwh/100|g/s)", re.IGNORECASE)
"""Litres by the kilometre, air by the second: nothing of these is a quantity here."""

_IN_MS = re.compile(r"[(\[]ms[)\]]", re.IGNORECASE)
_IN_LITRES = {"fuel_level_pct": "fuel_level_l"}
_LONG = frozenset({QUANTITY, VALUE})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column: its heading, what it is, and the factor to the unit of that; 0: none is said."""

    heading: str
    what: str
    factor: float = 0.0


def is_long(headings: Iterable[str]) -> bool:
    """Whether each row names a quantity and its value."""
    return {heading.strip().lower() for heading in headings} >= _LONG


def meanings_of(headings: Sequence[str], said: Mapping[str, str]) -> dict[str, Meaning]:
    """What each column is, by what it is: one column for each.

    said
        By heading what somebody said of it: a quantity, one of ``ROLES``, either with ``:UNIT``, or ``-``
        for nothing. These go before what headings sound like.

    Raises InputError where such a heading, quantity or unit does not exist.
    """
    found = {m.what: m for m in (_said(headings, *one) for one in said.items()) if m is not None}
    guessed = [
        guess
        for heading in headings
        if heading not in said and (guess := _guess(heading)) is not None
    ]
    for meaning, _ in sorted(guessed, key=lambda one: one[1]):
        found.setdefault(meaning.what, meaning)
    return _with_clock(_as_traccar(headings, found))


def _said(headings: Sequence[str], heading: str, words: str) -> Meaning | None:
    if heading not in headings:
        rule = f"--column must name one of the file's headings, {', '.join(headings)}"
        raise InputError(f"{rule}, got {heading!r}")
    what, _, unit = words.strip().partition(":")
    if what == NOTHING:
        return None
    if what not in QUANTITIES and what not in (*ROLES, FUEL_RATE, TRACTION_POWER):
        others = ", ".join((FUEL_RATE, TRACTION_POWER, *ROLES))
        rule = f"--column must say a quantity of docs/nomenclature.md or one of {others}"
        raise InputError(f"{rule}, got {words!r}")
    if not unit:
        return Meaning(heading, what, _factor(what, split_unit(heading)[1]))
    units = UNITS.get(what, {})
    if unit.lower() not in units:
        rule = f"a unit of {what} must be one of {', '.join(units) or 'none'}"
        raise InputError(f"{rule}, got {unit!r}")
    return Meaning(heading, what, units[unit.lower()])


def _guess(heading: str) -> tuple[Meaning, int] | None:
    """What the heading sounds like, and how far down the list of its words it stands."""
    if _NOT_AN_HOUR.search(heading):
        return None
    base, unit = split_unit(heading)
    word = _PLAIN.sub("", base.lower())
    if _IN_MS.search(heading) and _KNOWN.get(word, ("", 0))[0] in (TIME, ELAPSED_S):
        return Meaning(heading, ELAPSED_MS), 0
    tokens = [token for token in _PLAIN.split(base.lower()) if token]
    if word not in _KNOWN and len(tokens) > 1 and tokens[-1] in ALL_UNITS:
        word, unit = "".join(tokens[:-1]), tokens[-1]
    if word not in _KNOWN and (inner := _INNER.fullmatch(base)):
        word = _PLAIN.sub("", inner[1].lower())
    if word not in _KNOWN:
        return None
    what, order = _KNOWN[word]
    if unit in UNITS["fuel_level_l"]:
        what = _IN_LITRES.get(what, what)
    return Meaning(heading, what, _factor(what, unit)), order


def _factor(what: str, unit: str) -> float:
    return UNITS.get(what, {}).get(unit, 0.0)


def _as_traccar(headings: Sequence[str], found: dict[str, Meaning]) -> dict[str, Meaning]:
    """Traccar keeps speeds in knots and distances in metres, and its positions are known by their times."""
    if not {"fixtime", "servertime"} <= {heading.lower() for heading in headings}:
        return found
    units = {"speed_kmh": UNITS["speed_kmh"]["kn"], "odometer_km": UNITS["odometer_km"]["m"]}
    return {
        what: Meaning(m.heading, what, m.factor or units.get(what, 0.0))
        for what, m in found.items()
    }


def _with_clock(found: dict[str, Meaning]) -> dict[str, Meaning]:
    """Beside a date, what is called time is the time of day."""
    if DATE in found and TIME in found and CLOCK not in found:
        time = found.pop(TIME)
        found[CLOCK] = Meaning(time.heading, CLOCK)
    return found
