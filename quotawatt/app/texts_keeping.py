"""What the commands ``readings``, ``keep``, ``backup`` and ``restore`` say, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "export": ("导出", "Exporting"),
    "upload": ("上传", "Uploading"),
    "check": ("检查", "Checking"),
    "write": ("写入", "Writing"),
    "server": ("服务端检查并写入", "The system checks and writes"),
    "backup": ("备份", "Backing up"),
    "results": ("结果", "Results"),
    "exported": ("已导出 {count} 条读数到 {file}。", "{count} readings are in {file}."),
    "results_exported": ("已导出冻结结果到 {file}。", "The frozen results are in {file}."),
    "results_imported": (
        "已导入 {count} 条结果；{before} 之前的结果从此冻结。",
        "{count} results are in; what lies before {before} is frozen from now on.",
    ),
    "checked": (
        "{lines} 条读数，{series} 个序列，{first} 至 {last}；其中存疑 {suspect} 条。",
        "{lines} readings of {series} series, {first} to {last}; {suspect} of them are suspect.",
    ),
    "written": (
        "写入 {written} 条，已有 {duplicates} 条，冲突 {conflicts} 条；相关结果将重新计算。",
        "{written} were written, {duplicates} were there, {conflicts} conflict; results will follow.",
    ),
    "nothing_written": ("未写入任何读数。", "Nothing was written."),
    "wrong_line": ("第 {line} 行：{message}", "line {line}: {message}"),
    "wrong_lines": (
        "共 {count} 行有误，列出前 {shown} 行。",
        "{count} lines are wrong; the first {shown} are listed.",
    ),
    "kept_all": ("按设置永久保存。", "By the settings all is kept for ever."),
    "keep_line": ("{what}：{wanted}；{gone}。", "{what}: {wanted}; {gone}."),
    "readings": ("读数", "readings"),
    "hourly": ("小时结果", "hourly results"),
    "daily": ("日结果", "daily results"),
    "goes": ("{before} 之前的不再保存", "what lies before {before} is not kept"),
    "stays": ("永久保存", "kept for ever"),
    "gone": ("{before} 之前的已清除", "what lies before {before} is gone"),
    "none_gone": ("尚未清除", "nothing is gone yet"),
    "waits_announced": (
        "期限刚刚公布；采集进程知悉后才清除。",
        "The limit was only just announced; readings go once the collectors know of it.",
    ),
    "waits_behind": (
        "期限之前还有读数未计算；先运行 quotawatt analyse。",
        "Readings from before the limit are not computed yet; run quotawatt analyse first.",
    ),
    "asked": (
        "已请求：分析进程将在下一轮清除；用 quotawatt keep 查看进展。",
        "It is asked for: the analysis does it at its next turn; quotawatt keep shows how far it is.",
    ),
    "backed_up": (
        "{file}：已校验 {files} 个文件，{readings} 条读数，台账 {ledger} 条。"
        "其中有密钥与口令散列：请妥善保管。",
        "{file}: {files} files, verified, {readings} readings, {ledger} ledger entries. "
        "It holds keys and hashes of passwords: keep it safe.",
    ),
    "restored": (
        "已恢复到 {home}：{readings} 条读数，台账 {ledger} 条，全部校验一致。首次分析将核对最近的结果。",
        "Restored to {home}: {readings} readings, {ledger} ledger entries, all verified. "
        "The first analysis goes over the latest results.",
    ),
}


def keeping_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
