"""The words of carbon on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "node": ("节点", "node"),
    "location": ("基于位置 tCO2", "location tCO2"),
    "market": ("基于市场 tCO2", "market tCO2"),
    "amount": ("用量", "amount"),
    "factor": ("因子", "factor"),
    "coal": ("折标煤 tce", "tce"),
    "month": ("月", "month"),
    "fixed": ("固定因子 tCO2", "fixed factor tCO2"),
    "grid": ("外购电 kWh", "grid kWh"),
    "green": ("已核销绿电 kWh", "green kWh"),
    "tree_title": (
        "{asset} {year} 年碳排放（至 {until}）",
        "Carbon of {asset} in {year}, up to {until}",
    ),
    "months_title": ("{asset} {year} 年分月", "{asset} by month of {year}"),
    "memo": (
        "备查：光伏自用 {pv_self_use_kwh:,.0f} kWh，上网 {pv_export_kwh:,.0f} kWh，本单位充电桩充电 "
        "{charged_at_own_kwh:,.0f} kWh（已含在用电中），绿证匹配 {certificates_kwh:,.0f} kWh",
        "Memo: PV used {pv_self_use_kwh:,.0f} kWh, fed in {pv_export_kwh:,.0f} kWh; charged at own chargers "
        "{charged_at_own_kwh:,.0f} kWh (within the electricity); certificates {certificates_kwh:,.0f} kWh",
    ),
    "factor_line": (
        "因子 {measure}：{value} {unit}，{source}{trust}",
        "Factor of {measure}: {value} {unit}, {source}{trust}",
    ),
    "factor_year": ("（{region} {year} 年{mark}）", " ({region} {year}{mark})"),
    "provisional": ("，暂用", ", provisional"),
    "missing": ("缺少：{code} {detail}", "Missing: {code} {detail}"),
    "code": ("单位", "asset"),
    "target": ("目标", "target"),
    "used": ("已用", "used"),
    "limit": ("年限额", "limit"),
    "gap": ("差距", "gap"),
    "landing": ("预计落点（80% 区间）", "landing (80 %)"),
    "probability": ("超限概率", "over"),
    "targets_title": ("{as_of} 各目标进度", "On the path to targets, as of {as_of}"),
    "targets_none": ("没有可显示的目标进度。", "There is no account of a target to show."),
    "number": ("编号", "entry"),
    "certificate": ("证书", "certificate"),
    "kind": ("类别", "kind"),
    "energy": ("电量 MWh", "MWh"),
    "generated": ("生产期间", "generated"),
    "cancelled": ("核销日", "cancelled on"),
    "document": ("凭证", "document"),
    "kind_gec": ("绿证", "GEC"),
    "kind_green_power": ("绿电交易", "green power"),
    "certificates_title": ("绿色电力证书 {count} 份", "{count} certificates of green power"),
    "certificates_none": ("没有绿色电力证书。", "There are no certificates of green power."),
    "entered": ("已登记 {count} 份。", "{count} entered."),
    "cancelled_done": (
        "第 {id} 号已核销于 {cancelled_on}。",
        "Entry {id} cancelled on {cancelled_on}.",
    ),
    "withdrawn_done": ("第 {id} 号已撤回。", "Entry {id} withdrawn."),
    "item": ("项目", "item"),
    "met": ("满足", "met"),
    "points": ("得分", "points"),
    "shown": ("依据", "shown by"),
    "must": ("必备", "must"),
    "card_title": ("{title}{trust} · {asset} {year}", "{title}{trust} · {asset} {year}"),
    "card_points": (
        "得分 {points:.1f} / {possible_points:.0f}（可知 {known_points:.0f}）；",
        "{points:.1f} of {possible_points:.0f} points ({known_points:.0f} known); ",
    ),
    "card_must": ("必备项：{passed}；", "what must be met: {passed}; "),
    "card_level": ("称号：{level}。{note}", "title: {level}. {note}"),
    "passed_yes": ("满足", "met"),
    "passed_no": ("不满足", "not met"),
    "passed_unknown": ("待确认", "not known"),
    "none": ("无", "none"),
    "confirmed": ("已确认。", "Confirmed."),
    "account": ("账户", "account"),
    "without": ("现状", "without"),
    "with_plan": ("方案", "with the plan"),
    "next_without": ("次年现状", "year after"),
    "next_with_plan": ("次年方案", "year after, with it"),
    "unit": ("单位", "unit"),
    "effects_title": ("{asset} {year} 年方案测算", "What the plan does to {asset} in {year}"),
    "change_line": (
        "{action}：{measure} {amount:+,.0f} {unit}/年",
        "{action}: {measure} {amount:+,.0f} {unit} a year",
    ),
    "change_coal": (
        "（{kgce:+,.0f} kgce，{tce:+,.2f} tce，按 {by}）",
        " ({kgce:+,.0f} kgce, {tce:+,.2f} tce by {by})",
    ),
    "pv_line": (
        "光伏年发电 {generation_kwh:,.0f} kWh，自用 {self_use_pct:.0f}%，上网 {export_kwh:,.0f} kWh",
        "PV makes {generation_kwh:,.0f} kWh a year, {self_use_pct:.0f} % used on the spot, "
        "{export_kwh:,.0f} kWh fed in",
    ),
    "assumed_line": (
        "假定 {title}：{value:g} {unit}{trust}",
        "Assumed {title}: {value:g} {unit}{trust}",
    ),
    "origin_measured": ("（本单位实测）", " (measured here)"),
    "origin_given": ("（自行给定）", " (given by who asks)"),
    "action_pv": ("光伏", "PV"),
    "action_set_point": ("温度设定", "set-point"),
    "action_lighting": ("照明", "lighting"),
    "action_vehicle": ("换电动车", "vehicle"),
    "action_green_power": ("绿电", "green power"),
}


def carbon_text(key: str, language: str, **values: object) -> str:
    """The words of a key, with its values filled in."""
    return _TEXTS[key][0 if language == "zh" else 1].format(**values)
