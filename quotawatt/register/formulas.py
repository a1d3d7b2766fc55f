"""Formulas of virtual meters: sums and differences of what others measure, with factors and shares.

::

    MTR-1 + 0.5*MTR-2 - MTR-3
    share(MTR-1, area, SPC-1) + share(MTR-2, people, ORG-1)

A part is the code of a meter, a virtual meter, a plant or a building. A share is what falls to a space, or
to an organisation, of the virtual meter's building: by area, or by people. A minus stands apart from the
code before it, since codes have hyphens. Signs may be full-width, and 面积 and 人数 stand for area and
people. Read once by a table of tokens; nothing is evaluated.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from quotawatt.register.problems import CellError, Rule

BASES = ("area", "people")

_QUANTITIES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "electricity": ("electricity_import_kwh", "electricity_export_kwh", "pv_generation_kwh"),
        "water": ("water_m3", "reclaimed_water_m3"),
        "heat": ("heat_gj", "cooling_gj", "steam_t"),
        "gas": ("gas_m3", "gas_kwh"),
    }
)

VIRTUAL_QUANTITIES = tuple(name for names in _QUANTITIES_OF.values() for name in names)
"""What a virtual meter can have: what meters of all carriers count."""

FORM = Rule(
    "formula_form",
    "must be like MTR-1 + 0.5*MTR-2 - share(MTR-3, area, SPC-1), with {due} at sign {position}, where"
    " {token} stands",
    "须形如 MTR-1 + 0.5*MTR-2 - share(MTR-3, 面积, SPC-1)，第 {position} 个字符处应为{due}，而此处为 {token}",
)

_TOKEN = re.compile(r"\s*(\w(?:[\w.-]*\w)?|\S)")
_NAME = re.compile(r"\w")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_TIMES = "*"
_WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("＋﹢", "+"),
        **dict.fromkeys("－−–", "-"),
        **dict.fromkeys("×＊", "*"),
        **{"（": "(", "）": ")", "，": ",", "、": ","},
        **{"面积": "area", "人数": "people"},
    }
)
"""How signs and words are written by input methods and in Chinese texts."""
_END = ("the end", "结尾")
_KEPT = 4096

_CODE_DUE = ("a code", "编码")
_SIGN_DUE = ("+, - or the end", "+、- 或结尾")
_BASIS_DUE = ("area or people", "面积（area）或人数（people）")


@dataclass(frozen=True, slots=True)
class Share:
    """What falls to ``of``, the code of a space or an organisation, by ``basis``."""

    basis: str
    of: str


@dataclass(frozen=True, slots=True)
class Term:
    """So many times a part, or times the share of it that falls to somebody."""

    factor: float
    part: str
    share: Share | None = None


Formula = tuple[Term, ...]


@lru_cache(maxsize=_KEPT)
def parse_formula(text: str) -> Formula:
    """The terms of a formula, at least one, in its order.

    Raises CellError with the place (the first sign is 1) and the token that cannot stand there.
    """
    return _Reader(text).formula()


def codes_in(text: str) -> tuple[str, ...]:
    """All codes that a formula names, each once; none of one that cannot be read."""
    try:
        terms = parse_formula(text)
    except CellError:
        return ()
    shares = (term.share.of for term in terms if term.share is not None)
    return tuple(dict.fromkeys([*(term.part for term in terms), *shares]))


def measures(carrier: str, quantity: str) -> bool:
    """Whether a meter of the carrier can have the quantity; of an unknown carrier nothing is said."""
    return quantity in _QUANTITIES_OF.get(carrier, VIRTUAL_QUANTITIES)


def parts_first(parts: Mapping[str, Collection[str]]) -> tuple[list[str], frozenset[str]]:
    """An order in which all stand behind their parts; and those that circles keep out of it.

    parts
        By code what each is made of; what is itself no key of it is there from the beginning.
    """
    waiting = {code: {p for p in made_of if p in parts} for code, made_of in parts.items()}
    users: dict[str, list[str]] = {}
    for code, made_of in waiting.items():
        for part in made_of:
            users.setdefault(part, []).append(code)
    order = [code for code, made_of in waiting.items() if not made_of]
    for done in order:  # grows while it is walked
        for code in users.get(done, ()):
            waiting[code].discard(done)
            if not waiting[code]:
                order.append(code)
    return order, frozenset(parts) - frozenset(order)


def terms_by_code(formulas: Iterable[tuple[str, str]]) -> dict[str, Formula]:
    """Pairs of code and formula, read; those that cannot be read are left out."""
    found: dict[str, Formula] = {}
    for code, text in formulas:
        try:
            found[code] = parse_formula(text)
        except CellError:
            continue
    return found


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens: Sequence[tuple[int, str]] = [
            (match.start(1) + 1, match[1]) for match in _TOKEN.finditer(text)
        ]
        self._end = len(text) + 1
        self._next = 0

    def formula(self) -> Formula:
        """All terms up to the end."""
        terms = [self._term(-1.0 if self._take_any(("+", "-")) == "-" else 1.0)]
        while self._next < len(self._tokens):
            sign = self._take_any(("+", "-"))
            if sign is None:
                raise self._wrong(_SIGN_DUE)
            terms.append(self._term(-1.0 if sign == "-" else 1.0))
        return tuple(terms)

    def _term(self, sign: float) -> Term:
        factor = sign
        if _NUMBER.fullmatch(self._peek()) and self._peek(1) == _TIMES:
            factor *= float(self._peek())
            self._next += 2
        if self._peek() == "share" and self._peek(1) == "(":
            return self._share(factor)
        return Term(factor, self._code())

    def _share(self, factor: float) -> Term:
        self._next += 2
        part = self._code()
        self._take(",")
        basis = self._take_any(BASES)
        if basis is None:
            raise self._wrong(_BASIS_DUE)
        self._take(",")
        of = self._code()
        self._take(")")
        return Term(factor, part, Share(basis, of))

    def _code(self) -> str:
        token = self._written()
        if not _NAME.match(token):
            raise self._wrong(_CODE_DUE)
        self._next += 1
        return token

    def _take(self, sign: str) -> None:
        if self._take_any((sign,)) is None:
            raise self._wrong((sign, sign))

    def _take_any(self, signs: Collection[str]) -> str | None:
        token = self._peek()
        if token not in signs:
            return None
        self._next += 1
        return token

    def _peek(self, ahead: int = 0) -> str:
        """A token ahead, as if written plainly; empty behind the last one."""
        written = self._written(ahead)
        return _WRITTEN.get(written, written)

    def _written(self, ahead: int = 0) -> str:
        position = self._next + ahead
        return self._tokens[position][1] if position < len(self._tokens) else ""

    def _wrong(self, due: tuple[str, str]) -> CellError:
        if self._next < len(self._tokens):
            position, token = self._tokens[self._next]
            return CellError(FORM.of(due=due, position=position, token=repr(token)))
        return CellError(FORM.of(due=due, position=self._end, token=_END))
