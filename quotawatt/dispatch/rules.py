"""What must hold of orders and of fuel-card rows, as data: identifiers and texts."""

from quotawatt.register.problems import Rule

ORGANISATION = Rule(
    "organisation",
    "must be the code of an organisation of the register",
    "须为台账中单位的编码",
)
VEHICLE = Rule(
    "vehicle",
    "must be the code or plate of a vehicle of the register",
    "须为台账中车辆的编码或车牌号",
)
NOT_HELD = Rule("vehicle_not_held", "must be in use on {day}", "须为 {day} 在用的车辆")
EXEMPT = Rule(
    "vehicle_exempt",
    "must not be exempt from tracking: its uses are not kept here",
    "不得为免予定位的车辆，其用车不在此登记",
)
DRIVER = Rule(
    "driver",
    "must be the code of a driver, or a name that only one driver has",
    "须为驾驶员编码，或不重名的驾驶员姓名",
)
DRIVER_INACTIVE = Rule("driver_inactive", "must be an active driver", "须为在岗驾驶员")
MISSING = Rule("missing", "must be given", "须填写")
STATE = Rule("state", "must be one of {states}", "须为 {states} 之一")
STATE_LACKS = Rule(
    "state_lacks",
    "must be given for an order that is {state}",
    "状态为“{state}”时须填写",
)
STATE_BACK = Rule(
    "state_back",
    "must follow from {before}, in which order {number} is kept",
    "须能由已登记的状态“{before}”变更而来（单号 {number}）",
)
AFTER = Rule("after", "must lie after {start}", "须晚于 {start}")
NOT_BEFORE = Rule("not_before", "must not lie before {start}", "不得早于 {start}")
TOO_LONG = Rule(
    "too_long",
    "must be within {days} days of the planned start",
    "与计划出车时间相隔不得超过 {days} 天",
)
TOO_FAR = Rule("too_far", "must lie within {days} days from now", "须在今后 {days} 天以内")
YEARS = Rule(
    "years",
    "must lie in the years {first} to {last}",
    "须在 {first} 至 {last} 年之间",
)
OVER = Rule("over", "must lie in the future (now is {now})", "须晚于现在（{now}）")
FUTURE = Rule("future", "must not lie in the future (now is {now})", "不得晚于现在（{now}）")
ODOMETER_FELL = Rule(
    "odometer_fell",
    "must not be below the {out:g} km with which it left",
    "不得小于出车时的 {out:g} km",
)
RANGE = Rule("range", "must be {low:g} to {high:g}", "须在 {low:g} 至 {high:g} 之间")
ABOVE = Rule("above", "must be above 0 and at most {high:g}", "须大于 0 且不超过 {high:g}")
TAKEN = Rule(
    "taken",
    "must be free from {start} to {end}: order {number} has it",
    "{start} 至 {end} 须空闲：已派给 {number} 号派车单",
)
TWICE = Rule(
    "entered_twice",
    "must stand once, or say the same each time (it stands at {other} too)",
    "同一单号只能出现一次或内容一致（另见 {other}）",
)
FUEL = Rule("fuel", "must be petrol or diesel", "须为汽油或柴油")
FUEL_UNKNOWN = Rule(
    "fuel_unknown",
    "must be given, for the vehicle runs on neither petrol nor diesel",
    "车辆不用汽油或柴油，须填写油品",
)
CARD_OTHERWISE = Rule(
    "card_otherwise",
    "must be the {litres:g} L that are kept of this card and time (take row {number} back first)",
    "同一卡号、时间已登记 {litres:g} L（请先撤销第 {number} 笔）",
)
SELF_DECIDED = Rule(
    "self_decided",
    "is the applicant, who must not decide on an own order",
    "与申请人为同一人，应由他人审批",
)
OVERLAPS = Rule(
    "overlaps",
    "the vehicle was out from {start} to {end} for order {number} too",
    "车辆 {start} 至 {end} 另有 {number} 号派车单",
)
TAKEN_WITHIN = Rule(
    "taken_within",
    "must be free in that time: {other} has it too",
    "该时间须空闲：{other} 也已占用",
)
OWN = Rule(
    "own_order",
    "must not be the number of an order that was asked for here (act on that order itself)",
    "不得为本系统的派车单号（请直接办理该单）",
)
