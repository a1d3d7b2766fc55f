"""What the command line says, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "publishing": ("设备发布读数", "Devices publish"),
    "analysing": ("分析与预警", "Analysis and alerts"),
    "days": ("天", "days"),
    "title": (
        "{year} 年能耗定额执行情况（截至 {as_of}）",
        "Use against quota {year} (as of {as_of})",
    ),
    "asset": ("单位 / 建筑", "Organisation, building"),
    "use": ("用电 kWh", "Electricity kWh"),
    "where": ("《{instrument}》{clause}", "{instrument}, {clause}"),
    "silent_days": ("静默 {days:.1f} 天", "silent {days:.1f} d"),
    "quota": ("最紧定额", "Tightest quota"),
    "standing": ("状况", "Standing"),
    "share": ("已用", "Used"),
    "projected": ("年末预计", "Year-end"),
    "carbon": ("碳 tCO2", "tCO2"),
    "carbon_target": ("碳", "carbon"),
    "carbon_share": ("占碳目标", "of path"),
    "alerts": ("告警", "Alerts"),
    "open_alerts": ("未关闭告警 {count} 条", "{count} open alerts"),
    "rule": ("规则", "Rule"),
    "subject": ("对象", "Subject"),
    "since": ("起始", "Since"),
    "value": ("数值", "Value"),
    "clause": ("依据条款", "Clause"),
    "standing_over": ("超约束值", "over constraint"),
    "standing_projected_over": ("预计超约束值", "heading over"),
    "standing_amber": ("高于基准值", "above baseline"),
    "standing_within": ("约束值内", "within constraint"),
    "standing_fine": ("优于基准值", "better than baseline"),
    "standing_best": ("达到引导值", "meets guidance"),
    "standing_unknown": ("尚无法预计", "too early to say"),
    "code": ("代码", "Code"),
    "indicator": ("指标", "Indicator"),
    "limit": ("约束值", "Constraint"),
    "amount": ("用量", "Amount"),
    "unit": ("单位", "Unit"),
    "intensity": ("强度", "Intensity"),
    "coal": ("折标煤 tce", "tce"),
    "to_budget": ("较预算", "To budget"),
    "interval": ("80% 区间", "80 % interval"),
    "coverage": ("覆盖率", "Coverage"),
    "emitted": ("排放 tCO2", "Emitted tCO2"),
    "allowed": ("允许 tCO2", "Allowed tCO2"),
    "grid_factor": ("电网因子", "Grid factor"),
    "provisional": ("{year} 年（暂用）", "{year}, provisional"),
    "factor_year": ("{year} 年", "{year}"),
    "measure": ("计量项", "Measure"),
    "start": ("起始", "Start"),
    "quality": ("质量", "Quality"),
    "quality_measured": ("实测", "measured"),
    "quality_estimated": ("估算", "estimated"),
    "quality_suspect": ("存疑", "suspect"),
    "quality_missing": ("缺失", "missing"),
    "last_seen": ("最近发现", "Last seen"),
    "number": ("编号", "No."),
    "state": ("状态", "State"),
    "state_pending": ("待触发", "pending"),
    "state_firing": ("触发中", "firing"),
    "state_resolved": ("已解除", "resolved"),
    "severity": ("级别", "Severity"),
    "severity_critical": ("严重", "critical"),
    "severity_warning": ("警告", "warning"),
    "severity_info": ("提示", "notice"),
    "arrived": ("到达时间", "Arrived"),
    "reason": ("原因", "Reason"),
    "topic": ("主题", "Topic"),
    "message": ("说明", "Message"),
    "quota_title": (
        "{year} 年定额执行情况（截至 {as_of}）",
        "Use against quota {year} (as of {as_of})",
    ),
    "carbon_title": (
        "{year} 年碳排放与路径（截至 {as_of}）",
        "Carbon against path {year} (as of {as_of})",
    ),
    "consumption_title": ("{subject} 用能（{zone}）", "Use of {subject} ({zone})"),
    "alerts_title": ("告警 {count} 条（{zone}）", "Alerts: {count} ({zone})"),
    "deadletters_title": ("死信 {count} 条（{zone}）", "Dead letters: {count} ({zone})"),
    "quota_none": ("没有可显示的定额执行情况。", "There is no quota account to show."),
    "carbon_none": ("没有可显示的碳目标执行情况。", "There is no carbon account to show."),
    "consumption_none": ("该时段没有数据。", "There are no data in this span."),
    "taken_up": (
        "告警 {number}（{rule}，{subject}）：{by} 已于 {at} 签收。",
        "Alert {number} ({rule}, {subject}): taken up by {by}, {at}.",
    ),
    "alerts_none": ("没有符合条件的告警。", "There are no such alerts."),
    "devices_title": (
        "未登记设备与通道 {count} 个（{zone}）",
        "Devices not bound: {count} ({zone})",
    ),
    "devices_none": ("没有未登记的设备。", "There are no devices that are not bound."),
    "device_title": (
        "{device}（{profile}），{first} 至 {last}，消息 {messages} 条，留存 {kept} 条",
        "{device} ({profile}), {first} to {last}, {messages} messages, {kept} kept",
    ),
    "device_last": (
        "最近一条消息，主题 {topic}：{payload}",
        "Last message, topic {topic}: {payload}",
    ),
    "device": ("设备", "Device"),
    "profile": ("协议模板", "Profile"),
    "channel": ("通道", "Channel"),
    "quantity": ("计量项", "Quantity"),
    "time": ("时间", "Time"),
    "messages": ("消息数", "Messages"),
    "kept": ("留存", "Kept"),
    "offers": ("可采集", "Offers"),
    "adopt_warning": ("注意：{warning}", "Note: {warning}"),
    "adopted": (
        "设备 {device}（通道“{channel}”）已绑定到 {asset}，自 {since}（{zone}）起。",
        "{device} (channel '{channel}') is bound to {asset} from {since} ({zone}).",
    ),
    "adopted_ended": (
        "设备 {device} 对 {asset} 的绑定自 {since}（{zone}）起终止。",
        "{device} feeds {asset} no more from {since} ({zone}).",
    ),
    "adopted_rows": (
        "请将以下行写入台账文件夹的 bindings.csv（替换同一绑定的行）：",
        "For the bindings.csv of the register's folder, in place of rows of the same binding:",
    ),
    "unknown_family": (
        "另有 {messages} 条消息不属于任何已知协议，例如主题 {topic}："
        "先看 quotawatt deadletters list --reason no_profile，"
        "再编写协议模板（collectors/profiles/README.md）并 quotawatt deadletters retry。",
        "{messages} messages of no known family, e.g. topic {topic}: "
        "quotawatt deadletters list --reason no_profile; "
        "then write a profile (collectors/profiles/README.md) and quotawatt deadletters retry.",
    ),
    "replayed": (
        "已补录留存消息 {replayed} 条，读数 {readings} 个，拒收 {refused} 条。",
        "{replayed} kept messages taken in: {readings} readings, {refused} refused.",
    ),
    "forgotten": (
        "设备 {device} 已从列表移除，连同留存消息 {messages} 条。",
        "{device} is no longer listed; {messages} kept messages went with it.",
    ),
    "retried": (
        "已重试死信 {tried} 条，恢复 {recovered} 条；被截断而无法重试 {cut} 条。",
        "{tried} dead letters tried, {recovered} recovered; {cut} were cut and cannot be tried.",
    ),
    "job_waiting": ("等待采集进程", "waiting for a collector"),
    "job_running": ("进行中", "running"),
    "job_done": ("完成", "done"),
    "job_failed": ("失败", "failed"),
    "deadletters_none": ("没有死信。", "There are no dead letters."),
    "published": (
        "经 MQTT 收到 {readings:,} 个读数（{messages:,} 条消息），用时 {seconds:.0f} 秒，内存峰值 {memory:.0f} MB。",
        "{readings:,} readings in {messages:,} MQTT messages took {seconds:.0f} s, peak memory {memory:.0f} MB.",
    ),
    "trust": (
        "条款后的标记：〔二手〕〔未核实〕表示尚未核对原文；供暖用电、机房用电等仅在有分项计量时扣除；"
        "演示中的单位、面积与基准值均为虚构。",
        "Marks behind a clause: (secondary), (unverified) were not checked against the original. Electric "
        "heating and server rooms are deducted where they have a sub-meter. The demo's institutions, areas and base "
        "values are invented.",
    ),
    "broker_next": (
        "下一步：代理须能读取该文件（现属用户 {owner}，权限 {mode}）；然后令代理重新读取：kill -HUP。",
        "Next: the broker must be able to read it (now of user {owner}, mode {mode}); then let it read it "
        "anew: kill -HUP.",
    ),
    "broker_kept": (
        "保留了登记册以外的账号：{names}（如需删除：--remove 账号）。",
        "Kept, though not of the register: {names} (--remove ACCOUNT takes one out).",
    ),
    "broker_gone": (
        "保留了已解除绑定的设备账号：{names}（如需删除：--remove 账号）。",
        "Kept, though no longer bound: {names} (--remove ACCOUNT takes one out).",
    ),
    "broker_onboarding": (
        "账号 {account} 可冒充任何设备发布：设备登记完成后请去掉 --onboarding 重新生成规则。",
        "{account} may publish as any device: make the rules anew without --onboarding once all are adopted.",
    ),
    "console": ("控制台：{url}", "Console: {url}"),
    "live": (
        "演示时钟以 {speed:g} 倍速继续运行；按 Ctrl+C 结束。",
        "The demo's clock goes on at {speed:g} times real time; Ctrl+C ends it.",
    ),
    "stopping": ("正在停止。", "Stopping."),
    "source": ("", ""),
    "secondary": ("〔二手〕", " (secondary)"),
    "unverified": ("〔未核实〕", " (unverified)"),
    "invented": ("〔虚构〕", " (invented)"),
}


def text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
