"""What the pages of the pool show: offers with what the reader may do, idle assets, searches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from analytics.assets.idle import IDLE_ASSET
from api.access import Permit
from api.console.forms import Choice, organisation_choices
from api.console.texts import Words
from api.services import Services
from quotawatt.register import pool_states as states
from quotawatt.register.finding_texts import finding_words
from quotawatt.register.headings import word_for
from quotawatt.register.model import Equipment, Register, Vehicle
from quotawatt.settings import Language

Row = Mapping[str, Any]

_LIVE = (states.ASKED, states.ACCEPTED)


class PoolNames:
    """What things of the pool are called, in the reader's language. The pool is for all to see."""

    def __init__(self, services: Services, words: Words) -> None:
        self._register = services.register_source()
        self._kinds = services.rulebook.asset_kinds.values()
        self._language: Language = words.language

    def organisation(self, code: str | None) -> str:
        """An organisation's name; its code where the register does not have it any more."""
        found = self._register.organisations.get(code or "")
        return (code or "") if found is None else self._name(found)

    def asset(self, row: Row) -> str:
        """An asset's name; empty where it is gone."""
        return str(row["name"].get(self._language) or row["name"].get("zh") or "")

    def kind(self, row: Row) -> str:
        """A kind of equipment or use of a room, as people call it."""
        identifier = row["kind"]
        if not identifier:
            return ""
        asset = self._register.assets.get(row["asset"])
        column = ("spaces", "use")
        if isinstance(asset, Equipment | Vehicle):
            column = ("equipment" if isinstance(asset, Equipment) else "vehicles", "kind")
        word = word_for(*column, identifier, self._language)
        return word if word != identifier else self._kind_of_norms(identifier)

    def idle(self, row: Row, zone: ZoneInfo) -> str:
        """What shows that an asset stands idle; empty where the register says so."""
        if not row["evidence"]:
            return ""
        there = self._register.zone_of_asset(row["asset"]) or zone
        name = self.asset(row)
        code = row["evidence"].get("finding", IDLE_ASSET)
        words = finding_words(code, name, row["evidence"], self._language, there)
        return words["sentence"]

    def kinds(self) -> list[str]:
        """The kinds that a search knows, by their first word."""
        chinese = self._language == "zh"
        return sorted((k.words_zh if chinese else k.words_en)[0] for k in self._kinds)

    def _kind_of_norms(self, identifier: str) -> str:
        for kind in self._kinds:
            if kind.id == identifier:
                return (kind.words_zh if self._language == "zh" else kind.words_en)[0]
        return identifier.replace("_", " ")

    def _name(self, asset: Any) -> str:
        return str(asset.name_zh if self._language == "zh" else asset.name_en or asset.name_zh)


@dataclass(frozen=True)
class RequestRow:
    """A request for an offer; ``can`` are the reader's: accept, decline, take_back."""

    item: Row
    can: frozenset[str]


@dataclass(frozen=True)
class OfferPage:
    """An offer with who asked for it and what was done.

    can
        What the reader may do with it now: withdraw, hand_over, receive, return.
    askers
        The organisations for which the reader may ask for it.
    """

    item: Row
    requests: Sequence[RequestRow]
    can: frozenset[str]
    askers: Sequence[Choice]
    today: date


def offer_view(item: Row, acting: Permit | None, words: Words, today: date) -> OfferPage:
    """The page of an offer; ``acting`` is the permit to act in the pool, None where there is none."""
    sees: Callable[[str], bool] = acting.sees if acting is not None else lambda _: False
    return OfferPage(
        item=item,
        requests=[_request_row(item, asked, sees) for asked in item["requests"]],
        can=_deeds(item, sees),
        askers=_askers(item, acting, words),
        today=today,
    )


def acting_choices(acting: Permit | None, words: Words) -> list[Choice]:
    """The organisations that the reader may act for."""
    return [] if acting is None else organisation_choices(acting.register, words)


def _deeds(item: Row, sees: Callable[[str], bool]) -> frozenset[str]:
    """What fits the offer's state, as far as it is the reader's to do."""
    fitting = {action for before, action in states.OFFER_MOVES if before == item["state"]}
    mine = {"withdraw", "hand_over", "return"} if sees(item["holder"]) else set()
    if item["taker"] and sees(item["taker"]):
        mine.add("receive")
    if item["term"] != states.LEND:
        mine.discard("return")
    return frozenset(fitting & mine)


def _request_row(item: Row, asked: Row, sees: Callable[[str], bool]) -> RequestRow:
    fitting = {action for before, action in states.REQUEST_MOVES if before == asked["state"]}
    if item["state"] not in (states.OFFERED, states.RESERVED):
        fitting = set()
    if item["state"] == states.RESERVED:
        fitting.discard("accept")
    mine = {"accept", "decline"} if sees(item["holder"]) else set()
    if sees(asked["organisation"]):
        mine.add("take_back")
    return RequestRow(asked, frozenset(fitting & mine))


def _askers(item: Row, acting: Permit | None, words: Words) -> list[Choice]:
    if acting is None or item["state"] not in (states.OFFERED, states.RESERVED):
        return []
    asked = {r["organisation"] for r in item["requests"] if r["state"] in _LIVE}
    register: Register = acting.register
    return [
        choice
        for choice in organisation_choices(register, words)
        if choice.value != item["holder"] and choice.value not in asked
    ]
