"""Who plays in the demo: the models behind the assets of ``demo_register`` and the faults they meet.

Areas, devices, multipliers and register sizes come from the register's own files, so that they cannot
contradict it. Everybody is invented; the real building's readings are real (``data/README.md``).
"""

import csv
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

from simulators.buildings import BuildingModel
from simulators.faults import Fault, FaultKind
from simulators.journeys import VehicleModel
from simulators.outings import Deed, DeedKind
from simulators.timeline import ZONE

DEMO_REGISTER = Path(__file__).parent / "demo_register"

REAL_BUILDING = "BLD-CIVIC"
REAL_SITE = "SITE-CIVIC"

MODELS: Mapping[str, BuildingModel] = {
    "BLD-CIVIC": BuildingModel(640, 0, 0, 0, 0, 0, 0, water_l_per_person=52),
    "BLD-ARCHIVE": BuildingModel(60, 4.0, 0.40, 0.35, 0.6, 1.6, 0.50, heating_w_per_m2_k=1.85),
    "BLD-DRC-1": BuildingModel(200, 12.0, 1.70, 0.50, 2.4, 4.0, 1.75, 2.4, 58),
    "BLD-DRC-2": BuildingModel(70, 6.4, 1.00, 0.35, 1.3, 0.0, 0.80, 2.2),
    "BLD-EDU-1": BuildingModel(300, 8.0, 1.45, 0.40, 2.0, 4.0, 1.05, 2.1, 50),
    "BLD-EDU-2": BuildingModel(130, 7.5, 1.20, 0.30, 1.2, 1.5, 0.70, 1.8, 44),
}

# The car parks of the three compounds; an electric vehicle stands where it charges.
_CIVIC, _OLDTOWN, _EDU = (36.2140, 117.1310), (36.1970, 117.1120), (36.2290, 117.1520)

VEHICLES: Mapping[str, VehicleModel] = {
    "VEH-OAB-1": VehicleModel(False, 55, 8.6, 0.50, 13.0, *_CIVIC, 48_210.4, 4_160.0),
    "VEH-OAB-2": VehicleModel(True, 54, 15.2, 0.60, 12.0, *_OLDTOWN, 12_904.7, 1_988.0),
    "VEH-DRC-1": VehicleModel(False, 60, 9.8, 0.55, 15.0, *_OLDTOWN, 91_377.0, 9_014.0),
    "VEH-DRC-2": VehicleModel(False, 55, 8.9, 0.40, 11.0, *_OLDTOWN, 63_540.2, 5_633.0),
    "VEH-EDU-1": VehicleModel(False, 70, 12.4, 0.45, 16.0, *_EDU, 77_018.9, 9_720.0),
    "VEH-EDU-2": VehicleModel(True, 50, 14.6, 0.50, 11.0, *_EDU, 8_455.3, 1_260.0),
}

CHARGES_AT: Mapping[str, str] = {"VEH-OAB-2": "BLD-ARCHIVE", "VEH-EDU-2": "BLD-EDU-1"}

# Meters that speak another dialect than the project's own.
DIALECTS: Mapping[str, str] = {"MTR-ARCHIVE-E-D": "shelly", "MTR-EDU-2-E-D": "tasmota"}

# What a register shows at the start of 2022 where that matters: this one rolls over in the spring of 2023.
START_REGISTERS: Mapping[str, float] = {"MTR-DRC-1-E": 62_310.0}

# In 2022 the real building's own year stands in with slightly less use, read by hand.
REAL_BUILDING_2022_SHARE = 0.97


def _at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


FAULTS: tuple[Fault, ...] = (
    Fault(
        FaultKind.SPIKE,
        "MTR-EDU-1-E",
        _at(date(2023, 3, 8), 10, 15),
        _at(date(2023, 3, 8), 10, 30),
        50_000.0,
        "总表一次读数跳变后恢复",
        "one reading of the main meter jumps and returns",
    ),
    Fault(
        FaultKind.OUTAGE,
        "MTR-EDU-2-E",
        _at(date(2023, 4, 11), 9),
        _at(date(2023, 4, 16), 15),
        0.0,
        "采集终端离线五天，恢复后读数一次补齐",
        "the device is off line for five days, then its counter catches up",
    ),
    Fault(
        FaultKind.RESET,
        "MTR-DRC-2-E-A",
        _at(date(2023, 5, 23), 14),
        _at(date(2023, 5, 23), 14, 15),
        0.0,
        "照明插座分项表读数清零",
        "the lighting and sockets sub-meter restarts from zero",
    ),
    Fault(
        FaultKind.STUCK,
        "MTR-EDU-1-W",
        _at(date(2023, 6, 5)),
        _at(date(2023, 6, 26)),
        0.0,
        "水表卡死三周，期间用水未计量",
        "the water meter stands still for three weeks; what was used then is lost to it",
    ),
    Fault(
        FaultKind.NIGHT_RUNNING,
        "BLD-DRC-1",
        _at(date(2023, 8, 14)),
        _at(date(2023, 9, 11)),
        110.0,
        "空调夜间和周末未关",
        "the air conditioning is left on through nights and weekends",
    ),
    Fault(
        FaultKind.NIGHT_RUNNING,
        "BLD-ARCHIVE",
        _at(date(2023, 12, 11)),
        _at(date(2024, 1, 8)),
        20.0,
        "热泵夜间和周末未关",
        "the heat pumps are left on through nights and weekends",
    ),
    Fault(
        FaultKind.SILENT,
        "MTR-EDU-1-E-C",
        _at(date(2023, 12, 19), 16),
        None,
        0.0,
        "动力分项表离线，至年末未恢复",
        "the power sub-meter goes off line and has not come back by the year's end",
    ),
)

DEEDS: tuple[Deed, ...] = (
    Deed(
        DeedKind.IDLING,
        "VEH-DRC-1",
        date(2023, 12, 5),
        0,
        None,
        "到达后发动机空转十八分钟",
        "the engine runs on for 18 minutes after the arrival",
    ),
    Deed(
        DeedKind.OVERNIGHT,
        "VEH-OAB-1",
        date(2023, 12, 12),
        1,
        _at(date(2023, 12, 13), 7, 10),
        "当晚未回单位，次日早晨返回",
        "not back overnight, it returns the next morning",
    ),
    Deed(
        DeedKind.EVENING,
        "VEH-EDU-1",
        date(2023, 12, 15),
        1,
        _at(date(2023, 12, 15), 19, 42),
        "下班后用车，无派车单",
        "an outing in the evening that nobody ordered",
    ),
    Deed(
        DeedKind.CARD,
        "VEH-DRC-2",
        date(2023, 12, 20),
        0,
        _at(date(2023, 12, 20), 10, 26),
        "加油卡有流水，车辆当时停在单位",
        "its fuel card pays while it stands at home",
    ),
    Deed(
        DeedKind.HOLIDAY,
        "VEH-DRC-2",
        date(2023, 12, 31),
        1,
        None,
        "元旦假期封存期间出车，不在值班名单",
        "it drives on a holiday on which it stands sealed, and is on no duty list",
    ),
)


def register_rows(name: str) -> list[dict[str, str]]:
    """Rows of one file of the demo register, as text; ``name`` without ``.csv``."""
    with (DEMO_REGISTER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
