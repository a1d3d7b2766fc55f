"""Identifiers and units in the reader's words: measures, units by head, what an account is divided by."""

from quotawatt.measures import MEASURES
from quotawatt.quantity_words import QUANTITY_WORDS
from quotawatt.register.headings import headings, word_for
from quotawatt.settings import Language

_AREAS = ("gross_area_m2", "heated_area_m2")

_DENOMINATORS = {"headcount": ("人", "people"), "km_100": ("百公里", "x 100 km")}
"""Units of denominators that are no areas and no use of energy."""


def measure_word(measure: str, language: Language) -> str:
    """What people call a measure, without its unit; the identifier of one that has no word."""
    words = QUANTITY_WORDS.get(measure)
    return measure if words is None else words[language != "zh"]


def measure_unit(measure: str) -> str:
    """The unit of a measure; empty for what is none of the measures, or is a plain number."""
    found = MEASURES.get(measure)
    return "" if found is None or found.unit == "1" else found.unit


def unit_word(unit: str, language: Language) -> str:
    """A unit as it is written in the language: ``kgce/person`` in Chinese as ``kgce/人``."""
    return unit.replace("/person", "/人") if language == "zh" else unit


def denominator_unit(name: str, language: Language) -> str:
    """The unit of what an account is divided by; ``name`` is the ``denominator_name`` of its row."""
    if name in _AREAS:
        return "m²"
    if name in _DENOMINATORS:
        return _DENOMINATORS[name][language != "zh"]
    return "kWh" if name.endswith("_kwh") else ""


def component_word(component: str, language: Language) -> str:
    """A part of a denominator: an area of a building, or a component of the people."""
    if component in _AREAS:
        return headings("buildings")[component].title(language).partition(" (")[0]
    return word_for("headcounts", "component", component, language)
