"""The words of the anomaly pages, Chinese and English side by side. Sentences about events are data."""

from collections.abc import Mapping

ANOMALY_TEXTS: Mapping[str, tuple[str, str]] = {
    "anomalies": ("用能异常", "Anomalies"),
    "anomalies_lead": (
        "与各表计、建筑自身的预期用能相比超出正常变化的情况；一次异常是一个事件，仍在持续的在前。",
        "What lies outside the ordinary variation of a meter's or building's expected use. One anomaly is "
        "one event; those that go on come first.",
    ),
    "anomalies_none": ("没有符合条件的异常。", "There is no anomaly of this kind."),
    "anomaly_number": ("第 {number} 号", "No. {number}"),
    "anomaly_kind": ("类型", "Kind"),
    "anomaly_any_kind": ("全部类型", "All kinds"),
    "anomaly_state": ("状态", "State"),
    "anomaly_any_state": ("持续中和已结束", "Going on and over"),
    "anomaly_state_open": ("持续中", "Goes on"),
    "anomaly_state_over": ("已结束", "Over"),
    "anomaly_state_withdrawn": ("已撤回", "Withdrawn"),
    "anomaly_state_ordinary": ("确认为正常", "Called ordinary"),
    "anomaly_filter": ("筛选", "Filter"),
    "anomaly_asset": ("资产代码（含下级）", "Asset code and those below"),
    "anomaly_confidence": ("把握 {percent}", "{percent} sure"),
    "anomaly_time": ("时间", "When"),
    "anomaly_when": ("{start} 至 {end}", "{start} to {end}"),
    "anomaly_since": ("{start} 起", "since {start}"),
    "anomaly_todo": ("怎么办", "What to do"),
    "anomaly_explained": (
        "由第 {number} 号（下级表计）说明",
        "Explained by No. {number}, of a part of it",
    ),
    "anomaly_withdrawn_not_found": (
        "数据补齐或更正后，不再超出正常范围。",
        "With data that came late or were corrected, or a newer baseline, it is not found any more.",
    ),
    "anomaly_withdrawn_part_of": ("已并入第 {number} 号。", "It is part of No. {number}."),
    "anomaly_ordinary_by": (
        "{by} 于 {date} 确认为正常：{comment}",
        "{by} called it ordinary on {date}: {comment}",
    ),
    "anomaly_course": ("前后用量", "The hours around it"),
    "anomaly_course_lead": (
        "每小时用量与判断时的预期及其 90 % 区间；底色为该事件，最长显示 42 天。",
        "Use by the hour with what was expected of it and the 90 % band; the event is shaded, 42 days are "
        "shown at most.",
    ),
    "anomaly_no_course": ("这段时间没有可画的数据。", "Nothing is known of these hours."),
    "anomaly_line_actual": ("实际", "Actual"),
    "anomaly_line_expected": ("预期", "Expected"),
    "anomaly_band": ("正常范围", "Ordinary"),
    "anomaly_line_beyond": ("超出范围", "Outside of it"),
    "anomaly_figures": ("数字", "In figures"),
    "anomaly_size": ("与预期之差", "Beyond what was expected"),
    "anomaly_expected": ("预期", "Expected"),
    "anomaly_hours": ("异常小时数", "Hours out of the ordinary"),
    "anomaly_hours_value": ("{hours} 小时", "{hours} h"),
    "anomaly_baseline": ("所依据的基线", "Judged by baseline"),
    "anomaly_baseline_value": ("第 {version} 版", "version {version}"),
    "anomaly_found": ("首次发现", "First found"),
    "anomaly_updated": ("最近更新", "Last changed"),
    "anomaly_ordinary": ("确认为正常", "Call it ordinary"),
    "anomaly_ordinary_lead": (
        "说明原因。此后不再作为异常提示，基线可以从这段时间学习；理由记入操作台账。",
        "Say why. It is no anomaly from then on, and baselines may learn from it; the ledger keeps the "
        "reason.",
    ),
    "anomaly_comment": ("说明", "Comment"),
    "anomaly_not_ordinary": ("撤销“正常”", "Take that back"),
    "anomaly_done_ordinary": ("已确认为正常。", "It was called ordinary."),
    "anomaly_done_not_ordinary": (
        "已撤销；是否仍在持续，下次判断时给出。",
        "That was taken back. Whether it goes on the next scoring says.",
    ),
    "anomaly_open_page": ("查看", "Look"),
}
