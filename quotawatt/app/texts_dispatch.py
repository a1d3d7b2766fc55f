"""The words of orders for vehicles on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "orders_title": ("派车单：{count} 张", "Orders: {count}"),
    "orders_none": ("没有符合条件的派车单。", "There is no such order."),
    "matches_title": (
        "派车单与行程（{first} 至 {until}）：{count} 张",
        "Orders and trips ({first} until {until}): {count}",
    ),
    "matches_none": ("{first} 至 {until} 没有派车单。", "There is no order {first} until {until}."),
    "without_title": ("无派车单的行程：{count} 次", "Trips without an order: {count}"),
    "without_none": ("所有行程都有派车单。", "Every trip has an order."),
    "number": ("单号", "No."),
    "state": ("状态", "State"),
    "organisation": ("用车单位", "Organisation"),
    "applicant": ("申请人", "Applicant"),
    "purpose": ("事由", "Purpose"),
    "places": ("目的地", "Places"),
    "planned": ("计划时间", "Planned"),
    "time": ("用车时间", "Time"),
    "vehicle": ("车辆", "Vehicle"),
    "driver": ("驾驶员", "Driver"),
    "km": ("里程 km", "km"),
    "trips": ("行程", "Trips"),
    "trips_km": ("行程 km", "Trips km"),
    "missing": ("缺少", "Missing"),
    "differs": ("不符", "Differs"),
    "start": ("开始", "Start"),
    "end": ("结束", "End"),
    "missing_time": ("时间", "time"),
    "missing_purpose": ("事由", "purpose"),
    "missing_place": ("地点", "place"),
    "missing_distance": ("里程", "distance"),
    "missing_energy": ("油耗", "energy"),
    "missing_cost": ("费用", "cost"),
    "missing_driver": ("驾驶员", "driver"),
    "missing_odometer": ("里程表数", "odometer"),
    "missing_rating": ("评价", "rating"),
    "differs_no_trip": ("无行程记录", "no trip was recorded"),
    "differs_distance": (
        "里程表 {told:.1f} km，行程 {found:.1f} km",
        "odometer {told:.1f} km, trips {found:.1f} km",
    ),
    "differs_planned_distance": (
        "计划 {told:.1f} km，实际 {found:.1f} km",
        "planned {told:.1f} km, driven {found:.1f} km",
    ),
    "differs_odometer_out": (
        "出车里程表 {told:.0f}，记录 {found:.0f}",
        "odometer out {told:.0f}, recorded {found:.0f}",
    ),
    "differs_odometer_in": (
        "收车里程表 {told:.0f}，记录 {found:.0f}",
        "odometer in {told:.0f}, recorded {found:.0f}",
    ),
    "differs_left_at": ("出车登记 {told}，记录 {found}", "left {told}, recorded {found}"),
    "differs_returned_at": ("收车登记 {told}，记录 {found}", "back {told}, recorded {found}"),
    "differs_left_early": ("早于计划 {told} 出车：{found}", "left {found}, planned {told}"),
    "differs_returned_late": ("晚于计划 {told} 收车：{found}", "back {found}, planned {told}"),
    "differs_place": ("未到 {told}", "did not stop at {told}"),
    "done_request": ("已申请：{number} 号派车单。", "Asked for: order {number}."),
    "done": ("{number} 号派车单：{said}。", "Order {number}: {said}."),
    "export": ("已写入 {path}：{count} 张派车单", "{count} orders were written to {path}"),
    "template": ("空白表已写入 {path}", "The empty workbook was written to {path}"),
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


def dispatch_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
