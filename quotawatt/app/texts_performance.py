"""The words of energy-performance contracts on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "contracts_title": ("合同能源管理合同：{count} 份", "Energy-performance contracts: {count}"),
    "contracts_none": ("没有合同能源管理合同。", "There are no energy-performance contracts."),
    "events_title": ("非常规事项：{count} 项", "Non-routine events: {count}"),
    "events_none": ("没有非常规事项。", "There are no non-routine events."),
    "verifications_title": ("节能量核证：{count} 项", "Verified savings: {count}"),
    "verifications_none": ("没有节能量核证。", "No savings were proposed yet."),
    "number": ("编号", "No."),
    "kind": ("类型", "Kind"),
    "subject": ("对象", "Subject"),
    "title": ("名称", "Title"),
    "time": ("有效期", "Time"),
    "provider": ("节能服务公司", "Provider"),
    "days": ("起止日期", "Days"),
    "effect": ("调整", "Adjustment"),
    "reason": ("原因", "Reason"),
    "by": ("录入", "By"),
    "state": ("状态", "State"),
    "saved": ("节能量", "Savings"),
    "worth": ("效益（元）", "Worth (CNY)"),
    "to_provider": ("公司所得（元）", "To the provider (CNY)"),
    "kind_shared": ("效益分享", "shared savings"),
    "kind_guaranteed": ("节能量保证", "guaranteed savings"),
    "kind_custody": ("费用托管", "custody"),
    "effect_amount": ("{amount:+g} {unit}/日", "{amount:+g} {unit} a day"),
    "effect_share": ("{amount:+g}%", "{amount:+g} %"),
    "effect_excluded": ("不计入", "not counted"),
    "withdrawn": ("（已撤销）", "(withdrawn)"),
    "state_proposed": ("待核证", "proposed"),
    "state_verified": ("已核证", "verified"),
    "state_sent_back": ("已退回", "sent back"),
    "savings": (
        "{first_day} 至 {last_day}：节能量 {saved} {unit}（{percent}%），效益 {worth} 元，"
        "节能服务公司所得 {provider} 元，用能单位所得 {client} 元。",
        "{first_day} to {last_day}: {saved} {unit} saved ({percent} %), worth {worth} CNY; {provider} CNY to "
        "the provider, {client} CNY to the client.",
    ),
    "no_savings": ("数据不足以核算节能量：", "The data do not bear savings:"),
    "done_add": ("已录入：第 {number} 号合同。", "Entered: contract {number}."),
    "done_withdraw": ("已撤销：第 {number} 号合同。", "Withdrawn: contract {number}."),
    "done_event": ("已记录：非常规事项 {id}。", "Recorded: non-routine event {id}."),
    "done_event_withdraw": ("已撤销：非常规事项 {id}。", "Withdrawn: non-routine event {id}."),
    "done_propose": (
        "已提交核证：{id}（{number}），须由另一人核证。",
        "Proposed: {id} ({number}); somebody else verifies it.",
    ),
    "done_decide": ("{number}：{state}。", "{number}: {state}."),
    "written": ("已写入 {path}", "Written: {path}"),
}


def performance_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    return _TEXTS[key][language != "zh"].format(**values)
