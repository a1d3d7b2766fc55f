"""The words of the statistics of cases, Chinese and English side by side."""

from collections.abc import Mapping

STATISTICS_TEXTS: Mapping[str, tuple[str, str]] = {
    "statistics": ("事项统计", "Statistics of cases"),
    "statistics_lead": (
        "统计期内产生的事项截至目前的办理结果。工作日按国家调休日历计，自产生次日起。",
        "What became, so far, of the cases opened in the span. Working days are those of the national "
        "calendar, from the day after the opening.",
    ),
    "statistics_cases": ("全部事项", "All cases"),
    "statistics_first": ("产生自", "Opened from"),
    "statistics_last": ("至（含当日）", "to, that day included"),
    "statistics_by": ("分组", "By"),
    "statistics_by_organisation": ("单位（含下属）", "Organisation with all below it"),
    "statistics_by_rule": ("规则", "Rule"),
    "statistics_by_clause": ("条款", "Clause"),
    "statistics_by_month": ("月份", "Month"),
    "statistics_organisation": ("单位", "Organisation"),
    "statistics_any": ("全部单位", "All"),
    "statistics_show": ("统计", "Count"),
    "statistics_none": ("这一期间没有产生事项。", "No case was opened in this span."),
    "statistics_number": ("事项", "Cases"),
    "statistics_opened_note": (
        "未结 {open}，仍在触发 {firing}",
        "{open} open, {firing} still firing",
    ),
    "statistics_in_time": ("按期办结", "In time"),
    "statistics_overdue_note": ("逾期 {count}", "{count} overdue"),
    "statistics_taken_up": ("签收用时（中位）", "To taking up (median)"),
    "statistics_closed": ("办结用时（中位）", "To closing (median)"),
    "statistics_hours": ("{value} 小时", "{value} h"),
    "statistics_spread": (
        "九成在 {p90}内；中位 {days} 个工作日",
        "nine in ten within {p90}; median {days} working days",
    ),
    "statistics_open": ("未结", "Open"),
    "statistics_overdue": ("逾期", "Overdue"),
    "statistics_acknowledge": ("签收用时（小时）", "Taken up (h)"),
    "statistics_close": ("办结用时（工作日）", "Closed (working days)"),
    "statistics_of_median": ("中位（九成）", "median (nine in ten)"),
    "statistics_by_telemetry": ("数据恢复办结", "Closed by telemetry"),
    "statistics_by_manager": ("审批办结", "Closed by a manager"),
    "statistics_unanswered": ("无人处理即恢复", "Over before taken up"),
    "statistics_reopened": ("曾重新打开", "Reopened"),
    "statistics_retracted": ("数据更正撤销", "Retracted"),
}
