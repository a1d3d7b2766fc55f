"""The words of savings reports, in Chinese and English.

Chinese terms are those of GB/T 28750-2012 and GB/T 13234-2018 as far as they are known here, second hand.
"""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("{name}节能量测量与验证报告", "Measurement and Verification of Savings, {name}"),
    "draft": ("（未核证）", "(not verified)"),
    "number": ("核证编号：{number}", "Verification {number}"),
    "day": ("{year}年{month}月{day}日", "{year}-{month:02d}-{day:02d}"),
    "sign_client": ("用能单位（签章）：", "Client: "),
    "sign_provider": ("节能服务公司（签章）：", "Energy service company: "),
    "sign_checked": ("核证人：", "Verified by: "),
    "sign_date": ("日期：", "Date: "),
    # --- result ---
    "result": ("结论", "Result"),
    "saved": (
        "统计报告期（{first}至{last}）校准能耗 {adjusted} {unit}，实际能耗 {actual} {unit}，"
        "节能量 {savings} {unit}，节能率 {percent}%。",
        "In the reporting period, {first} to {last}, the adjusted baseline is {adjusted} {unit} and use "
        "{actual} {unit}: {savings} {unit} were saved, {percent} %.",
    ),
    "not_saved": (
        "统计报告期（{first}至{last}）校准能耗 {adjusted} {unit}，实际能耗 {actual} {unit}，"
        "未节能，多用 {more} {unit}。",
        "In the reporting period, {first} to {last}, the adjusted baseline is {adjusted} {unit} and use "
        "{actual} {unit}: nothing was saved, {more} {unit} more were used.",
    ),
    "between": (
        "仅计模型误差，以 {level}% 的置信水平，节能量在{low}至{high} {unit} 之间。",
        "By the model's errors alone, with a confidence of {level} %, the savings lie between {low} and "
        "{high} {unit}.",
    ),
    "accepted": (
        "68% 置信水平下相对不确定度 {fsu}%，不超过 {limit}%，符合 ASHRAE 指南 14-2014 的报告要求。",
        "The fractional savings uncertainty at 68 % is {fsu} %, within the {limit} % of ASHRAE "
        "Guideline 14-2014: the savings may be reported.",
    ),
    "not_accepted": (
        "68% 置信水平下相对不确定度 {fsu}%，超过 {limit}%，按 ASHRAE 指南 14-2014 不宜作为节能量报告。",
        "The fractional savings uncertainty at 68 % is {fsu} %, above the {limit} % of ASHRAE "
        "Guideline 14-2014: the savings should not be reported as such.",
    ),
    "nothing_accepted": (
        "节能量不大于零，不存在可报告的节能量。",
        "Savings are not above zero: there is nothing to report.",
    ),
    "beyond_drift": (
        "计入建筑自身用能的年际漂移（±{drift} {unit}）后，节能量仍大于零。",
        "They are above zero also with what buildings change by themselves in a year, ±{drift} {unit}.",
    ),
    "within_drift": (
        "节能量未超过建筑自身用能的年际漂移（±{drift} {unit}），应有分项计量或非常规事项记录佐证。",
        "They are no more than buildings change by themselves in a year, ±{drift} {unit}: sub-meters or a "
        "record of non-routine events should bear them out.",
    ),
    "not_uncertain": (
        "基准用量由双方约定，不计模型不确定度，也不随天气调整。",
        "The baseline is a figure that was agreed: it has no uncertainty of a model, and no weather.",
    ),
    "worth": (
        "节能效益 {saved} 元（校准能耗费用 {adjusted} 元，实际费用 {used} 元）。",
        "The savings are worth {saved} CNY (adjusted baseline {adjusted} CNY, use {used} CNY).",
    ),
    "worth_unknown": (
        "部分时段电价未知，节能效益无法计算。",
        "The price of some intervals is not known: the worth cannot be given.",
    ),
    # --- baseline ---
    "baseline": ("基期与模型", "Baseline period and model"),
    "baseline_text": (
        "基期{first}至{last}；模型为{kind}，{n}个时段，数据覆盖 {coverage}%，气温 {low}～{high} ℃。",
        "Baseline period {first} to {last}; model {kind} on {n} intervals, {coverage} % of the time, "
        "{low} to {high} °C.",
    ),
    "agreed_text": (
        "基准用量由合同约定，按日均摊。",
        "The baseline is a use agreed in the contract, the same every day.",
    ),
    "fit": ("模型拟合", "Fit of the model"),
    "in_sample": ("基期内", "Baseline period"),
    "cross_validated": ("分块交叉验证", "Blocked cross-validation"),
    "basis": ("口径", "On"),
    "r2": ("R²", "R²"),
    "cv_rmse": ("CV(RMSE)，%", "CV(RMSE), %"),
    "nmbe": ("NMBE，%", "NMBE, %"),
    "points": ("样本数", "Points"),
    "parameters": ("参数数", "Parameters"),
    # --- months ---
    "months": ("逐月节能量", "Savings by month"),
    "month": ("月份", "Month"),
    "actual": ("实际能耗", "Use"),
    "expected": ("模型能耗", "Expected"),
    "adjustment": ("非常规调整", "Non-routine"),
    "adjusted": ("校准能耗", "Adjusted baseline"),
    "savings": ("节能量", "Savings"),
    "savings_pct": ("节能率，%", "%"),
    "half_width": ("±（90%）", "± (90 %)"),
    "half_width_plain": ("±", "±"),
    "cumulative": ("累计节能量", "Cumulative"),
    "cumulative_half_width": ("±（90%）", "± (90 %)"),
    "total": ("合计", "Total"),
    # --- uncertainty ---
    "uncertainty": ("不确定度", "Uncertainty"),
    "level": ("置信水平", "Confidence"),
    "interval": ("节能量区间", "Savings between"),
    "fsu": ("相对不确定度，%", "FSU, %"),
    "fsu_constant": ("按 1.26 常数，%", "With 1.26, %"),
    "with_drift": ("含建筑自身漂移，±", "With drift, ±"),
    "drift": (
        "“±”只含模型误差。建筑在没有任何措施时用能也会变化，实测约每年 {drift}%（标准差）；"
        "末列计入两期之间的这一漂移。",
        "The ± is of the model's errors only. Use of a building changes without any measure, by about "
        "{drift} % a year (standard deviation) where it was measured; the last column has that drift between "
        "the periods in it.",
    ),
    "calibration": (
        "校准：模型值 × {slope} {a_day} {unit}/日，使基期净偏差为零。",
        "Calibration: the model's value × {slope} {a_day} {unit} a day, so that the net bias over the "
        "baseline period is nil.",
    ),
    "formula": (
        "ΔE = t · c(M) · CV · E校准 · √[ n/n′ · (1 + 2/n′) / m ]，n′ = n(1−ρ)/(1+ρ)。"
        "n = {n}，p = {p}，ρ = {rho}，n′ = {effective}，CV = {cv}%（{interval}）。",
        "ΔE = t · c(M) · CV · E_adjusted · √[ n/n′ · (1 + 2/n′) / m ], n′ = n(1−ρ)/(1+ρ). "
        "n = {n}, p = {p}, ρ = {rho}, n′ = {effective}, CV = {cv} % (by {interval}).",
    ),
    "formula_source": (
        "依据：ASHRAE 指南 14-2014 附录 B；c(M) 为 Sun 与 Baltazar（2013）多项式，M 为报告期月数。",
        "After ASHRAE Guideline 14-2014, annex B; c(M) is the polynomial of Sun and Baltazar (2013) in the "
        "months M of the reporting period.",
    ),
    "by_hour": ("小时", "hour"),
    "by_day": ("日", "day"),
    "by_month": ("月", "month"),
    # --- events ---
    "events": ("非常规事项", "Non-routine events"),
    "events_none": ("无非常规事项。", "There were none."),
    "event_days": ("起止日期", "Days"),
    "event_effect": ("调整", "Adjustment"),
    "event_reason": ("原因", "Reason"),
    "event_evidence": ("证明材料", "Evidence"),
    "effect_amount": ("{amount:+,.1f} {unit}/日", "{amount:+,.1f} {unit} a day"),
    "effect_share": ("{amount:+.1f}%", "{amount:+.1f} %"),
    "effect_excluded": ("不计入", "not counted"),
    # --- normal year ---
    "normal": ("标准气象年节能量", "Savings of a normal year"),
    "normal_text": (
        "按 {years} 的天气，改造前 {before} {unit}，改造后 {after} {unit}，节能量 {savings} {unit}"
        "（{percent}%），90% 置信水平 ±{width} {unit}。",
        "In the weather of {years}: {before} {unit} before, {after} {unit} after, {savings} {unit} saved "
        "({percent} %), ±{width} {unit} with a confidence of 90 %.",
    ),
    # --- contract ---
    "contract": ("合同结算", "Contract"),
    "contract_text": (
        "{title}（{kind}），用能单位{client}，节能服务公司{provider}，{first}至{last}。合同文件：{document}。",
        "{title} ({kind}), between {client} and {provider}, {first} to {last}. Document: {document}.",
    ),
    "kind_shared": ("节能效益分享型", "shared savings"),
    "kind_guaranteed": ("节能量保证型", "guaranteed savings"),
    "kind_custody": ("能源费用托管型", "custody"),
    "line": ("项目", "Line"),
    "value": ("数值", "Figure"),
    "guaranteed_use": ("保证节能量，{unit}", "Guaranteed savings, {unit}"),
    "shortfall_use": ("未达保证的差额，{unit}", "Short of the guarantee, {unit}"),
    "saved_cny": ("节能效益，元", "Worth of the savings, CNY"),
    "compensation_cny": ("差额补偿，元", "Compensation, CNY"),
    "fee_cny": ("托管费，元", "Custody fee, CNY"),
    "adjusted_cny": ("校准能耗费用，元", "Cost of the adjusted baseline, CNY"),
    "used_cny": ("实际能源费用，元", "Cost of the use, CNY"),
    "provider_cny": ("节能服务公司所得，元", "To the provider, CNY"),
    "client_cny": ("用能单位所得，元", "To the client, CNY"),
    # --- notes ---
    "findings": ("数据充分性", "Sufficiency of the data"),
    "findings_none": ("未发现问题。", "Nothing stands against the data."),
    "note_method": (
        "注：方法为国际节能效果测量和验证规程（IPMVP）选项 C；术语参照 GB/T 28750、GB/T 13234（二手来源，"
        "未与原文核对）。",
        "Method: IPMVP, option C. Chinese terms follow GB/T 28750 and GB/T 13234, second hand: not held "
        "against the standards.",
    ),
    "note_sums": (
        "各项合计只含实际能耗与校准能耗均已知的时段（{days} 日，占 {coverage}%）；“—”表示未知，不以零代替。",
        "Sums are of intervals in which both use and baseline are known ({days} days, {coverage} %); a dash "
        "is what is not known, never zero.",
    ),
    # --- models ---
    "model_towt": ("周内时段与气温（TOWT）", "time of week and temperature (TOWT)"),
    "model_linear": ("气温线性", "linear in temperature"),
    "model_3p_heating": ("三参数变点（供暖）", "3P change point, heating"),
    "model_3p_cooling": ("三参数变点（供冷）", "3P change point, cooling"),
    "model_4p": ("四参数变点", "4P change point"),
    "model_5p": ("五参数变点", "5P change point"),
    "model_boosted": ("梯度提升树", "gradient boosting"),
    "model_degree_days": ("度日", "degree days"),
}

KEYS = frozenset(_TEXTS)
"""The keys of all words."""


def savings_text(key: str, language: str, **values: object) -> str:
    """The words for a key in ``zh`` or ``en``, filled in."""
    return _TEXTS[key][language != "zh"].format(**values)
