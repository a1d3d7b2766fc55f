"""What the command line says of the register's files, in Chinese and English."""

_TEXTS: dict[str, tuple[str, str]] = {
    "reading": ("读取中：{rows} 行", "reading: {rows} rows"),
    "checking": ("检查中", "checking"),
    "writing": ("写入中", "writing"),
    "added": ("新增 {count}", "{count} added"),
    "changed": ("变更 {count}", "{count} changed"),
    "removed": ("删除 {count}", "{count} removed"),
    "kind": ("{kind}：{counts}", "{kind}: {counts}"),
    "one_added": ("  新增 {record}", "  added {record}"),
    "one_removed": ("  删除 {record}", "  removed {record}"),
    "one_changed": (
        "  变更 {record} {column}：{before} → {after}",
        "  changed {record} {column}: {before} -> {after}",
    ),
    "dated": ("（自变更日起）", " (with its day)"),
    "correction": ("（更正，视为一贯如此）", " (correction: it was always so)"),
    "more": ("  另有 {count} 条", "  and {count} more"),
    "none": ("与已存台账一致，没有差异。", "nothing differs from what is stored"),
    "kept": (
        "已保留：接入的绑定 {record}；请用 register export 导出台账，或用 --prune 删除",
        "kept: adopted {record}; export the register or pass --prune to remove it",
    ),
    "kept_end": (
        "已保留：因接入而终止的绑定 {record}；请用 register export 导出台账，或用 --prune 以文件为准",
        "kept: ended by an adoption {record}; export the register or pass --prune to take the file's",
    ),
    "note": ("提示：{note}", "note: {note}"),
    "dry_run": ("以上为预演，未写入任何内容。", "This was a dry run: nothing was written."),
    "done": ("已导入。", "Imported."),
    "valid": (
        "没有错误：{assets} 项资产，{bindings} 条绑定。",
        "{assets} assets, {bindings} bindings: no errors",
    ),
    "valid_empty": (
        "没有错误，但也没有任何记录：请在各工作表中填写。",
        "no errors, and no records: fill in the sheets",
    ),
    "more_problems": (
        "另有 {count} 个错误（--json 列出全部）",
        "and {count} more (--json lists all)",
    ),
    "problems": ("共 {count} 个错误，未写入任何内容：", "{count} errors, nothing was written:"),
    "exported": ("已导出：{path}", "exported: {path}"),
    "template": (
        "已生成模板：{path}；填写后先 register validate，再 register import --dry-run。",
        "template written: {path}; fill it in, then register validate, then register import --dry-run.",
    ),
    "replayed": ("已补录留存消息 {count} 条。", "{count} kept messages taken in"),
}


def register_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
