"""What must hold of entries by hand, as data: identifiers and texts."""

from quotawatt.register.problems import Rule

ASSET = Rule("asset", "must be a code of the register", "须为台账中已有的编码")
ASSET_KIND = Rule(
    "asset_kind",
    "must be {kinds} for a {kind}",
    "{kind}须填在{kinds}上",
)
QUANTITY_MISSING = Rule(
    "quantity_missing",
    "must be given, for nothing says which one is meant",
    "须填写能源品种",
)
QUANTITY = Rule("quantity", "must be a quantity that adds up", "须为可累计的能源品种")
QUANTITY_OF_ASSET = Rule(
    "quantity_of_asset",
    "must be one of {quantities} for this asset",
    "该计量点的能源品种须为 {quantities} 之一",
)
CONFIRM = Rule(
    "confirm",
    "must be empty, reset, rollover or high",
    "须为空白、表底数重置、翻转或用量属实",
)
RANGE = Rule("range", "must be {low} to {high} {unit}", "须在 {low} 至 {high} {unit} 之间")
UNIT = Rule(
    "unit",
    "the unit in the heading must be that of {quantity}, {unit}",
    "列名中的单位须为 {quantity} 的单位 {unit}",
)
NOT_NEGATIVE = Rule("not_negative", "must not be below 0", "不得小于 0")
REGISTER_SIZE = Rule(
    "register_size",
    "must be below the register's size of {size:g}",
    "须小于表的满位值 {size:g}",
)
FUTURE = Rule("future", "must not lie in the future (now is {now})", "不得晚于现在（{now}）")
TOO_EARLY = Rule("too_early", "must lie in 2010 or later", "不得早于 2010 年")
RAW_EXPIRED = Rule(
    "raw_expired",
    "must lie after {horizon}, before which results are frozen",
    "须晚于 {horizon}，此前的结果已冻结",
)
DAYS = Rule("days", "must not be before the first day {first}", "不得早于起始日期 {first}")
TOO_LONG = Rule(
    "too_long", "must be within two years of the first day", "与起始日期相隔不得超过两年"
)
NOT_BOUND = Rule(
    "not_bound",
    "must lie in the time in which the register has the meter read by hand",
    "须在台账登记的人工抄表期间内",
)
AMOUNT_MISSING = Rule(
    "amount_missing",
    "must be given, or the rate of heat by area",
    "须填写用量，或按面积计热的单位面积热量",
)
AMOUNT_TWICE = Rule(
    "amount_twice",
    "must be empty where the rate of heat by area is given",
    "已填单位面积热量时须空白",
)
RATE_OF_HEAT = Rule(
    "rate_of_heat", "must be empty but for heat (heat_gj)", "仅用热量（heat_gj）可以填写"
)
AREA_UNKNOWN = Rule(
    "area_unknown",
    "must stand in a building whose heated or gross area the register has",
    "须属于台账中有供暖面积或建筑面积的建筑",
)
NEGATIVE_USE = Rule(
    "negative_use",
    "opening stock and what was bought must not be below the closing stock, and are {sum:g}",
    "期末库存不得大于期初库存与购入量之和（{sum:g}）",
)
FALLS = Rule(
    "falls",
    "must not be below the {other:g} read at {time} (say reset or rollover where it is no mistake)",
    "不得小于 {time} 的表底数 {other:g}（确非录入错误时，在“确认”中填表底数重置或翻转）",
)
ABOVE_NEXT = Rule(
    "above_next",
    "must not be above the {other:g} read after it, at {time}",
    "不得大于其后 {time} 的表底数 {other:g}",
)
ROLLOVER_SIZE = Rule(
    "rollover_size",
    "must not be rollover where no binding has the register's size",
    "台账绑定中没有满位值时不能填翻转",
)
HIGH_USE = Rule(
    "high_use",
    "must be usual, and is {times:.0f} times the {usual:.4g} a day before (say high where it is true)",
    "日均用量为此前（{usual:.4g}）的 {times:.0f} 倍（属实时在“确认”中填用量属实）",
)
OVERLAP = Rule(
    "overlap",
    "must not overlap another one, {first} to {last}",
    "与另一笔（{first} 至 {last}）的时段重叠",
)
ENTERED_TWICE = Rule(
    "entered_twice",
    "must be entered once, and {other} says something else of it",
    "同一笔只能填一次，{other} 填的不同",
)
ENTERED_ALREADY = Rule(
    "entered_already",
    "must not be entered yet, and is as entry {number} with other figures (correct that)",
    "已有编号 {number} 的记录，内容不同（请更正该记录）",
)
NO_SHEETS = Rule(
    "no_sheets",
    "a workbook must have at least one sheet of Meter readings, Bills or Fuel purchases",
    "工作簿须至少有“抄表”“账单”“燃料购入”中的一张工作表",
)
NOT_READ = Rule("sheet_not_read", "no sheet of entries and not read", "不是录入表，未读取")

GAP = Rule(
    "gap",
    "begins {days:.0f} days after the one before has ended",
    "与上一笔之间空缺 {days:.0f} 天",
)
STOCK_DIFFERS = Rule(
    "stock_differs",
    "the opening stock {opening:g} is not the closing stock {closing:g} of the one before",
    "期初库存 {opening:g} 与上一笔的期末库存 {closing:g} 不同",
)
COMPARED = Rule(
    "compared",
    "a device feeds this point then, so it is compared and not counted",
    "该时段已有设备采集，仅用于核对，不计入用量",
)
