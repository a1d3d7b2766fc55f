"""How a case begins: new, or as the last one of its rule and subject once more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection

from alerts.cases.model import Act, Case, CaseEvent, CaseState
from alerts.cases.policy import ACTOR, due_on, policy_of, rule_of
from alerts.cases.rows import figures
from alerts.cases.taking import Deed
from alerts.engine.repository import Alert
from alerts.engine.transition import Phase
from alerts.people.accounts import read_accounts
from alerts.people.holders import recipients_of
from alerts.people.recipients import Staff
from alerts.places import site_of
from alerts.wording import Context
from quotawatt.rulebook.alert_rules import Source

_FORGOTTEN = (
    "clear_since", "closed_at", "closed_by", "acknowledged_at", "acknowledged_by", "proposed_at",
    "proposed_by", "reminded_at",
)  # fmt: skip


class Scene:
    """What changes are judged by, in one transaction at ``now``."""

    def __init__(self, conn: Connection, context: Context, now: datetime) -> None:
        self._conn = conn
        self.context = context
        self.now = now
        self.act = Act(ACTOR, now)
        self.owner_of = lru_cache(maxsize=None)(self._owner_of)

    def due_on(self, rule: str, asset: str) -> date | None:
        """Until when a case that begins now has to be put right."""
        return due_on(policy_of(self.context, rule), self.context, asset, self.now)

    def _owner_of(self, asset: str) -> str:
        """Key of whoever answers for an asset by the register, or stands in; empty: nobody."""
        found = recipients_of(self._staff, asset, "owner", self.now)
        return found[0].key if found else ""

    @cached_property
    def _staff(self) -> Staff:
        return Staff(self.context.register, read_accounts(self._conn), self.context.zone)


def opening(alert: Alert, scene: Scene, detail: Mapping[str, Any]) -> Deed:
    """A new case of an alert; ``detail`` is what its first step says."""
    rule = rule_of(scene.context, alert.rule)
    case = new_case(
        scene,
        rule=alert.rule,
        subject=alert.subject,
        asset=alert.asset,
        source=(Source.RESULTS if rule is None else rule.source).value,
        severity=alert.severity,
        began_at=alert.state.pending_since or alert.state.firing_since or scene.now,
        alert=alert.id,
        figures=figures_of(alert),
    )
    case = replace(case, **_standing(alert, scene.now))
    return Deed(case, CaseEvent.OPENED, scene.act, detail)


def new_case(scene: Scene, *, rule: str, asset: str, **known: Any) -> Case:
    """A case that begins now, with place, owner and due date; ``known`` are its other fields."""
    register = scene.context.register
    return Case(
        id=0,
        rule=rule,
        asset=asset,
        organisation=register.organisation_of(asset) or "",
        site=site_of(register, asset),
        state=CaseState.OPEN,
        firing=True,
        opened_at=scene.now,
        changed_at=scene.now,
        due_on=scene.due_on(rule, asset),
        owner=scene.owner_of(asset),
        **known,
    )


def again(alert: Alert, latest: Case, scene: Scene, detail: Mapping[str, Any]) -> Deed:
    """The last case reopened, where it ended within the rule's ``reopen_within``; else a new one.

    One that was retracted is issued again, and its step says so.
    """
    ended = latest.closed_at or latest.changed_at
    if scene.now - ended > policy_of(scene.context, latest.rule).reopen_within:
        return opening(alert, scene, {k: v for k, v in detail.items() if k != "why"})
    changes = {
        **reopened(latest),
        "alert": alert.id,
        "figures": figures_of(alert),
        "severity": alert.severity,
        **_standing(alert, scene.now),
        "due_on": scene.due_on(alert.rule, alert.asset),
    }
    why = {"why": "reissued"} if latest.state is CaseState.RETRACTED else {}
    return Deed(latest, CaseEvent.REOPENED, scene.act, {**detail, **why}, changes)


def reopened(case: Case) -> dict[str, Any]:
    """What a reopened case forgets: its end, and who had taken it up; who was given it stays."""
    return {
        **dict.fromkeys(_FORGOTTEN),
        "closed_how": "",
        "escalated": 0,
        "reopened": case.reopened + 1,
    }


def _standing(alert: Alert, now: datetime) -> dict[str, Any]:
    """Whether the condition holds: data that came late may say that it did, and is over by now."""
    if alert.state.phase is Phase.FIRING:
        return {"firing": True, "clear_since": None}
    return {"firing": False, "clear_since": alert.state.clear_since or now}


def figures_of(alert: Alert) -> dict[str, Any]:
    """What a case shows of its alert."""
    return figures(alert.state.value, alert.evidence)
