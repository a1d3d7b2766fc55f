"""Progress bars of long work on readings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from quotawatt.app.console import stderr
from quotawatt.app.texts_keeping import keeping_text

Advance = Callable[[str, int, int | None], None]
"""Told a step (key of the texts), how much of it is done, and of how much (None: not known)."""


@contextmanager
def bars(language: str) -> Iterator[Advance]:
    """One bar a step, on the error output, gone at the end; nothing where that is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=stderr, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def advance(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(keeping_text(step, language), total=total)
            progress.update(tasks[step], completed=done, total=total)

        yield advance
