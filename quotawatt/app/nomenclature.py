"""docs/nomenclature.md, made from the tables of quantities and measures."""

from quotawatt.measures import MEASURES
from quotawatt.quantities import QUANTITIES, Quantity

_HEAD = """\
# Nomenclature

One identifier a quantity, with the unit in the name, across readings, results, API, boards and
register. This page is generated from `quotawatt/quantities.py` and `quotawatt/measures.py` by
`make generate`, and `make check` compares them.

## Words

| word | 中文 | what it means here |
|---|---|---|
| reading | 读数 | one value of one quantity at one instant, as the device gave it |
| device, channel | 设备, 通道 | who sends; phase or socket of it |
| binding | 绑定 | which device and channel feeds which asset, from when until when, with multiplier (倍率) and register size |
| point | 测点 | (asset code, quantity) |
| asset | 资产 | organisation, site, building, meter, PV plant or vehicle; its code is never reused |
| result | 结果 | a figure for an interval: (grain, subject, measure, start) |
| interval | 时段 | named by its start, half-open `[start, end)`; days and months are the site's own |
| quality | 质量 | `measured`, `estimated`, `suspect`, `missing` |
| coverage | 覆盖率 | share of an interval that rests on measurements, 0 to 1 |
| instrument, clause | 依据, 条款 | law, standard or policy, and the part of it that is cited |
| trust mark | 核实程度 | `source` read in the source, `secondary` quoted elsewhere, `unverified`, `invented` |
| factor set | 折标系数组 | kgce and kgCO2 for one unit of each measure; each quota names its own |
| quota tier | 定额等级 | constraint 约束值, baseline 基准值, guidance 引导值; *over* means above the constraint value |
| account | 账户 | one asset held against one quota or target in one year, `ASSET/QUOTA/YEAR` |
| alert, case | 告警, 事项 | the state of a rule for a subject; people's work on it |
| finding | 发现 | a problem in data, kept as a value |

## Quantities

A counter only grows and an interval's use is the difference of its ends; a gauge has a mean; a state
is 0 or 1. A reading outside the plausible range is stored as `suspect` and not used.

| quantity | unit | kind | plausible range | sign |
|---|---|---|---|---|
"""

_MEASURES = """
## Measures of results

A counter's name is also the measure of its use in an interval, a gauge's that of its mean. These exist
as results only; `sum` says whether finer grains add up to coarser ones.

| measure | unit | coarser grain |
|---|---|---|
"""


def _quantity_line(q: Quantity) -> str:
    return f"| `{q.name}` | {q.unit} | {q.kind} | {q.low:g} to {q.high:g} | {q.sign} |\n"


def nomenclature() -> str:
    """The whole page, deterministic."""
    quantities = "".join(_quantity_line(q) for q in QUANTITIES.values())
    measures = "".join(
        f"| `{m.name}` | {m.unit} | {'sum' if m.additive else 'latest or mean'} |\n"
        for m in MEASURES.values()
        if m.name not in QUANTITIES
    )
    return _HEAD + quantities + _MEASURES + measures
