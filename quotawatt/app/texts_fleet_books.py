"""The words of the vehicles' books on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "drivers_title": ("驾驶员：{count} 人", "Drivers: {count}"),
    "drivers_none": ("没有登记驾驶员。", "No driver is entered."),
    "duty_title": ("值班用车：{count} 条", "The duty list: {count}"),
    "duty_none": ("没有值班用车。", "The duty list is empty."),
    "seals_title": ("封存记录：{count} 条", "Seals: {count}"),
    "seals_none": ("没有封存记录。", "No vehicle was sealed."),
    "services_title": ("维保与费用：{count} 条", "Services: {count}"),
    "services_none": ("没有维保与费用记录。", "No service is entered."),
    "cards_title": ("加油卡流水：{count} 笔", "Fuel-card rows: {count}"),
    "cards_none": ("没有加油卡流水。", "There is no fuel-card row."),
    "id": ("编号", "No."),
    "code": ("编码", "Code"),
    "name": ("姓名", "Name"),
    "organisation": ("单位", "Organisation"),
    "driver_pool": ("车队", "Driver pool"),
    "account": ("账号", "Account"),
    "active": ("在岗", "Active"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "vehicle": ("车辆", "Vehicle"),
    "first_day": ("起始日", "First day"),
    "until": ("截止日（不含）", "Until (not included)"),
    "reason": ("原因", "Reason"),
    "approved_by": ("批准人", "Approved by"),
    "withdrawn_by": ("撤销人", "Withdrawn by"),
    "sealed_at": ("封存时间", "Sealed"),
    "odometer_at_seal_km": ("封存里程 km", "Odometer km"),
    "unsealed_at": ("启封时间", "Unsealed"),
    "odometer_at_unseal_km": ("启封里程 km", "Odometer km then"),
    "day": ("日期", "Day"),
    "kind": ("类别", "Kind"),
    "kind_maintenance": ("保养", "maintenance"),
    "kind_repair": ("维修", "repair"),
    "kind_insurance": ("保险", "insurance"),
    "kind_inspection": ("年检", "inspection"),
    "kind_toll": ("过路费", "toll"),
    "kind_other": ("其他", "other"),
    "odometer_km": ("里程 km", "Odometer km"),
    "cost_cny": ("金额（元）", "Cost (CNY)"),
    "provider": ("服务单位", "Provider"),
    "time": ("时间", "Time"),
    "card": ("卡号", "Card"),
    "fuel": ("油品", "Fuel"),
    "fuel_petrol": ("汽油", "petrol"),
    "fuel_diesel": ("柴油", "diesel"),
    "litres": ("加油量 L", "Litres"),
    "station": ("加油站", "Station"),
    "done_driver": ("已登记：{code} {name}。", "Entered: {code} {name}."),
    "done_duty": (
        "已批准值班：编号 {id}，{vehicle}。",
        "On the duty list: no. {id}, {vehicle}.",
    ),
    "done_withdraw": ("已撤销：编号 {id}，{vehicle}。", "Taken back: no. {id}, {vehicle}."),
    "done_seal": ("已封存：{vehicle}。", "Sealed: {vehicle}."),
    "done_unseal": ("已启封：{vehicle}。", "Unsealed: {vehicle}."),
    "unseal_differs": (
        "注意：封存里程 {before:.0f} km，启封里程 {after:.0f} km。",
        "Note: the odometer was {before:.0f} km when it was sealed, and is {after:.0f} km now.",
    ),
    "done_service": ("已登记：编号 {id}，{vehicle}。", "Entered: no. {id}, {vehicle}."),
    "done_card": ("已登记 {added}，更正 {corrected}。", "{added} entered, {corrected} corrected."),
}


def fleet_book_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
