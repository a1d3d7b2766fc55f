"""An explanation in one sentence: how much above what was expected, what that is worth, where it arose."""

from collections.abc import Iterator, Mapping
from datetime import date

from analytics.grid import Key
from analytics.overuse.context import Context
from analytics.overuse.explaining import REST, Explanation, Place
from analytics.overuse.telling import as_percent, day_words, rounded
from analytics.overuse.words import word
from quotawatt.settings import Language
from quotawatt.spans import INSTANT, Span, local_date

_LEAST_SHARE = 0.0005
_ORDINARY = 0.02
"""Without a band an excess below this share of what was expected is ordinary."""


def verdict(
    explanation: Explanation,
    span: Span,
    band: tuple[float, float],
    contexts: Mapping[Key, Context],
    language: Language,
) -> str:
    """The whole sentence.

    band
        Ends of the band of ordinary use over the span; NaN: not known. Use within it is ordinary, and nothing
        is said of where it arose.
    contexts
        Of the total and its parts.
    """
    context = contexts[Key(explanation.subject, explanation.measure)]
    name = _name(explanation, band)
    parts = [_head(explanation, span, context, name, language)]
    if name == "above":
        parts += _worth(explanation, language)
        parts += _most(explanation, contexts, language)
    joint, stop = ("，", "。") if language == "zh" else (", ", ".")
    return joint.join(parts) + stop


def _name(explanation: Explanation, band: tuple[float, float]) -> str:
    whole = explanation.whole
    if not whole.hours or whole.expected <= 0:
        return "unknown"
    if abs(whole.amount) < _ORDINARY * whole.expected or band[0] <= whole.use <= band[1]:
        return "within"
    return "above" if whole.amount > 0 else "below"


def _head(
    explanation: Explanation, span: Span, context: Context, name: str, language: Language
) -> str:
    whole = explanation.whole
    first = local_date(span.start, context.zone)
    last = local_date(max(span.start, span.end - INSTANT), context.zone)
    percent = as_percent(abs(whole.amount) / whole.expected) if name in ("above", "below") else ""
    return word(
        "verdict",
        language,
        name,
        day=_day(first, last, language),
        last=day_words(last, language, language == "en" or last.year != first.year),
        what=context.what[language],
        amount=f"{rounded(abs(whole.amount))}\u00a0{explanation.unit}",
        percent=percent,
    )


def _day(first: date, last: date, language: Language) -> str:
    return day_words(first, language, language == "zh" or first.year != last.year)


def _worth(explanation: Explanation, language: Language) -> Iterator[str]:
    whole = explanation.whole
    if whole.quota_share is not None and whole.quota_share >= _LEAST_SHARE:
        yield word("share", language, share=as_percent(whole.quota_share))
    if whole.cny:
        yield word("money", language, money=rounded(whole.cny))


def _most(
    explanation: Explanation, contexts: Mapping[Key, Context], language: Language
) -> Iterator[str]:
    """The first line of the ranking."""
    if not explanation.ranking:
        return
    place = explanation.ranking[0]
    amount = f"{rounded(place.excess.amount)}\u00a0{explanation.unit}"
    when = word("classes", language, str(place.hour_class))
    if place.subject == explanation.subject:
        yield word("verdict", language, "most_whole", when=when, amount=amount)
        return
    what = _what(place, explanation, contexts, language)
    yield word("verdict", language, "most", what=what, when=when, amount=amount)


def _what(
    place: Place, explanation: Explanation, contexts: Mapping[Key, Context], language: Language
) -> str:
    if place.subject == REST:
        return word("rest", language)
    return contexts[Key(place.subject, explanation.measure)].what[language]
