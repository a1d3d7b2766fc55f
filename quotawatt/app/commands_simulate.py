"""``simulate``: labelled faults in a file, to hold detection against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotawatt.app.console import stdout
from quotawatt.errors import InputError

if TYPE_CHECKING:
    from simulators.seriesfaults import SeriesFaultKind


def register(app: typer.Typer) -> None:
    """Add ``simulate`` to the program."""
    simulate = typer.Typer(help="Made-up faults, with the truth beside.", no_args_is_help=True)
    simulate.callback()(_group)
    simulate.command("faults")(faults)
    app.add_typer(simulate, name="simulate")


def _group() -> None:
    """Made-up faults, with the truth beside."""


def faults(
    file: Annotated[Path, typer.Argument(help="Use by the hour: time, value.")],
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="By default one of each.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same faults.")] = 1,
    column: Annotated[
        str, typer.Option("--column", help="By default the only one of numbers.")
    ] = "",
    zone: Annotated[str, typer.Option("--zone", help="Whose clock it is.")] = "Asia/Shanghai",
    out: Annotated[Path | None, typer.Option("--out", help="By default FILE.faults.csv.")] = None,
) -> None:
    """Put faults into a series; writes it, and kind, start, end and size of each fault beside it."""
    # Loaded only here: no other command needs them.
    from quotawatt.app.energy_csv import Layout, read_series
    from quotawatt.spans import Span
    from simulators.drawnfaults import draw_faults
    from simulators.seriesfaults import inject

    series = read_series(file, Layout(column=column, zone=zone)).series
    starts = series.frame.index
    span = Span(starts[0].to_pydatetime(), starts[-1].to_pydatetime())
    drawn = draw_faults(span, series.zone, _kinds(kind), seed)
    frame, truth = inject(series.frame, drawn, series.zone, seed)
    written = out or file.with_name(f"{file.name.split('.')[0]}.faults.csv")
    beside = written.with_name(f"{written.name.removesuffix('.csv')}.truth.csv")
    frame.dropna(axis="columns", how="all").to_csv(written)
    truth.to_csv(beside, index=False)
    stdout.print(f"{written}\n{beside}", markup=False, highlight=False, soft_wrap=True)


def _kinds(names: list[str] | None) -> list[SeriesFaultKind]:
    """The kinds of these names; all where none is named."""
    from simulators.seriesfaults import SeriesFaultKind

    known = [kind.value for kind in SeriesFaultKind]
    for name in names or ():
        if name not in known:
            raise InputError(f"a kind of fault must be one of {', '.join(known)}, got {name}")
    return [SeriesFaultKind(name) for name in names or known]
