"""The words of the findings page, Chinese and English side by side. Each finding's own words are data."""

from collections.abc import Mapping

FINDING_TEXTS: Mapping[str, tuple[str, str]] = {
    "findings": ("账实核对", "Books against reality"),
    "findings_lead": (
        "台账、计量数据与实物定额对不上的地方，按责任单位列出，最要紧的在前。",
        "Where register, telemetry and norms do not agree, by who answers for it, the gravest first.",
    ),
    "findings_check": ("立即核对", "Check now"),
    "findings_none": (
        "没有符合条件的问题。",
        "There is nothing of this kind.",
    ),
    "findings_nobody": ("尚无责任单位", "Nobody answers for these yet"),
    "finding_critical": ("立即处理", "Act today"),
    "finding_warning": ("本周处理", "Act this week"),
    "finding_info": ("知悉", "Good to know"),
    "finding_any_severity": ("全部", "All"),
    "finding_severity": ("紧要程度", "How grave"),
    "finding_state": ("状态", "State"),
    "finding_state_open": ("待处理", "Open"),
    "finding_state_accepted": ("已接受", "Accepted"),
    "finding_state_cleared": ("已消除", "Cleared"),
    "finding_organisation": ("单位（含下级）", "Organisation and those below"),
    "finding_any_organisation": ("全部单位", "All"),
    "finding_tree": ("下级关系", "Below by"),
    "finding_code": ("问题类型", "Kind"),
    "finding_any_code": ("全部类型", "All kinds"),
    "finding_filter": ("筛选", "Filter"),
    "finding_todo": ("怎么办", "What to do"),
    "finding_since": ("{date} 首次发现，已 {days} 天", "since {date}, {days} days"),
    "finding_number": ("第 {number} 号", "No. {number}"),
    "finding_asset": ("打开资产", "Open the asset"),
    "finding_help_device": ("认领设备", "Adopt the device"),
    "finding_help_pool": ("放入公物仓", "Offer it to the pool"),
    "finding_accept": ("接受", "Accept"),
    "finding_accept_lead": (
        "确认这种情况可以存在；以后不再列出，理由记入操作台账。",
        "Say that it may stand. It is not listed again; the ledger keeps the reason.",
    ),
    "finding_reason": ("理由", "Reason"),
    "finding_reopen": ("重新打开", "Open again"),
    "finding_accepted_by": (
        "{by} 于 {date} 接受：{reason}",
        "accepted by {by} on {date}: {reason}",
    ),
    "finding_cleared_at": ("{date} 起不再出现", "not found any more since {date}"),
    "finding_print": ("处理人及日期：", "Done by, on:"),
    "findings_done_accepted": (
        "已接受第 {number} 号问题，见“已接受”。",
        "Finding {number} was accepted; it is under 'Accepted'.",
    ),
    "findings_done_reopened": ("第 {number} 号问题已重新打开。", "Finding {number} is open again."),
    "findings_done_checked": (
        "核对完成：新发现 {opened} 项，仍存在 {standing} 项，已消除 {cleared} 项。",
        "Checked: {opened} new, {standing} still standing, {cleared} cleared.",
    ),
    "page_previous": ("上一页", "Previous"),
    "page_next": ("下一页", "Next"),
    "page_of": ("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
    "refused": ("未能完成：", "Not done: "),
    "refused_state": (
        "当前状态不允许这样做，可能已有他人处理；请刷新后再看。",
        "That does not fit how things stand now; somebody else may have acted. Look again.",
    ),
    "refused_input": ("填写的内容不符合要求。", "What was filled in breaks a rule."),
}
