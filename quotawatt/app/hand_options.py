"""The figures of an entry by hand as options of a command, and as the body that the API takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

QuantityOption = Annotated[
    str | None, typer.Option("--quantity", help="e.g. coal_kg; default: the meter's main one.")
]
TimeOption = Annotated[
    str | None, typer.Option("--time", help="Of a reading: day or time, local or with a zone.")
]
ValueOption = Annotated[
    float | None, typer.Option("--value", help="Of a reading: what the register shows.")
]
FirstDayOption = Annotated[str | None, typer.Option("--first-day", help="YYYY-MM-DD, included.")]
LastDayOption = Annotated[str | None, typer.Option("--last-day", help="YYYY-MM-DD, included.")]
AmountOption = Annotated[float | None, typer.Option("--amount", help="Of a bill.")]
RateOption = Annotated[float | None, typer.Option("--gj-per-m2", help="Of a bill of heat by area.")]
OpeningOption = Annotated[float | None, typer.Option("--opening", help="Stock at the beginning.")]
BoughtOption = Annotated[float | None, typer.Option("--bought", help="Of a purchase.")]
ClosingOption = Annotated[float | None, typer.Option("--closing", help="Stock at the end.")]
CostOption = Annotated[float | None, typer.Option("--cost", help="CNY, with taxes.")]
ConfirmOption = Annotated[
    str | None,
    typer.Option("--confirm", help="reset, rollover or high: that a strange figure is right."),
]
NoteOption = Annotated[str | None, typer.Option("--note")]
DocumentOption = Annotated[
    Path | None, typer.Option("--document", help="Photograph or scan: JPEG, PNG, PDF.")
]

_FIELDS = (
    *("asset", "quantity", "time", "value", "first_day", "last_day", "amount", "gj_per_m2"),
    *("opening", "bought", "closing", "cost_cny", "confirm", "note"),
)
_OF_KIND: Mapping[str, frozenset[str]] = {
    "reading": frozenset({"asset", "quantity", "time", "value", "confirm", "note"}),
    "bill": frozenset(
        {
            *("asset", "quantity", "first_day", "last_day", "amount", "gj_per_m2"),
            *("cost_cny", "confirm", "note"),
        }
    ),
    "purchase": frozenset(
        {
            *("asset", "quantity", "first_day", "last_day", "opening", "bought", "closing"),
            *("cost_cny", "confirm", "note"),
        }
    ),
}


def body_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, by the names of the API."""
    named = {**options, "cost_cny": options["cost"]}
    return {name: named[name] for name in _FIELDS if named.get(name) is not None}


def corrected_body(kept: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a correction: the entry as it is kept, with what changes."""
    body = {name: kept.get(name) for name in _OF_KIND[kept["kind"]]} | {"kind": kept["kind"]}
    if kept["kind"] == "reading":
        body["time"] = kept["start"]
    if kept["gj_per_m2"] is not None:
        # The amount was worked out from the rate, and is again.
        del body["amount"]
    if "amount" in changed:
        body.pop("gj_per_m2", None)
    return {**body, **changed}
