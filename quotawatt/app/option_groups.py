"""A dataclass of options in the place of a command's parameter ``source``."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_type_hints


def with_options(command: Callable[..., None], source: type[Any]) -> Callable[..., None]:
    """The command with the options of ``source``, a dataclass, in the place of its parameter."""
    hints = get_type_hints(source, include_extras=True)
    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in fields(source)
    ]
    names = {option.name for option in options}

    @functools.wraps(command)
    def run(**given: Any) -> None:
        own = {name: value for name, value in given.items() if name not in names}
        command(source=source(**{name: given[name] for name in names}), **own)

    signature = inspect.signature(command)
    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in signature.parameters.values()
        if parameter.name != "source"
    ]
    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    return run
