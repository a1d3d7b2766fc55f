"""The anomaly pages' content: what is out of the ordinary, and one event with its hours drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import BaseModel, Field

from analytics.anomalies.event import Likely
from analytics.events.finding import CODES
from api.access import Permit
from api.anomaly_schemas import State
from api.console.anomaly_course import EventCourse, event_drawing
from api.console.forms import Choice, Refusal
from api.console.texts import Words
from api.params import zone_of_subject
from api.routes.anomalies import list_anomalies, show_anomaly
from api.services import Services
from quotawatt.register.finding_texts import finding_texts

PAGE = 50
"""Events of one page."""

GROUPS: Mapping[str, str] = {"critical": "over", "warning": "amber", "info": "unknown"}
"""How the console marks what is so grave."""


class AnomalyFilter(BaseModel):
    """What the reader chose in the address; empty: any. ``done`` says what was just done."""

    state: Literal["", State] = ""
    likely: Likely | Literal[""] = ""
    asset: str = Field(default="", max_length=64)
    page: int = Field(default=1, ge=1, le=100_000)
    done: Literal["", "ordinary", "not_ordinary"] = ""
    number: int = Field(default=0, ge=0, le=2**63 - 1)

    def query(self, **changes: object) -> str:
        """The address's part behind ``?``, of what is not as it is by default."""
        chosen = {**self.model_dump(include={"state", "likely", "asset", "page"}), **changes}
        defaults = AnomalyFilter().model_dump()
        return urlencode({k: v for k, v in chosen.items() if v != defaults[k]})


@dataclass(frozen=True)
class AnomalyRow:
    """One event as the list shows it: its item, how the console marks its kind, and whose days it has."""

    item: Mapping[str, Any]
    group: str
    zone: ZoneInfo


@dataclass(frozen=True)
class AnomaliesPage:
    """All that the list shows."""

    chosen: AnomalyFilter
    rows: Sequence[AnomalyRow]
    total: int
    pages: int
    kinds: Sequence[Choice]


@dataclass(frozen=True)
class AnomalyPage:
    """All that the page of one event shows; ``may_act``: whether the reader may call it ordinary."""

    row: AnomalyRow
    drawing: EventCourse | None
    may_act: bool
    refusal: Refusal | None


def anomalies_page(
    request: Request, services: Services, permit: Permit, chosen: AnomalyFilter, words: Words
) -> AnomaliesPage:
    """The list, by the function of the API's route. Raises NotFoundError for an asset out of reach."""
    answer = list_anomalies(
        request,
        services,
        permit,
        asset=chosen.asset or None,
        likely=[chosen.likely] if chosen.likely else None,
        state=[chosen.state] if chosen.state else None,
        limit=PAGE,
        offset=(chosen.page - 1) * PAGE,
    )
    rows = [_row(item, permit, services) for item in answer["items"]]
    pages = -(-answer["total"] // PAGE)
    return AnomaliesPage(chosen, rows, answer["total"], pages, kind_choices(words))


def anomaly_page(
    services: Services,
    permit: Permit,
    acting: Permit | None,
    number: int,
    refusal: Refusal | None = None,
) -> AnomalyPage:
    """One event. Raises NotFoundError for one that is not there or out of reach."""
    item = show_anomaly(services, permit, number)
    row = _row(item, permit, services)
    may_act = acting is not None and acting.sees(item["asset"])
    return AnomalyPage(row, event_drawing(item, row.zone), may_act, refusal)


def kind_choices(words: Words) -> list[Choice]:
    """All kinds by their names."""
    texts = finding_texts()
    named = (Choice(kind.value, texts[f"{CODES}{kind}"].title[words.language]) for kind in Likely)
    return sorted(named, key=lambda choice: choice.label)


def _row(item: Mapping[str, Any], permit: Permit, services: Services) -> AnomalyRow:
    severity = finding_texts()[f"{CODES}{item['likely']}"].severity
    group = GROUPS[severity] if item["state"] == "open" else "unknown"
    zone = zone_of_subject(permit.register, item["subject"], services.settings)
    return AnomalyRow(item, group, zone)
