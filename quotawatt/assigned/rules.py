"""What must hold of what is set for a unit and a year, as data: identifiers and texts."""

from quotawatt.register.problems import Rule

ASSET = Rule("asset", "must be a code of the register", "须为台账中已有的编码")
ASSET_KIND = Rule(
    "assigned_asset_kind", "must be an organisation or a building", "须为单位或建筑的编码"
)
INDICATOR = Rule("indicator", "must be an indicator of the rulebook", "须为规则库中的指标")
QUOTA = Rule("quota", "must be a quota of the rulebook", "须为规则库中的定额")
YEAR = Rule("year", "must be a year from 2000 to 2100", "须为 2000 至 2100 之间的年份")
POSITIVE = Rule("positive", "must be a number above 0", "须为大于 0 的数")
MONTHS = Rule(
    "months",
    "must be twelve numbers, 0 or more, with a sum above 0",
    "须为十二个不小于 0 且合计大于 0 的数",
)
MONTHS_SUM = Rule(
    "months_sum",
    "must sum to the year's limit of {limit} (within 0.1 %)",
    "合计须等于全年限额 {limit}（误差不超过 0.1 %）",
)
DAY = Rule("effective_from", "must lie in the year {year}", "须在 {year} 年内")
DAY_MISSING = Rule(
    "effective_from_missing",
    "must be given for a version after the first",
    "修订时须填写生效日期",
)
DAY_LATER = Rule(
    "effective_from_later",
    "must lie after {day}, the day of the version before",
    "须晚于上一版的生效日期 {day}",
)
DOCUMENT = Rule("document_number", "must be the number of a document", "须填写文号")
NOTE = Rule("reason", "must say why there is a new version", "修订时须填写原因")
LENGTH = Rule("length", "must have at most {most} characters", "不得超过 {most} 个字符")
ASSIGNER = Rule(
    "assigner",
    "must be an organisation within reach, or empty for one outside the register",
    "须为权限内的单位，登记范围以外的下达单位留空",
)
BELOW = Rule(
    "below_assigner",
    "must lie below {assigner} by {tree}",
    "须为 {assigner} 的下级（按{tree}）",
)
ASSIGNED_BY = Rule(
    "assigned_by",
    "must be within reach of {assigner}, who assigned the version that stands",
    "现行指标由 {assigner} 下达，须有其权限方可修订",
)
FROM_ABOVE = Rule(
    "revised_from_above",
    "must be revised by somebody over a unit above it",
    "须由上级单位的人员核定调整",
)
TREE = Rule("tree", "must be region or system", "须为 region（属地）或 system（主管部门）")
NOTHING_TO_LIFT = Rule(
    "nothing_to_lift", "must stand before it can be lifted", "须已设定，方可取消"
)
TWICE = Rule("twice", "must be given once", "同一项只能填写一次")
FILE = Rule(
    "targets_file",
    "must be a readable .xlsx workbook or .csv file",
    "须为可读的 .xlsx 工作簿或 .csv 文件",
)
NO_ROWS = Rule("targets_no_rows", "must have a row of headings", "须有标题行")
ROWS = Rule("targets_rows", "must have at most {most} rows", "不得超过 {most} 行")
HEADINGS = Rule("targets_headings", "must have the columns {names}", "须有以下列：{names}")
