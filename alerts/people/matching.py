"""Matchers: which cases a silence is about."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields

from alerts.cases.policy import FINDING_PREFIX
from alerts.people.notices import Matter
from quotawatt.errors import InputError
from quotawatt.register.model import Register
from quotawatt.register.rows import CODED, kind_of
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.rulebook.model import Rulebook


@dataclass(frozen=True, slots=True)
class Matchers:
    """A case must match each list that is not empty by any of its words; all empty match nothing.

    rules
        Ids of rules, ``finding:CODE`` for a case made of a finding.
    assets
        Codes of assets; a building stands for all that is in it, too.
    organisations
        Codes; each stands for its whole subtree, by region or by sector system.
    kinds
        Kinds of the case's asset, as the register names them: ``meters``.
    """

    rules: Sequence[str] = ()
    severities: Sequence[str] = ()
    assets: Sequence[str] = ()
    organisations: Sequence[str] = ()
    sites: Sequence[str] = ()
    kinds: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not any(getattr(self, f.name) for f in fields(self)):
            raise InputError("a silence must name at least one of what it matches, got nothing")

    def matches(self, matter: Matter, register: Register) -> bool:
        """Whether the case is one of those, organisation and site as they were when it was opened."""
        return (
            _meets(self.rules, (matter.rule,))
            and _meets(self.severities, (matter.severity,))
            and _meets(self.sites, (matter.site,))
            and (not self.kinds or _kind(register, matter.asset) in self.kinds)
            and (not self.assets or _meets(self.assets, _with_building(register, matter.asset)))
            and (not self.organisations or _meets(self.organisations, _above(register, matter)))
        )

    def as_json(self) -> dict[str, list[str]]:
        """As the record store keeps it: only what is not empty."""
        return {name: list(words) for name, words in asdict(self).items() if words}


def check_matchers(matchers: Matchers, register: Register, rulebook: Rulebook) -> None:
    """Raise InputError for the first word that nothing goes by: such a silence would never match."""
    rules = [name for name in matchers.rules if not name.startswith(FINDING_PREFIX)]
    _require("rules of the rulebook", rules, rulebook.rules)
    _require("severities", matchers.severities, SEVERITIES)
    _require("assets of the register", matchers.assets, register.assets)
    _require("organisations of the register", matchers.organisations, register.organisations)
    _require("sites of the register", matchers.sites, register.sites)
    _require("kinds of assets", matchers.kinds, CODED)


def _require(what: str, words: Collection[str], known: Collection[str]) -> None:
    for word in words:
        if word not in known:
            raise InputError(f"a silence must name {what}, got {word!r}")


def _meets(wanted: Collection[str], found: Collection[str]) -> bool:
    return not wanted or any(word in wanted for word in found)


def _kind(register: Register, code: str) -> str:
    asset = register.assets.get(code)
    return "" if asset is None else kind_of(asset)


def _with_building(register: Register, code: str) -> Collection[str]:
    asset = register.assets.get(code)
    building = getattr(asset, "building", None)
    return (code,) if building is None else (code, str(building))


def _above(register: Register, matter: Matter) -> Collection[str]:
    """The case's organisation and all above it, in either tree."""
    organisation = matter.organisation or None
    return {
        *register.path_of(organisation, "region"),
        *register.path_of(organisation, "system"),
    }
