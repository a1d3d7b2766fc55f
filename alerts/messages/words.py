"""The words of messages in Chinese and English: severities, events, measures, units as people read them."""

from collections.abc import Mapping

from alerts.cases.model import CaseEvent, CaseState
from quotawatt.formatting import formula
from quotawatt.measures import MEASURES
from quotawatt.quantities import QUANTITIES
from quotawatt.quantity_words import QUANTITY_WORDS
from quotawatt.rulebook.alert_rules import SILENCE, SILENT_SHARE, Rule
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT

SEVERITY_WORDS: Mapping[str, Text] = {
    "critical": Text("严重", "critical"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "notice"),
}

EVENT_WORDS: Mapping[str, Text] = {
    CaseEvent.OPENED: Text("新增", "new"),
    CaseEvent.REOPENED: Text("重新打开", "reopened"),
    CaseEvent.SEVERITY_RAISED: Text("升级", "raised"),
    CaseEvent.SEVERITY_LOWERED: Text("降级", "lowered"),
    CaseEvent.CLEARED: Text("已恢复", "back to normal"),
    CaseEvent.FIRED_AGAIN: Text("再次发生", "back again"),
    CaseEvent.NO_DATA: Text("数据中断", "without data"),
    CaseEvent.DATA_RETURNED: Text("数据恢复", "with data again"),
    CaseEvent.FLAPPING: Text("反复波动", "flapping"),
    CaseEvent.SETTLED: Text("趋于平稳", "settled"),
    CaseEvent.CORRECTED: Text("数据更正", "corrected"),
    CaseEvent.RETRACTED: Text("撤销", "retracted"),
    CaseEvent.ACKNOWLEDGED: Text("已签收", "acknowledged"),
    CaseEvent.ASSIGNED: Text("交办", "assigned"),
    CaseEvent.COMMENTED: Text("批注", "commented"),
    CaseEvent.MEASURE: Text("整改措施", "with a measure"),
    CaseEvent.DUE_SET: Text("限期", "with a due date"),
    CaseEvent.EVIDENCE_ADDED: Text("补充佐证", "with evidence"),
    CaseEvent.EXPLAINED: Text("已说明", "explained"),
    CaseEvent.PROPOSED: Text("申请办结", "proposed closed"),
    CaseEvent.SENT_BACK: Text("退回整改", "sent back"),
    CaseEvent.CLOSED: Text("办结", "closed"),
    CaseEvent.REMINDED: Text("催办", "reminder"),
    CaseEvent.ESCALATED: Text("督办", "escalated"),
    CaseEvent.OVERDUE: Text("逾期", "overdue"),
    CaseEvent.OWNER_MISSING: Text("责任人缺位", "without an owner"),
    CaseEvent.UNDELIVERED: Text("通知未送达", "not delivered"),
    CaseEvent.COMMAND: Text("远程指令", "with a command"),
}
"""What a digest counts: "3 new, 1 raised", in this order."""

NOTICE = Text("情况通知", "news")

NOTICE_WORDS: Mapping[str, Text] = {
    CaseEvent.OPENED.value: Text("通知", "notice"),
    CaseEvent.REOPENED.value: Text("通知", "notice"),
    CaseEvent.FIRED_AGAIN.value: Text("通知", "notice"),
    CaseEvent.SEVERITY_RAISED.value: Text("升级通知", "raised"),
    CaseEvent.CLEARED.value: Text("恢复通知", "back to normal"),
    CaseEvent.CORRECTED.value: Text("更正通知", "correction"),
    CaseEvent.RETRACTED.value: Text("撤销通知", "retracted"),
    CaseEvent.ASSIGNED.value: Text("交办通知", "assigned to you"),
    CaseEvent.SENT_BACK.value: Text("退回整改通知", "sent back"),
    CaseEvent.CLOSED.value: Text("办结通知", "closed"),
    CaseEvent.REMINDED.value: Text("催办通知", "reminder"),
    CaseEvent.ESCALATED.value: Text("督办通知", "escalated"),
    CaseEvent.OVERDUE.value: Text("逾期催办通知", "overdue"),
    CaseEvent.OWNER_MISSING.value: Text("责任人缺位通知", "nobody answers for it"),
}
"""What a message about one case is called, by what it tells; ``NOTICE`` for anything else."""

STATE_WORDS: Mapping[str, Text] = {
    CaseState.OPEN: Text("待签收", "open"),
    CaseState.ACKNOWLEDGED: Text("整改中", "acknowledged"),
    CaseState.PROPOSED: Text("待核验", "proposed closed"),
    CaseState.CLOSED: Text("已办结", "closed"),
    CaseState.RETRACTED: Text("已撤销", "retracted"),
}

_MEASURE_WORDS: Mapping[str, Text] = {
    SILENCE: Text("无读数时长", "time without a reading"),
    SILENT_SHARE: Text("失联对象占比", "share of assets without a reading"),
    "electricity_excess_pct": Text("超出预期上限的用电", "use beyond what is expected"),
    "carbon_kgco2": Text("碳排放", "carbon"),
    "cost_cny": Text("能源费用", "cost"),
}

# Of inputs that are neither measure nor quantity.
_UNITS: Mapping[str, str] = {SILENCE: "h", SILENT_SHARE: "%"}

_PER: Mapping[str, tuple[Text, str]] = {
    GROSS_AREA: (Text("单位面积", "per area"), "m²"),
    HEADCOUNT: (Text("人均", "per head"), "人"),
}


def word_of(words: Mapping[str, Text], name: str) -> Text:
    """A word, or the name itself where it has none."""
    return words.get(name) or Text(name, name)


def input_word(rule: Rule) -> Text:
    """What a rule watches, as people call it."""
    words = QUANTITY_WORDS.get(rule.input)
    name = Text(*words) if words else _MEASURE_WORDS.get(rule.input, Text(rule.input, rule.input))
    if not rule.per:
        return name
    per = _PER[rule.per][0] if rule.per in _PER else None
    if per is None:
        below = Text(*QUANTITY_WORDS.get(rule.per, (rule.per, rule.per)))
        return Text(f"{name.zh}与{below.zh}之比", f"{name.en} per {below.en}")
    return Text(f"{per.zh}{name.zh}", f"{name.en} {per.en}")


def input_unit(rule: Rule) -> Text:
    """The unit of a rule's input; empty where it has none."""
    unit = _unit_of(rule.input)
    if not rule.per:
        return Text(unit, unit)
    below = _PER[rule.per][1] if rule.per in _PER else _unit_of(rule.per)
    english = "person" if rule.per == HEADCOUNT else below
    return Text(f"{unit}/{below}", f"{unit}/{english}") if below else Text(unit, unit)


def _unit_of(name: str) -> str:
    if name in _UNITS:
        return _UNITS[name]
    known = MEASURES.get(name) or QUANTITIES.get(name)
    unit = known.unit if known else ""
    return "" if unit == "1" else formula(unit)
