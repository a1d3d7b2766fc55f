"""Trying a rule over stored history: which packs count, whom it may show, and the answer."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from alerts.engine.samples import zones_of
from alerts.trying.inputs import Past
from alerts.trying.trial import Spell, Trial, try_rule, variants
from api.access import Permit
from api.citations import both
from api.params import parse_span, require_asset, require_max_span
from api.rules_review import packs_now
from api.services import Services
from api.trying_schemas import TryIn
from quotawatt.errors import NotFoundError
from quotawatt.measures import MEASURES
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import OF_SILENCE, REGISTER_FIGURES, SILENCE, Rule, Source
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import INSTANT, Span, local_date

MOST_SPELLS = 500
"""Firings that one threshold lists; all are counted."""

_MOST_DAYS = 800
_MOST_DAYS_OF_READINGS = 92

_FIGURE_UNITS = dict(zip(REGISTER_FIGURES, ("m²", "1"), strict=True))


def tried(services: Services, permit: Permit, asked: TryIn) -> dict[str, Any]:
    """What the rule would have done over the assets that the permit holds over.

    Raises InputError for a span that is empty or too long and for thresholds of the wrong direction,
    NotFoundError for an unknown rule or asset, RulebookError for a broken pack.
    """
    zone = ZoneInfo(services.settings.timezone)
    span = parse_span(asked.from_, asked.until, zone, services.clock())
    rule = _rule(_book(services, asked), asked.rule, span, zone)
    read = rule.source is Source.READINGS or rule.input in OF_SILENCE
    require_max_span(span, _MOST_DAYS_OF_READINGS if read else _MOST_DAYS)
    rules = variants(rule, asked.above, asked.below)
    register = services.register_source()
    with services.records.connect() as conn:
        past = Past(
            series=services.series,
            records=conn,
            register=register,
            zones=zones_of(register, zone),
            span=span,
            sees=_sees(permit, register, asked.asset),
        )
        trials = try_rule(rules, past)
    return {
        "rule": rule.id,
        "title": both(rule.title),
        "from": span.start,
        "until": span.end,
        "direction": rule.direction.value,
        "unit": unit_of(rule),
        "trials": [_trial(one, register) for one in trials],
    }


def unit_of(rule: Rule) -> str:
    """The unit of a rule's input, of what is divided that of both; ``1`` for findings."""
    if rule.source is Source.FINDINGS:
        return "1"
    if rule.input in OF_SILENCE:
        return "h" if rule.input == SILENCE else "%"
    unit = MEASURES[rule.input].unit
    if not rule.per:
        return unit
    below = _FIGURE_UNITS.get(rule.per) or MEASURES[rule.per].unit
    return f"{unit}/{below}"


def _book(services: Services, asked: TryIn) -> Rulebook:
    if asked.pack is None:
        return services.rulebook
    return packs_now(services).with_pack(asked.pack.name, asked.pack.text).rulebook()


def _rule(book: Rulebook, name: str, span: Span, zone: ZoneInfo) -> Rule:
    day = local_date(span.end - INSTANT, zone)
    rule = book.as_of(day).rules.get(name)
    if rule is None:
        raise NotFoundError(f"a rule must be in force on {day.isoformat()}, got {name}")
    return rule


def _sees(permit: Permit, register: Register, asset: str | None) -> Callable[[str], bool]:
    if asset is None:
        return permit.sees
    permit.require(asset)
    require_asset(register, asset)
    return lambda code: code == asset


def _trial(trial: Trial, register: Register) -> dict[str, Any]:
    return {
        "threshold": trial.threshold,
        "clear": trial.clear,
        "subjects": trial.subjects,
        "alerts": len(trial.spells),
        "cases": trial.cases,
        "firing_days": trial.firing_days,
        "most_at_once": trial.most_at_once,
        "spells": [_spell(one, register) for one in trial.spells[:MOST_SPELLS]],
        "cut": len(trial.spells) > MOST_SPELLS,
    }


def _spell(spell: Spell, register: Register) -> dict[str, Any]:
    asset = register.assets.get(spell.asset)
    return {
        "subject": spell.subject,
        "asset": spell.asset,
        "name": {"zh": asset.name_zh, "en": asset.name_en} if asset else None,
        "began_at": spell.began_at,
        "ended_at": spell.ended_at,
        "peak": spell.peak,
        "severity": spell.severity,
        "flapping": spell.flapping,
    }
