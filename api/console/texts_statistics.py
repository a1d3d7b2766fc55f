"""The words of the statistics of cases, Chinese and English side by side."""

from collections.abc import Mapping

STATISTICS_TEXTS: Mapping[str, tuple[str, str]] = {
    "statistics": ("案件统计", "Statistics of cases"),
    "statistics_lead": (
        "统计期内立案的案件截至目前的结果。工作日按国家调休日历计，自立案次日起。",
        "What became, so far, of the cases opened in the span. Working days are those of the national "
        "calendar, from the day after the opening.",
    ),
    "statistics_cases": ("全部案件", "All cases"),
    "statistics_first": ("立案自", "Opened from"),
    "statistics_last": ("至（含当日）", "to, that day included"),
    "statistics_by": ("分组", "By"),
    "statistics_by_organisation": ("单位（含下属）", "Organisation with all below it"),
    "statistics_by_rule": ("规则", "Rule"),
    "statistics_by_clause": ("条款", "Clause"),
    "statistics_by_month": ("月份", "Month"),
    "statistics_organisation": ("单位", "Organisation"),
    "statistics_any": ("全部单位", "All"),
    "statistics_show": ("统计", "Count"),
    "statistics_none": ("这一期间没有立案。", "No case was opened in this span."),
    "statistics_number": ("案件", "Cases"),
    "statistics_opened_note": (
        "其中未结 {open}，仍在触发 {firing}",
        "{open} open, {firing} still firing",
    ),
    "statistics_in_time": ("按期办结", "In time"),
    "statistics_overdue_note": ("逾期 {count}", "{count} overdue"),
    "statistics_taken_up": ("确认用时（中位）", "To taking up (median)"),
    "statistics_closed": ("办结用时（中位）", "To closing (median)"),
    "statistics_hours": ("{value} 小时", "{value} h"),
    "statistics_spread": (
        "九成在 {p90} 内；{days} 个工作日（中位）",
        "nine in ten within {p90}; {days} working days (median)",
    ),
    "statistics_open": ("未结", "Open"),
    "statistics_overdue": ("逾期", "Overdue"),
    "statistics_acknowledge": ("确认 时", "Taken up h"),
    "statistics_close": ("办结 工作日", "Closed working days"),
    "statistics_of_median": ("中位（九成）", "median (nine in ten)"),
    "statistics_by_telemetry": ("数据恢复办结", "Closed by telemetry"),
    "statistics_by_manager": ("审批办结", "Closed by a manager"),
    "statistics_unanswered": ("无人处理即恢复", "Over before taken up"),
    "statistics_reopened": ("曾重新立案", "Reopened"),
    "statistics_retracted": ("数据更正撤销", "Retracted"),
}
