"""An event in a sentence, in Chinese and English: what findings, cases and pages say of it."""

from zoneinfo import ZoneInfo

from analytics.events.event import Event
from analytics.overuse.context import Context, context_of
from analytics.overuse.telling import advice, statement
from quotawatt.register.model import Register
from quotawatt.settings import Language

_STOPS: tuple[tuple[Language, str], ...] = (("zh", "。"), ("en", "."))


def event_context(
    event: Event, register: Register, default_zone: ZoneInfo, quota: float | None
) -> Context:
    """What a sentence about the event needs of its subject; ``quota`` is the year's, in the unit."""
    subject, measure = event.key
    zone = register.zone_of_asset(subject.partition("/")[0]) or default_zone
    return context_of(register, subject, measure, zone, quota=quota)


def event_words(event: Event, context: Context) -> dict[str, str]:
    """``sentence_zh`` and ``sentence_en``, without a full stop: since when, what, how much."""
    return {
        f"sentence_{language}": statement(event.anomaly, context, language)
        for language, _ in _STOPS
    }


def event_sentence(event: Event, context: Context) -> dict[Language, str]:
    """The same as whole sentences, by language."""
    return {
        language: f"{statement(event.anomaly, context, language)}{stop}"
        for language, stop in _STOPS
    }


def event_advice(event: Event) -> dict[Language, str]:
    """What to do first, as a sentence, by language."""
    found: dict[Language, str] = {}
    for language, stop in _STOPS:
        clause = advice(event.anomaly, language)
        found[language] = f"{clause[:1].upper()}{clause[1:]}{stop}"
    return found
