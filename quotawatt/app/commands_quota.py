"""``quota``: where everybody stands, and the budgets, targets and explanations that go with it."""

from typing import Any

import typer
from typer.core import TyperGroup

from quotawatt.app import commands_assigned, commands_budget, commands_explanations
from quotawatt.app.commands_query import quota

_DEFAULT = "show"
_HELP = "--help"


class ShowsByDefault(TyperGroup):
    """A group that takes what is none of its commands for the arguments of ``show``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As in click; ``quota``, ``quota BLD-1`` and ``quota --as-of D`` are ``quota show ...``."""
        if not args or (args[0] not in self.commands and args[0] != _HELP):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add ``quota`` to the program."""
    group = typer.Typer(help="Quotas: status, budgets, assigned targets, explanations.")
    group.command(_DEFAULT)(quota)
    commands_budget.register(group)
    commands_assigned.register(group)
    commands_explanations.register(group)
    app.add_typer(group, name="quota", cls=ShowsByDefault)
