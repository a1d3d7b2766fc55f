"""The words of entries by hand on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "entries_title": ("人工录入：{count} 笔", "Entered by hand: {count}"),
    "entries_none": ("没有符合条件的录入。", "Nothing of the kind was entered."),
    "ledger_title": ("{month} 用能台账：{count} 行", "Ledger of {month}: {count} lines"),
    "ledger_none": ("{month} 没有用能记录。", "There is nothing in the ledger of {month}."),
    "number": ("编号", "No."),
    "kind": ("类别", "Kind"),
    "kind_reading": ("抄表", "reading"),
    "kind_bill": ("账单", "bill"),
    "kind_purchase": ("燃料购入", "purchase"),
    "asset": ("计量点", "Asset"),
    "time": ("时间", "Time"),
    "figure": ("数值", "Figure"),
    "cost": ("金额（元）", "Cost (CNY)"),
    "entered_by": ("录入人", "Entered by"),
    "revision": ("版次", "Revision"),
    "note": ("备注", "Note"),
    "source": ("来源", "Source"),
    "source_telemetry": ("自动采集", "telemetry"),
    "source_reading": ("抄表", "reading"),
    "source_bill": ("账单", "bill"),
    "source_purchase": ("燃料购入", "purchase"),
    "source_computed": ("计算", "computed"),
    "source_missing": ("缺失", "missing"),
    "opening": ("期初表底数", "Opening"),
    "closing": ("期末表底数", "Closing"),
    "use": ("本月用量", "Use"),
    "estimated": ("估算占比", "Estimated"),
    "billed": ("账单用量", "Billed"),
    "previous": ("上月", "Month before"),
    "last_year": ("上年同月", "Last year"),
    "done_add": ("已录入：编号 {number}，{asset}。", "Entered: number {number}, {asset}."),
    "done_correct": (
        "已更正：编号 {number}，第 {revision} 版。",
        "Corrected: number {number}, revision {revision}.",
    ),
    "done_withdraw": ("已撤销：编号 {number}。", "Withdrawn: number {number}."),
    "done_document": ("已附上单据：{document}", "Document attached: {document}"),
    "template": ("空白录入表已写入 {path}", "The empty workbook was written to {path}"),
    "ledger_file": ("台账已写入 {path}", "The ledger was written to {path}"),
    "import_counts": (
        "新增 {added}，更正 {corrected}，未变 {unchanged}。",
        "{added} new, {corrected} corrected, {unchanged} as they were.",
    ),
    "dry_run": (
        "未写入；去掉 --dry-run 即写入。",
        "Nothing was written; leave --dry-run out to write.",
    ),
    "problems": ("{count} 处有误，未写入：", "{count} mistakes, nothing was written:"),
    "note_line": ("注意：{note}", "Note: {note}"),
    "reading_file": ("正在读取与检查", "Reading and checking"),
}


def hand_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
