"""What ``rules list``, ``show``, ``diff``, ``versions`` and ``effects`` say, in Chinese and English."""

from quotawatt.register.finding_words import WORDS

_TEXTS: dict[str, tuple[str, str]] = {
    "section": ("类别", "Section"),
    "id": ("标识", "Id"),
    "title": ("名称", "Title"),
    "instrument": ("依据", "Instrument"),
    "clause": ("条款", "Clause"),
    "trust": ("核实程度", "Trust"),
    "status": ("状态", "Status"),
    "effective": ("有效期", "In force"),
    "source": ("来源", "Source"),
    "text": ("摘要", "Summary"),
    "values": ("内容", "Values"),
    "clauses": ("条款摘要", "Clauses"),
    "versions": ("版本", "Versions"),
    "used_by": ("使用处", "Used by"),
    "place": ("位置", "Written at"),
    "rule": ("规则", "Rule"),
    "version": ("版本", "Version"),
    "first": ("首日", "First day"),
    "last": ("末日", "Last day"),
    "evaluated": ("判定次数", "Evaluated"),
    "fired": ("触发", "Fired"),
    "resolved": ("解除", "Resolved"),
    "acknowledged": ("已受理", "Taken up"),
    "accepted": ("说明获认可", "Explained"),
    "closed": ("已销案", "Closed"),
    "always": ("未注明", "not dated"),
    "from": ("自 {first} 起", "from {first}"),
    "until": ("至 {until} 前", "until before {until}"),
    "between": ("{first} 至 {until} 前", "{first} until before {until}"),
    "unverified_note": (
        "标“未核实”或“虚构”的数值未与原文核对，使用前请核实。",
        "Numbers marked unverified or invented were not compared with the original: check before use.",
    ),
    "no_changes": ("两者没有差异", "there is no difference"),
    "no_effects": ("该时段没有判定记录", "nothing was evaluated in that time"),
    "change_added": ("新增 {section} {id}：{after}", "added {section} {id}: {after}"),
    "change_removed": ("删除 {section} {id}：{before}", "removed {section} {id}: {before}"),
    "change_changed": (
        "修改 {section} {id}：{before} → {after}",
        "changed {section} {id}: {before} → {after}",
    ),
    "trust_source": ("已核对原文", "read in the source"),
    "trust_secondary": ("二手来源", "secondary source"),
    "trust_unverified": ("未核实", "unverified"),
    "trust_invented": ("虚构（演示）", "invented (demo)"),
    "from_set": ("，取自 {name}", ", taken from {name}"),
}


_KEYS: dict[str, tuple[str, str]] = {
    "number": ("文号", "Number"),
    "issuer": ("发布机关", "Issuer"),
    "jurisdiction": ("适用地域", "Jurisdiction"),
    "status": ("状态", "Status"),
    "in_force": ("现行", "in force"),
    "amended": ("已修订", "amended"),
    "repealed": ("已废止", "repealed"),
    "superseded": ("已被取代", "superseded"),
    "demo": ("演示", "demo"),
    "template": ("模板，待标准原文", "template, needs the standard"),
    "source": ("来源", "Source"),
    "review_by": ("评估日期", "Review by"),
    "supersedes": ("取代", "Supersedes"),
    "indicator": ("指标", "Indicator"),
    "unit": ("单位", "Unit"),
    "factor_set": ("系数组", "Factor set"),
    "falls_back_to": ("缺项取自", "Falls back to"),
    "headcount_components": ("计入人员", "People counted"),
    "selectors": ("适用于", "For"),
    "tiers": ("限值", "Tiers"),
    "constraint": ("约束值", "constraint"),
    "baseline": ("基准值", "baseline"),
    "guidance": ("引导值", "guidance"),
    "electricity_basis": ("电力折标口径", "Basis of electricity"),
    "equivalent": ("等价值", "equivalent"),
    "calorific": ("当量值", "calorific"),
    "coal_equivalent": ("折标准煤系数", "Coal equivalent"),
    "carbon": ("碳排放因子", "Carbon factors"),
    "asset": ("对象", "asset"),
    "organisation": ("单位", "organisation"),
    "building": ("建筑", "building"),
    "vehicle": ("车辆", "vehicle"),
    "kind": ("类型", "kind"),
    "level": ("级别", "level"),
    "zone": ("分区", "zone"),
    "province": ("省份", "province"),
    "climate": ("气候区", "climate"),
    "heating": ("供暖方式", "heating"),
    "comfort_class": ("建筑分类", "class"),
    "formula": ("公式", "Formula"),
    "kgco2_per_kwh": ("因子(kgCO2/kWh)", "Factor (kgCO2/kWh)"),
    "region": ("地区", "Region"),
    "year": ("年份", "Year"),
    "input": ("监测量", "Input"),
    "above": ("触发限值", "Fires above"),
    "clear_below": ("解除限值", "Clears at"),
    "for_": ("持续", "For"),
    "keep_firing_for": ("解除后保持", "Keeps firing for"),
    "severity": ("严重程度", "Severity"),
    "info": ("提示", "info"),
    "warning": ("警告", "warning"),
    "critical": ("严重", "critical"),
    "none": ("无", "none"),
    "quantity": ("监测量", "Quantity"),
    "advice": ("建议", "Advice"),
    "base_year": ("基准年", "Base year"),
    "target_year": ("目标年", "Target year"),
    "reduction_pct": ("下降(%)", "Reduction (%)"),
    "least": ("不低于", "Not below"),
    "most": ("不高于", "Not above"),
    "months": ("月份", "Months"),
    "except_kinds": ("除外类型", "Except"),
}
"""Keys and words of entries as people read them; others go by the words of findings, or by themselves."""


def rulebook_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)


def key_text(key: str, language: str) -> str:
    """What people call a key or a word of an entry; itself where there are no words for it."""
    named = _KEYS.get(key) or WORDS.get(key)
    return key if named is None else named[0 if language == "zh" else 1]


def period_text(first: str | None, until: str | None, language: str) -> str:
    """From when until when an entry is in force, as far as it is known; days in ISO 8601."""
    key = {
        (True, True): "between",
        (True, False): "from",
        (False, True): "until",
        (False, False): "always",
    }[first is not None, until is not None]
    return rulebook_text(key, language, first=first, until=until)
