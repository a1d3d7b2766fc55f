"""What ``rules list``, ``show``, ``diff``, ``versions`` and ``effects`` say, in Chinese and English."""

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
    "evaluated": ("评估次数", "Evaluated"),
    "fired": ("触发", "Fired"),
    "resolved": ("解除", "Resolved"),
    "acknowledged": ("已受理", "Taken up"),
    "accepted": ("说明获认可", "Explained"),
    "always": ("未注明", "not dated"),
    "from": ("自 {first} 起", "from {first}"),
    "until": ("至 {until} 前", "until before {until}"),
    "between": ("{first} 至 {until} 前", "{first} until before {until}"),
    "unverified_note": (
        "标“未核实”或“虚构”的数值未与原文核对，使用前请核实。",
        "Numbers marked unverified or invented were not compared with the original: check before use.",
    ),
    "no_changes": ("两者没有差异", "there is no difference"),
    "no_effects": ("该时段没有评估记录", "nothing was evaluated in that time"),
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
    "section_instruments": ("法规标准", "instrument"),
    "section_factor_sets": ("系数组", "factor set"),
    "section_grid_factors": ("电网因子", "grid factor"),
    "section_quotas": ("定额", "quota"),
    "section_targets": ("目标", "target"),
    "section_rules": ("规则", "rule"),
    "section_set_points": ("温度限值", "set point"),
    "section_norms": ("实物标准", "norm"),
    "section_indicators": ("指标", "indicator"),
    "section_tariffs": ("电价气价", "tariff"),
    "section_forms": ("报表", "form"),
}


def rulebook_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)


def section_text(section: str, language: str) -> str:
    """What people call an entry of a section; the section's own name where there are no words for it."""
    key = f"section_{section}"
    return rulebook_text(key, language) if key in _TEXTS else section


def period_text(first: str | None, until: str | None, language: str) -> str:
    """From when until when an entry is in force, as far as it is known; days in ISO 8601."""
    key = {
        (True, True): "between",
        (True, False): "from",
        (False, True): "until",
        (False, False): "always",
    }[first is not None, until is not None]
    return rulebook_text(key, language, first=first, until=until)
