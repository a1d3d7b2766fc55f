"""A small form for the tests: two months' sums are easy to reckon by hand."""

from quotawatt.rulebook.basics import Citation, Text, Trust
from quotawatt.rulebook.forms import (
    CheckKind,
    Form,
    FormCheck,
    FormRow,
    FormSheet,
    Origin,
    Source,
)


def row(name: str, source: Source, decimals: int = 0, *, required: bool = False) -> FormRow:
    title = Text(name, name)
    return FormRow(name, title, "kWh", decimals, source, required, Trust.INVENTED)


def check(kind: str, *rows: str, **others: object) -> FormCheck:
    values = {"per": "", "low": 0.0, "high": 0.0, "blocks": True, **others}
    title = Text(kind, kind)
    return FormCheck(kind, CheckKind(kind), title, rows, trust=Trust.INVENTED, **values)  # type: ignore[arg-type]


def form(*checks: FormCheck, version: str = "1") -> Form:
    """Sheet ``base`` with words and an area; ``use`` by month with power, its cost, and a sum of costs."""
    return Form(
        id="small",
        version=version,
        title=Text("小表", "Small form"),
        cites=Citation("x", "y"),
        code="",
        quarter_due_days=15,
        year_due=(3, 31),
        due_trust=Trust.INVENTED,
        sheets=(
            FormSheet(
                "base",
                Text("基本信息", "Base"),
                by_month=False,
                rows=(
                    row("name", Source(Origin.REGISTER, ("name",)), required=True),
                    row("area", Source(Origin.REGISTER, ("gross_area_m2",)), 1),
                    row("note", Source(Origin.HAND)),
                ),
            ),
            FormSheet(
                "use",
                Text("消费", "Use"),
                by_month=True,
                rows=(
                    row("power", Source(Origin.USE, ("electricity_import_kwh",)), required=True),
                    row("power_cost", Source(Origin.COST, ("electricity_import_kwh",)), 2),
                    row("water_cost", Source(Origin.COST, ("water_m3",)), 2),
                    row("cost", Source(Origin.SUM, ("power_cost", "water_cost")), 2),
                ),
            ),
        ),
        checks=checks,
        trust=Trust.INVENTED,
    )
