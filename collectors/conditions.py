"""Conditions of profiles, compiled: what a message, or a place in it, must be like."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collectors.fieldspecs import ConditionSpec
from collectors.paths import getter
from collectors.templates import text_of
from collectors.values import number, whole
from quotawatt.errors import InputError

Test = Callable[[object], bool]

_TEXT_LIMIT = 1024  # of what may fit a text with *: several of them in a long text take for ever


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: of the payload's first bytes (``prefix``), of its last (``suffix``), else of a value."""

    spec: ConditionSpec
    value: Callable[[object], object]
    test: Test
    prefix: bytes | None = None
    suffix: bytes | None = None

    @property
    def of_bytes(self) -> bool:
        """Whether it is one of the payload as it came, whatever its format."""
        return self.prefix is not None or self.suffix is not None

    @property
    def needs(self) -> str | None:
        """The key without which it holds of no object; None where there is no such one."""
        if self.prefix is not None or self.spec.present is False or not self.spec.path:
            return None
        return self.spec.path[0]

    def holds(self, node: object, payload: bytes = b"") -> bool:
        """Whether it holds of a place in a message with that payload."""
        if self.prefix is not None:
            return payload.startswith(self.prefix)
        if self.suffix is not None:
            return payload.endswith(self.suffix)
        return self.test(self.value(node))


def compile_conditions(specs: Sequence[ConditionSpec]) -> tuple[Condition, ...]:
    """Prepare conditions, which all must hold."""
    return tuple(compile_condition(spec) for spec in specs)


def compile_condition(spec: ConditionSpec) -> Condition:
    """Prepare one condition."""
    prefix = None if spec.starts is None else bytes.fromhex(spec.starts)
    suffix = None if spec.ends is None else bytes.fromhex(spec.ends)
    return Condition(spec, getter(spec.path), _test(spec), prefix, suffix)


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
    ends = [text.split("*") for text in texts if text.count("*") == 1]
    globs = [".*".join(map(re.escape, text.split("*"))) for text in texts if text.count("*") > 1]
    pattern = re.compile("|".join(globs), re.DOTALL) if globs else None

    def is_plain(value: object) -> bool:
        return text_of(value) in plain

    def test(value: object) -> bool:
        text = text_of(value)
        if text is None:
            return False
        if text in plain or any(_lies_between(text, head, tail) for head, tail in ends):
            return True
        if pattern is None or len(text) > _TEXT_LIMIT:
            return False
        return pattern.fullmatch(text) is not None

    return test if ends or globs else is_plain


def _lies_between(text: str, head: str, tail: str) -> bool:
    return text.startswith(head) and text.endswith(tail) and len(text) >= len(head) + len(tail)


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
