"""The words of cases on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "cases_title": ("事项：{count} 件，列出 {listed} 件", "Cases: {count}, {listed} listed"),
    "cases_none": ("没有符合条件的事项。", "There is no such case."),
    "case_title": ("事项 {number}：{title}", "Case {number}: {title}"),
    "case_subject": (
        "{name}（{subject}），{severity}，{state}",
        "{name} ({subject}), {severity}, {state}",
    ),
    "case_firing": ("异常持续中，自 {since} 起。", "Its condition holds, since {since}."),
    "case_clear": ("自 {since} 起已恢复。", "Clear since {since}."),
    "case_unknown": (
        "目前没有数据，无法判断是否恢复。",
        "Without data: whether it is clear is not known.",
    ),
    "case_retracted": (
        "数据更正后不成立，已于 {since} 撤销。",
        "By corrected data it never was; retracted {since}.",
    ),
    "case_clause": ("依据：{clause}", "Clause: {clause}"),
    "case_advice": ("建议：{advice}", "What to do: {advice}"),
    "case_people": (
        "责任人：{owner}；承办人：{assignee}；限期：{due_on}",
        "Owner: {owner}; given to: {assignee}; due: {due_on}",
    ),
    "steps_title": ("办理过程：{count} 步", "Steps: {count}"),
    "evidence_title": ("佐证材料：{count} 份", "Documents: {count}"),
    "notices_title": ("通知：{count} 条", "Notices: {count}"),
    "explanations_title": ("超定额说明：{count} 份", "Explanations of the overrun: {count}"),
    "statistics_title": ("事项统计（{first} 起）", "Cases opened from {first}"),
    "statistics_none": ("这段时间没有事项。", "No case was opened in that time."),
    "done": ("事项 {number}：{event}，{state}。", "Case {number}: {event}, {state}."),
    "explained": (
        "事项 {number}：说明已提交，待审批。",
        "Case {number}: explanation handed in, to be decided.",
    ),
    "made": ("已由问题生成事项 {number}。", "Case {number} made of the finding."),
    "saved": ("已保存：{file}", "Saved: {file}"),
    "overdue_mark": ("（逾期）", " (overdue)"),
    # headings
    "number": ("编号", "No."),
    "severity": ("级别", "Severity"),
    "state": ("状态", "State"),
    "rule": ("规则", "Rule"),
    "subject": ("对象", "Subject"),
    "organisation": ("单位", "Organisation"),
    "opened": ("立案", "Opened"),
    "due_on": ("限期", "Due"),
    "person": ("承办人", "With"),
    "at": ("时间", "When"),
    "actor": ("操作人", "Who"),
    "event": ("步骤", "Step"),
    "comment": ("说明", "Comment"),
    "sha256": ("SHA-256", "SHA-256"),
    "name": ("文件名", "Name"),
    "recipient": ("接收人", "To"),
    "channel": ("渠道", "Channel"),
    "told": ("发送", "Sent"),
    "reason": ("原因", "Reason"),
    "measures": ("措施", "Measures"),
    "amount": ("说明用量", "Explained"),
    "group": ("分组", "Group"),
    "cases": ("立案", "Cases"),
    "open": ("未办结", "Open"),
    "unanswered": ("自行恢复未签收", "Unanswered"),
    "overdue": ("逾期", "Overdue"),
    "reopened": ("重新打开", "Reopened"),
    "retracted": ("撤销", "Retracted"),
    "acknowledge": ("签收 中位/九成 小时", "Taken up: median/p90 h"),
    "close": ("办结 中位/九成 工作日", "Closed: median/p90 w.d."),
    "in_time": ("按期率", "In time"),
    # how a notice stands, how an explanation stands
    "notice_waiting": ("待发", "waiting"),
    "notice_sent": ("已发", "sent"),
    "notice_dropped": ("不发", "dropped"),
}


def case_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
