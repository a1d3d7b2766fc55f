"""The words of trips, events and deviations on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "log": (
        "{vehicle}：{count} 条报文，{first} 至 {last}（{zone}）",
        "{vehicle}: {count} messages, {first} to {last} ({zone})",
    ),
    "used": ("采用的列：{columns}", "Columns used: {columns}"),
    "ignored": (
        "未采用的列：{columns}（可用 --column 名称=量 指定）",
        "Columns not used: {columns} (say what one is with --column NAME=QUANTITY)",
    ),
    "capacity_battery": (
        "未给出电池容量：有荷电状态而不知其千瓦时数，请用 --battery-kwh。",
        "No battery capacity: a state of charge is told, give --battery-kwh to have kWh of it.",
    ),
    "capacity_tank": (
        "未给出油箱容积：只有油位百分比，请用 --tank-l 换算为升。",
        "No tank size: a fuel level in % is told, give --tank-l to have litres of it.",
    ),
    "trips_title": ("行程：{count} 次", "Trips: {count}"),
    "trips_none": ("没有行程。", "There are no trips."),
    "trips_total": (
        "合计 {count} 次行程，{km} km{energy}；行驶 {moving}，怠速 {idling}。",
        "{count} trips, {km} km{energy}; {moving} in motion, {idling} idling.",
    ),
    "total_fuel": ("，{amount} L（{rate} L/100 km）", ", {amount} L ({rate} L/100 km)"),
    "total_electricity": (
        "，{amount} kWh（{rate} kWh/100 km）",
        ", {amount} kWh ({rate} kWh/100 km)",
    ),
    "partly": ("，其中 {known} 次行程已知", ", of {known} trips where it is known"),
    "unseen": (
        "“>”：未见到出发，实际在该时刻之后；“<”：未见到到达，实际在该时刻之前。",
        ">: the departure was not seen, it was later; <: the arrival was not seen, it was earlier.",
    ),
    "events_title": ("事件：{count} 件", "Events: {count}"),
    "events_none": ("没有事件。", "There are no events."),
    "unassigned": (
        "里程表另有 {km} km 不属于任何行程（无报文期间或移动过短）。",
        "The odometer counted {km} km outside all trips (no messages, or too short a way).",
    ),
    "masked": (
        "{count} 辆车豁免跟踪，不显示其行程：{codes}",
        "{count} vehicles are exempt from tracking and have no trips: {codes}",
    ),
    "vehicle": ("车辆", "Vehicle"),
    "plate": ("号牌", "Plate"),
    "start": ("开始", "From"),
    "end": ("结束", "To"),
    "duration": ("时长", "Time"),
    "km": ("里程 km", "km"),
    "by": ("依据", "By"),
    "max_speed": ("最高 km/h", "Max km/h"),
    "idling": ("怠速", "Idling"),
    "energy": ("用能", "Used"),
    "energy_by": ("依据", "By"),
    "per_100km": ("百公里", "Per 100 km"),
    "coverage": ("覆盖", "Known"),
    "event": ("事件", "Event"),
    "amount": ("数量", "Amount"),
    "level": ("前→后", "Level"),
    "odometer": ("里程表 km", "Odometer km"),
    "detail": ("证据", "Evidence"),
    "place": ("地点", "Place"),
    "by_odometer": ("里程表", "odometer"),
    "by_positions": ("定位", "positions"),
    "by_positions_and_speed": ("定位+车速", "positions, speed"),
    "by_speed": ("车速", "speed"),
    "by_unknown": ("未知", "unknown"),
    "by_used": ("油耗计", "counter"),
    "by_level": ("油位", "level"),
    "by_card": ("加油卡", "fuel card"),
    "by_soc": ("荷电状态", "charge"),
    "by_power": ("电压电流", "volts, amps"),
    "by_": ("–", "–"),
    "kind_idling": ("怠速", "Idling"),
    "kind_refuelling": ("加油", "Refuelling"),
    "kind_fuel_drop": ("油量骤降", "Fuel drop"),
    "kind_charging": ("充电", "Charging"),
    "open": ("在途", "under way"),
    "number": ("编号", "No."),
    "rule": ("规则", "Rule"),
    "value": ("实际 / 限值", "Was / may be"),
    "state": ("状态", "State"),
    "explanation": ("说明", "Explanation"),
    "state_open": ("待说明", "open"),
    "state_explained": ("已说明，待审", "explained"),
    "state_accepted": ("已认可", "accepted"),
    "state_rejected": ("已退回", "rejected"),
    "state_retracted": ("数据已更正", "retracted"),
    "deviations_title": ("待说明的用车：{count} 件", "Use that needs an explanation: {count}"),
    "deviations_none": ("没有需要说明的用车。", "No use needs an explanation."),
    "deviations_how": (
        "说明：quotawatt fleet explain 编号 --text 缘由；由他人审定：quotawatt fleet decide 编号 --accept",
        "Explain one: quotawatt fleet explain NUMBER --text WHY; somebody else decides: "
        "quotawatt fleet decide NUMBER --accept",
    ),
    "said_explained": (
        "{number} 号已说明，等待他人审定。",
        "{number} is explained; another decides.",
    ),
    "said_accepted": ("{number} 号的说明已认可。", "The explanation of {number} is accepted."),
    "said_rejected": ("{number} 号的说明已退回。", "The explanation of {number} is rejected."),
    "charging_title": ("充电对账：{count} 次", "Charging reconciled: {count}"),
    "charging_none": ("没有充电记录。", "There are no charging sessions."),
    "charging_total": (
        "车端合计 {vehicle_kwh} kWh，自有桩 {charger_kwh} kWh，外部 {elsewhere_kwh} kWh。",
        "{vehicle_kwh} kWh into batteries; own chargers gave {charger_kwh} kWh; "
        "{elsewhere_kwh} kWh were charged elsewhere.",
    ),
    "vehicle_kwh": ("车端 kWh", "Vehicle kWh"),
    "charger_kwh": ("桩端 kWh", "Charger kWh"),
    "charger": ("充电桩", "Charger"),
    "loss": ("损耗", "Loss"),
    "at_own": ("自有桩", "own charger"),
    "at_elsewhere": ("外部充电", "elsewhere"),
    "at_unknown": ("未知", "not known"),
}


def fleet_text(key: str, language: str, **values: object) -> str:
    """The text of a key in ``zh`` or ``en`` with its values put in."""
    return _TEXTS[key][language == "en"].format(**values)
