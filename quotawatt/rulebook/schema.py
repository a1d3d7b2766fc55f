"""Reading of pack nodes: values with line numbers, every problem collected, none thrown.

A reader of a field notes what is wrong with ``file:line: rule, got value`` and answers a placeholder, so
that one pass finds everything. Whoever loads must look at ``Problems`` before using the values.
"""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import yaml

from quotawatt.rulebook.basics import Citation, Text, Trust

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.-]*")
_DURATION = re.compile(r"(\d+)([dhm])")
_DURATION_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_TAG = "tag:yaml.org,2002:"

Fields = dict[str, yaml.Node]


@dataclass
class Problems:
    """What is wrong in one file; ``found`` holds the messages in the order of reading."""

    file: str
    found: list[str] = field(default_factory=list)

    def note(self, node: yaml.Node, rule: str, got: object) -> None:
        """Note a broken rule at the node's line; ``got`` is the offending value."""
        self.found.append(f"{self.place(node)}: {rule}, got {got}")

    def place(self, node: yaml.Node) -> str:
        """``file:line`` of a node."""
        return f"{self.file}:{node.start_mark.line + 1}"


def fields(
    node: yaml.Node,
    problems: Problems,
    what: str,
    required: Collection[str] = (),
    optional: Collection[str] = (),
) -> Fields:
    """The entries of a mapping by key. Unknown, double and missing keys are noted."""
    if not isinstance(node, yaml.MappingNode):
        problems.note(node, f"{what} must be a mapping", shown(node))
        return {}
    known: Fields = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else shown(key)
        if name in known:
            problems.note(key, f"{what} must have each key once", name)
        elif name not in required and name not in optional:
            keys = ", ".join([*required, *optional])
            problems.note(key, f"a key of {what} must be one of {keys}", name)
        else:
            known[name] = value
    for name in required:
        if name not in known:
            got = ", ".join(known) or "none of its keys"
            problems.note(node, f"{what} must have {name}", got)
    return known


def complete(found: Fields, required: Collection[str]) -> bool:
    """Whether all required keys are there; ``fields`` has noted it where not."""
    return all(name in found for name in required)


def entries(node: yaml.Node, problems: Problems, what: str) -> list[tuple[str, yaml.Node]]:
    """The entries of a mapping whose keys are free names, in order; double keys are noted."""
    if not isinstance(node, yaml.MappingNode):
        problems.note(node, f"{what} must be a mapping", shown(node))
        return []
    seen: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else shown(key)
        if name in seen:
            problems.note(key, f"{what} must have each key once", name)
        seen.setdefault(name, value)
    return list(seen.items())


def items(node: yaml.Node, problems: Problems, what: str) -> list[yaml.Node]:
    """The items of a list."""
    if not isinstance(node, yaml.SequenceNode):
        problems.note(node, f"{what} must be a list", shown(node))
        return []
    return list(node.value)


def text(node: yaml.Node, problems: Problems, what: str) -> str:
    """A text that is not blank."""
    if not _is_scalar(node, "str") or not str(node.value).strip():
        problems.note(node, f"{what} must be a text", shown(node))
        return ""
    return str(node.value).strip()


def word(node: yaml.Node, problems: Problems, what: str) -> str:
    """A text or a whole number, such as the number of a clause, as text.

    Not a decimal number: 4.10 would be 4.1.
    """
    if _is_scalar(node, "float"):
        problems.note(node, f"{what} must stand in quotes where it has a point", node.value)
        return ""
    return str(node.value) if _is_scalar(node, "int") else text(node, problems, what)


def identifier(node: yaml.Node, problems: Problems, what: str) -> str:
    """A name of lower-case letters, digits, dots and hyphens, as subjects of results hold it."""
    value = text(node, problems, what)
    if value and not _IDENTIFIER.fullmatch(value):
        problems.note(node, f"{what} must be of lower-case letters, digits, '.' and '-'", value)
    return value


def choice(node: yaml.Node, problems: Problems, what: str, allowed: Collection[str]) -> str:
    """One of the allowed words; the first of them stands in for a wrong one."""
    value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    if value not in allowed:
        problems.note(node, f"{what} must be one of {', '.join(allowed)}", shown(node))
        return next(iter(allowed))
    return value


def trust(node: yaml.Node, problems: Problems) -> Trust:
    """A trust mark."""
    return Trust(choice(node, problems, "trust", [t.value for t in Trust]))


def number(
    node: yaml.Node,
    problems: Problems,
    what: str,
    low: float = -math.inf,
    high: float = math.inf,
) -> float:
    """A finite number within ``[low, high]``; 1 stands in for a wrong one.

    true and false are no numbers, nor is a number in quotes.
    """
    if not (_is_scalar(node, "int") or _is_scalar(node, "float")):
        problems.note(node, f"{what} must be a number", shown(node))
        return 1.0
    try:
        value = float(node.value)
    except ValueError:  # what YAML 1.1 also takes for numbers: 0x1f, 1:30
        problems.note(node, f"{what} must be a decimal number", shown(node))
        return 1.0
    if not math.isfinite(value):
        problems.note(node, f"{what} must be finite", shown(node))
        return 1.0
    if not low <= value <= high:
        problems.note(node, f"{what} must lie in {low:g} to {high:g}", shown(node))
        return 1.0
    return value


def year(node: yaml.Node, problems: Problems, what: str) -> int:
    """A calendar year, 1990 to 2100."""
    if not _is_scalar(node, "int") or not re.fullmatch(r"(19[9]\d|20\d\d|2100)", node.value):
        problems.note(node, f"{what} must be a year from 1990 to 2100", shown(node))
        return 1990
    return int(node.value)


def day(node: yaml.Node, problems: Problems, what: str) -> date | None:
    """A date YYYY-MM-DD; ``null`` for one that is not known."""
    if _is_scalar(node, "null"):
        return None
    try:
        return date.fromisoformat(node.value)
    except (TypeError, ValueError):
        problems.note(node, f"{what} must be a date YYYY-MM-DD or null", shown(node))
        return None


def duration(node: yaml.Node, problems: Problems, what: str) -> timedelta:
    """A length of time: whole days, hours or minutes, as in ``3d``, ``24h``, ``30m``; ``0`` for none."""
    value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    if value == "0":
        return timedelta(0)
    match = _DURATION.fullmatch(value)
    if match is None or int(match[1]) > 100_000:
        problems.note(node, f"{what} must be a duration such as 3d, 24h or 30m", shown(node))
        return timedelta(0)
    return int(match[1]) * _DURATION_UNITS[match[2]]


def whole_days(node: yaml.Node, problems: Problems, what: str, least: int) -> timedelta:
    """A length of time of at least so many whole days."""
    length = duration(node, problems, what)
    if length % timedelta(days=1) or length < timedelta(days=least):
        problems.note(node, f"{what} must be at least {least} whole days", shown(node))
    return length


def both_languages(node: yaml.Node, problems: Problems, what: str) -> Text:
    """A text in Chinese and English."""
    found = fields(node, problems, what, ("zh", "en"))
    if not complete(found, ("zh", "en")):
        return Text("", "")
    return Text(
        text(found["zh"], problems, f"{what} zh"), text(found["en"], problems, f"{what} en")
    )


def citation(node: yaml.Node, problems: Problems) -> Citation:
    """A clause of an instrument; whether it exists is for the loader to check."""
    found = fields(node, problems, "cites", ("instrument", "clause"))
    if not complete(found, ("instrument", "clause")):
        return Citation("", "")
    return Citation(
        text(found["instrument"], problems, "instrument"),
        word(found["clause"], problems, "clause"),
    )


def shown(node: yaml.Node) -> str:
    """A node's value as an error message shows it, cut to a line."""
    if isinstance(node, yaml.ScalarNode):
        value = str(node.value)
        return repr(value if len(value) <= 60 else value[:57] + "...")
    kind = "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
    return f"{kind} of {len(node.value)}"


def _is_scalar(node: yaml.Node, kind: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TAG + kind


def clock(node: yaml.Node, problems: Problems, what: str) -> time:
    """A time of day, ``HH:MM``."""
    match = _CLOCK.fullmatch(str(node.value)) if isinstance(node, yaml.ScalarNode) else None
    if match is None:
        problems.note(node, f'{what} must be a time of day such as "08:00"', shown(node))
        return time(0)
    return time(int(match[1]), int(match[2]))
