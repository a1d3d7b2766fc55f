"""What templates can name, from the views: every field, and of what kind it is."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import get_args, get_origin, get_type_hints

from alerts.messages.views import CaseView, GroupView, MessageView

VIEWS: Mapping[str, type] = {"message": MessageView, "group": GroupView, "case": CaseView}
"""Views by the name under which templates and macros hold them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an expression is, as far as the check knows.

    view
        One view, or with ``many`` several of them; None: a plain value.
    """

    view: type | None = None
    many: bool = False


PLAIN = Shape()


@cache
def shapes_of(view: type) -> Mapping[str, Shape]:
    """The fields of a view by name."""
    hints = get_type_hints(view)
    return {field.name: _shape(hints[field.name]) for field in fields(view)}


def _shape(kind: object) -> Shape:
    if get_origin(kind) is tuple:
        return Shape(_view(get_args(kind)[0]), many=True)
    return Shape(_view(kind))


def _view(kind: object) -> type | None:
    return kind if isinstance(kind, type) and is_dataclass(kind) else None


def known_fields() -> list[str]:
    """All that templates can name, in the order of the views: ``message.title``, ``case.code``, ..."""
    return [f"{name}.{field}" for name, view in VIEWS.items() for field in shapes_of(view)]
