"""YAML of device profiles as plain values, with the line of every place, and every mistake in it at once."""

from collections.abc import Iterator

import yaml

from collectors.values import shown

Location = tuple[str | int, ...]

NODES_LIMIT = 100_000
DEPTH_LIMIT = 40

# Written in C where PyYAML was built with it; both know the same of YAML.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BOOL = "tag:yaml.org,2002:bool"
_QUOTED = "must stand in quotation marks, for YAML reads it as"


class ProfileYaml:
    """A text in YAML, read.

    value
        What it holds, as far as ``complete``.
    problems
        (line, what is wrong) of each mistake.
    """

    def __init__(self, text: str) -> None:
        self.value: object = None
        self.complete = False
        self.problems: list[tuple[int, str]] = []
        self._lines: dict[Location, int] = {}
        self._nodes = 0
        try:
            self._loader = _Loader(text)
            node = self._loader.get_single_node()
            self.value = None if node is None else self._value(node, ())
            self.complete = True
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            self._refuse(mark.line + 1 if mark else 1, error.problem)
        except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that there is none of
            self._refuse(max(self._lines.values(), default=1), error)

    def line(self, place: Location) -> int:
        """The line of a place, or of the nearest one around it that the text has."""
        while place not in self._lines and place:
            place = place[:-1]
        return self._lines.get(place, 1)

    def _refuse(self, line: int, why: object) -> None:
        self.problems.append((line, f"a profile must be YAML: {why}"))

    def _value(self, node: yaml.Node, place: Location) -> object:
        self._nodes += 1
        if self._nodes > NODES_LIMIT or len(place) > DEPTH_LIMIT:
            rule = (
                f"at most {NODES_LIMIT} values, with what anchors stand for, and {DEPTH_LIMIT} deep"
            )
            raise yaml.constructor.ConstructorError(None, None, rule, node.start_mark)
        self._lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*place, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, place))
        return self._scalar(node)

    def _entries(self, node: yaml.MappingNode, place: Location) -> Iterator[tuple[str, object]]:
        found: set[str] = set()
        for key_node, child in node.value:
            key = self._key(key_node)
            line = key_node.start_mark.line + 1
            if key is None:
                continue
            if key in found:
                self.problems.append((line, f"a key must occur once, got {shown(key)} again"))
            found.add(key)
            yield key, self._value(child, (*place, key))

    def _key(self, node: yaml.Node) -> str | None:
        """A key; None where it is none, which is noted."""
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            self.problems.append((line, "a key must be a text, got a list or an object"))
            return None
        key = self._loader.construct_object(node)
        if isinstance(key, str):
            return key
        self.problems.append((line, f"the key {node.value} {_QUOTED} {key!r}"))
        return str(node.value)

    def _scalar(self, node: yaml.Node) -> object:
        value: object = self._loader.construct_object(node)
        if node.tag == _BOOL and node.value.lower() not in ("true", "false"):
            line = node.start_mark.line + 1
            self.problems.append((line, f"{node.value} {_QUOTED} {value!r}"))
        return value
