"""Conditions of profiles, compiled: what a message, or a place in it, must be like."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collectors.paths import Path, look_up
from collectors.specs import ConditionSpec
from collectors.templates import text_of
from collectors.values import number, whole
from quotawatt.errors import InputError

Test = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. ``prefix``: that the payload begins with these bytes, else a test of a value."""

    spec: ConditionSpec
    path: Path
    test: Test
    prefix: bytes | None = None

    def holds(self, node: object, payload: bytes = b"") -> bool:
        """Whether it holds of a place in a message with that payload."""
        if self.prefix is not None:
            return payload.startswith(self.prefix)
        return self.test(look_up(node, self.path))


def compile_conditions(specs: Sequence[ConditionSpec]) -> tuple[Condition, ...]:
    """Prepare conditions, which all must hold."""
    return tuple(compile_condition(spec) for spec in specs)


def compile_condition(spec: ConditionSpec) -> Condition:
    """Prepare one condition."""
    prefix = None if spec.starts is None else bytes.fromhex(spec.starts)
    return Condition(spec, spec.path, _test(spec), prefix)


def _test(spec: ConditionSpec) -> Test:
    if spec.in_ is not None:
        return _is_one_of(spec.in_)
    if spec.present is not None:
        wanted = spec.present
        return lambda value: (value is not None) is wanted
    if spec.bit is not None:
        bit, is_ = spec.bit, 1 if spec.is_ is None else spec.is_
        return lambda value: _bit(value, bit) == is_
    return _lies_within(spec.at_least, spec.at_most)


def _is_one_of(texts: Sequence[str]) -> Test:
    plain = frozenset(text for text in texts if "*" not in text)
    globs = [".*".join(map(re.escape, text.split("*"))) for text in texts if "*" in text]
    pattern = re.compile("|".join(globs), re.DOTALL) if globs else None

    def test(value: object) -> bool:
        text = text_of(value)
        if text is None:
            return False
        return text in plain or (pattern is not None and pattern.fullmatch(text) is not None)

    return test


def _bit(value: object, bit: int) -> int | None:
    try:
        found = whole(value)
    except InputError:
        return None
    return None if found is None else found >> bit & 1


def _lies_within(low: float | None, high: float | None) -> Test:
    def test(value: object) -> bool:
        try:
            found = number(value)
        except InputError:
            return False
        if found is None:
            return False
        return (low is None or found >= low) and (high is None or found <= high)

    return test
