"""What the commands of the analytics say, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    # series and sufficiency
    "series": (
        "{subject}，{measure}（{unit}），{first} 至 {last}，{count} 个{interval}值，有效 {known_pct} %",
        "{subject}, {measure} ({unit}), {first} to {last}: {count} {interval} values, {known_pct} % known",
    ),
    "hour": ("小时", "hourly"),
    "day": ("日", "daily"),
    "month": ("月", "monthly"),
    "disqualifies": ("不合格", "disqualifies"),
    "warns": ("注意", "note"),
    "sufficient": ("数据满足该用途的要求。", "The data are sufficient for that."),
    "insufficient": (
        "数据不满足该用途的要求（见上），以下结果不得作为依据。",
        "The data are not sufficient for that (see above): do not rely on what follows.",
    ),
    "no_baseline": ("不能建立基线，原因见上。", "There can be no baseline, for the reasons above."),
    # baseline
    "models": ("各候选模型（分块交叉验证）", "Candidate models, in blocked cross-validation"),
    "kind": ("模型", "Model"),
    "r2": ("R²", "R²"),
    "cv_rmse": ("CV(RMSE)", "CV(RMSE)"),
    "nmbe": ("NMBE", "NMBE"),
    "n": ("点数", "Points"),
    "chosen": ("选用", "Chosen"),
    "verdict_fit": (
        "选用 {kind}：基期内 R² {r2}，CV(RMSE) {cv_rmse}；在未见过的数据上 CV(RMSE) {cv_cv_rmse}。",
        "Chosen is {kind}: R² {r2} and CV(RMSE) {cv_rmse} in sample; CV(RMSE) {cv_cv_rmse} on data it had "
        "not seen.",
    ),
    "saved": ("已写入 {path}", "Written to {path}"),
    "baselines": ("已存基线（分块交叉验证）", "Stored baselines, in blocked cross-validation"),
    "subject": ("对象", "Subject"),
    "measure": ("指标", "Measure"),
    "version": ("版本", "Version"),
    "as_of": ("学习截至", "Learnt until"),
    "state": ("状态", "State"),
    "state_current": ("现行", "current"),
    "state_superseded": ("已更替", "superseded"),
    "state_dropped": ("已废弃", "dropped"),
    "state_insufficient": ("数据不足", "not enough data"),
    "refit": (
        "已登记重新学习（作业 {job}），由分析角色在下一轮执行。",
        "To be learnt anew as job {job}, at the analyser's next turn.",
    ),
    # anomalies
    "anomalies": ("异常", "Anomalies"),
    "since": ("开始", "Since"),
    "until": ("结束", "Until"),
    "what": ("内容", "What"),
    "size": ("偏差量", "Size"),
    "share": ("占预期", "Of expected"),
    "confidence": ("把握", "Confidence"),
    "still": ("未结束", "goes on"),
    "by_habit": (
        "预期值取自该序列自身的规律（未给出基线）。",
        "Expected is what the series itself does as a rule: no baseline was given.",
    ),
    "by_model": ("预期值取自给出的基线。", "Expected is what the given baseline says."),
    "no_anomalies": ("没有发现异常。", "Nothing is out of the ordinary."),
    "not_looked_at": (
        "但尚未学得任何基线，也就没有检查过：分析角色（quotawatt serve）运行后逐步学习。",
        "But no baseline is learnt yet, so nothing was looked at: the analyser of `quotawatt serve` learns "
        "them.",
    ),
    "verdict_anomalies": (
        "发现 {count} 个异常事件，其中 {open} 个尚未结束。",
        "{count} event(s) out of the ordinary, {open} of which still go on.",
    ),
    # forecast
    "forecast": ("{day} 逐时预测", "Forecast of {day} by the hour"),
    "hour_of_day": ("时刻", "Hour"),
    "expected": ("预期", "Expected"),
    "low": ("下限", "Low"),
    "high": ("上限", "High"),
    "temperature": ("气温（°C）", "Temperature (°C)"),
    "basis_baseline": (
        "依据基线和近日水平。",
        "It rests on the baseline, at the level of the last days.",
    ),
    "basis_habit": (
        "没有可用基线，依据近几周同类日子。",
        "There is no baseline that can answer: it rests on days like it in the last weeks.",
    ),
    "weather_given": ("按给出的气温。", "With the temperatures that were given."),
    "weather_persistence": (
        "没有给出当日气温，按近日气温推算，区间取自这样推算的误差。",
        "No temperatures of the day were given: those of the days before stand in, and the interval is that "
        "of forecasts made so.",
    ),
    "weather_none": ("未使用气温。", "Temperature is not used."),
    "calendar_unknown": (
        "当年工作日历尚未公布，按周末和法定节假日计。",
        "The working calendar of that year is not announced yet: weekends and statutory holidays stand in.",
    ),
    "verdict_forecast": (
        "全日预计 {total} {unit}，{level} % 区间 {total_low} 至 {total_high} {unit}。",
        "The day is expected to come to {total} {unit}, with {level} % between {total_low} and "
        "{total_high} {unit}.",
    ),
    # savings
    "savings": ("节能量", "Savings"),
    "period": ("时段", "Period"),
    "actual": ("实际", "Actual"),
    "adjusted": ("校准能耗", "Adjusted baseline"),
    "saved_amount": ("节能量", "Savings"),
    "saved_pct": ("节能率", "Savings, %"),
    "plus_minus": ("±（90 %）", "± (90 %)"),
    "total": ("合计", "Total"),
    "level": ("置信度", "Confidence"),
    "fsu": ("相对不确定度", "Of the savings"),
    "uncertainty": ("不确定度（ASHRAE 14-2014）", "Uncertainty (ASHRAE 14-2014)"),
    "verdict_savings": (
        "节能 {amount} {unit}（{pct} %），90 % 置信区间 {low} % 至 {high} %：{judged}。",
        "Saved are {amount} {unit} ({pct} %), at 90 % between {low} % and {high} %: {judged}.",
    ),
    "verdict_more": (
        "未节能：实际比校准能耗多 {more} {unit}（节能率 {pct} %，90 % 置信区间 {low} % 至 {high} %）。",
        "Nothing was saved: {more} {unit} more were used than the adjusted baseline (savings {pct} %, at "
        "90 % between {low} % and {high} %).",
    ),
    "beyond_drift": (
        "计入建筑自身用能的年际漂移（±{drift} {unit}）后，节能量仍大于零。",
        "They are above zero also with what buildings change by themselves in a year, ±{drift} {unit}.",
    ),
    "within_drift": (
        "但节能量未超过建筑自身用能的年际漂移（±{drift} {unit}），应有分项计量或非常规事项记录佐证。",
        "But they are no more than buildings change by themselves in a year, ±{drift} {unit}: sub-meters or "
        "a record of non-routine events should bear them out.",
    ),
    "accepted": ("不确定度符合 ASHRAE 14-2014 的要求", "sure enough for ASHRAE 14-2014"),
    "not_accepted": (
        "不确定度超过 ASHRAE 14-2014 的限值（68 % 置信度下 50 %），不能认定",
        "less sure than ASHRAE 14-2014 asks for (50 % at 68 % confidence): not to be reported as savings",
    ),
    "not_known": ("不确定度未知", "nothing can be said of the uncertainty"),
    "no_savings": (
        "不能计算节能量，原因见上。",
        "Nothing can be said of savings, for the reasons above.",
    ),
    # pictures
    "plot_actual": ("实际", "actual"),
    "plot_expected": ("预期", "expected"),
    "plot_band": ("{level} % 区间", "{level} % band"),
    "plot_hours": ("每小时（长时段为日均）", "by the hour (long courses: mean of the day)"),
    "plot_days": ("日用量", "by the day"),
    "plot_months": ("月用量", "by the month"),
    "plot_temperature": ("室外日均气温（°C）", "outdoor temperature, mean of the day (°C)"),
    "plot_profile_working": ("工作日", "working days"),
    "plot_profile_other": ("休息日", "other days"),
    "plot_hour": ("一天中的小时", "hour of the day"),
    "plot_adjusted": ("校准能耗", "adjusted baseline"),
    "plot_cumulative": ("累计节能量", "cumulative savings"),
    "plot_event": ("异常", "anomaly"),
    # report
    "report_title": ("用能基线报告：{subject}", "Baseline of {subject}"),
    "report_data": ("数据", "Data"),
    "report_findings": ("数据问题", "What to know of the data"),
    "report_model": ("模型", "Model"),
    "weight": ("性质", "Weight"),
    "in_sample": ("选用模型，基期内", "The chosen model, in sample"),
    "report_saw": (
        "基线依据 {first} 至 {last} 的 {n} 个值，覆盖率 {coverage} %，数据指纹 {hash}。",
        "The baseline rests on {n} values from {first} to {last}, {coverage} % of that time; "
        "fingerprint of the data {hash}.",
    ),
    "report_method": (
        "R² 为解释的方差份额；CV(RMSE) 为均方根误差占平均用量的百分比（分母 n-p）；"
        "NMBE 为平均偏差占平均用量的百分比（ASHRAE 14-2014）。"
        "交叉验证按连续时段分块，每块由其余各块拟合的模型预测。",
        "R² is the share of variance explained; CV(RMSE) the root mean square error in percent of the mean "
        "use, over n-p; NMBE the mean error in percent of it (ASHRAE 14-2014). Cross-validation leaves out "
        "blocks of time in a row, each predicted by models of the others.",
    ),
}


def analytics_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
