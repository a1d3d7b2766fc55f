"""The words of budgets, assigned targets and explanations on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    # budgets
    "budget_title": (
        "{asset} {name} · {title}（{quota}，{year} 年，{unit}）",
        "{asset} {name} · {title} ({quota}, {year}, {unit})",
    ),
    "budget_line": (
        "截至第 {complete_days} 天：已用 {used}，预算 {budget_to_date}，{ahead}。全年限额 {limit}。",
        "After {complete_days} days: used {used}, budget {budget_to_date}, {ahead}. The year: {limit}.",
    ),
    "unknown_days": (
        "其中 {days} 天用量未知，实际用量高于所示。",
        "Of these days {days} are not known: more was used than is shown.",
    ),
    "ahead": ("超前 {amount}（{pct}，{days} 天）", "{amount} ahead ({pct}, {days} days)"),
    "behind": ("节余 {amount}（{pct}，{days} 天）", "{amount} behind ({pct}, {days} days)"),
    "allowance_line": (
        "余下每个工作日可用 {working_day}，非工作日 {non_working_day}（为其预算的 {scale}）。",
        "Left for each working day {working_day}, for each other day {non_working_day} ({scale} of budget).",
    ),
    "allowance_none": ("本年已无剩余天数。", "No day of the year is left."),
    "basis_history": (
        "日预算依据上年逐日用量（工作日与非工作日、季节）。",
        "The days' budgets follow last year's days: working days and others, and the season.",
    ),
    "basis_bills": (
        "日预算的季节依据上年账单；账单不分工作日，非工作日按工作日的一半计（假定）。",
        "The season follows last year's bills, which say nothing of kinds of days: others get half of a "
        "working day's budget (assumed).",
    ),
    "basis_assumed": (
        "没有上年数据：日预算按工作日平均，非工作日按一半计（假定）。",
        "There is no last year: every working day has the same budget, others half of it (assumed).",
    ),
    "basis_set": (
        "月预算由人工设定，月内各日按其特征分配。",
        "The months were set by hand; within them the days follow their pattern.",
    ),
    "not_announced": (
        "当年放假安排尚未公布，工作日按周末与固定节日推定。",
        "The year's working calendar is not announced; weekends and fixed holidays stand in.",
    ),
    "month": ("月份", "Month"),
    "budget": ("预算", "Budget"),
    "to_date": ("预算至今", "Budget to date"),
    "used": ("已用", "Used"),
    "difference": ("差额", "Difference"),
    "projected": ("预计", "Projected"),
    "known_days": ("已知天数", "Days known"),
    "calendar_key": (
        "· 预算内  ! 超出不到一成  X 超出一成以上  ? 未知",
        "· within budget  ! up to a tenth above  X more  ? unknown",
    ),
    "days": ("1 … 31 日", "Days 1 … 31"),
    "day": ("日期", "Day"),
    "kind": ("类型", "Kind"),
    "working": ("工作日", "working"),
    "non_working": ("非工作日", "other"),
    "colour": ("颜色", "Colour"),
    "colour_green": ("绿", "green"),
    "colour_amber": ("黄", "amber"),
    "colour_red": ("红", "red"),
    "colour_unknown": ("未知", "unknown"),
    "colour_ahead": ("—", "—"),
    "done_months": (
        "已设定 {asset}/{quota} {year} 年的月预算（第 {version} 版）。",
        "Budgets of months of {asset}/{quota} for {year} are set (version {version}).",
    ),
    # assigned targets
    "assigned_title": (
        "{year} 年下达指标（{as_of}）：{count} 项",
        "Targets of {year} ({as_of}): {count}",
    ),
    "assigned_none": (
        "{year} 年没有下达指标（{as_of}）。",
        "There are no targets of {year} ({as_of}).",
    ),
    "asset": ("单位", "Unit"),
    "indicator": ("指标", "Indicator"),
    "amount": ("指标值", "Target"),
    "assigner": ("下达单位", "Assigned by"),
    "version": ("版次", "Version"),
    "effective_from": ("生效日期", "From"),
    "document": ("文号", "Document"),
    "note": ("原因", "Reason"),
    "lifted": ("已取消", "lifted"),
    "cascade_title": (
        "{year} 年指标分解（{as_of}）：{count} 项",
        "How targets of {year} were passed on ({as_of}): {count}",
    ),
    "cascade_none": (
        "{year} 年没有分解的指标（{as_of}）。",
        "No target of {year} is passed on ({as_of}).",
    ),
    "own": ("自身指标", "Own"),
    "passed_on": ("已下达", "Passed on"),
    "remainder": ("未下达", "Not assigned"),
    "units": ("下级数", "Units"),
    "done_assign": (
        "已下达：{asset} {year} 年 {indicator} = {amount} {unit}（第 {version} 版，{effective_from} 起）。",
        "Assigned: {asset} {year}, {indicator} = {amount} {unit} (version {version}, from {effective_from}).",
    ),
    "over_line": (
        "注意：{assigner} 的 {indicator} 指标为 {own}，已下达 {assigned}。",
        "Mind: {assigner} has {own} of {indicator} and assigned {assigned}.",
    ),
    "import_done": ("已下达 {count} 项。", "{count} targets assigned."),
    "import_dry": (
        "可下达 {count} 项；未写入，去掉 --dry-run 即写入。",
        "{count} targets can be assigned; nothing was written, leave --dry-run out to write.",
    ),
    "import_problems": ("{count} 处有误，未写入：", "{count} mistakes, nothing was written:"),
    "done_revise": (
        "核定：{asset}/{quota} {year} 年由 {original} 改为 {value} {unit}，{effective_from} 起，{document}。",
        "Revised: {asset}/{quota} {year}, {original} to {value} {unit} from {effective_from} ({document}).",
    ),
    "revisions_title": ("核定调整：{count} 版", "Revisions: {count}"),
    "revisions_none": ("没有核定调整。", "There is no revision."),
    "value": ("核定值", "Value"),
    "original": ("原值", "Original"),
    # explanations
    "explanations_title": ("超定额说明：{count} 份", "Explanations of overruns: {count}"),
    "explanations_none": ("没有符合条件的说明。", "There is no such explanation."),
    "number": ("编号", "No."),
    "account": ("账户", "Account"),
    "explained": ("说明用量", "Explained"),
    "reason": ("原因", "Reason"),
    "measures": ("措施", "Measures"),
    "state": ("状态", "State"),
    "written_by": ("填写人", "Written by"),
    "decided_by": ("审批人", "Decided by"),
    "state_draft": ("草稿", "draft"),
    "state_submitted": ("已提交", "submitted"),
    "state_returned": ("已退回", "returned"),
    "state_approved": ("已批准", "approved"),
    "state_rejected": ("已驳回", "rejected"),
    "state_withdrawn": ("已撤回", "withdrawn"),
    "done_explanation": ("说明 {number}：{state}。", "Explanation {number}: {state}."),
}


def budget_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
