"""Parts of an alert rule: for which assets, when it looks, when it flaps, its cases and what they offer."""

import math
from collections.abc import Collection, Sequence
from datetime import timedelta

import yaml

from quotawatt.register.rows import CODED
from quotawatt.rulebook import schema
from quotawatt.rulebook.alert_rules import (
    COMMANDS,
    SET_POINT,
    AppliesTo,
    CasePolicy,
    Closing,
    Days,
    Flapping,
    Judged,
    Offer,
    When,
)
from quotawatt.rulebook.schema import Problems

_NO_DATE = "none"


def parse_applies_to(node: yaml.Node, problems: Problems) -> AppliesTo:
    """Whom a rule is for."""
    keys = ("kinds", "organisation_kinds", "assets")
    found = schema.fields(node, problems, "applies_to", (), keys)
    words = {key: _words(found[key], problems, key) for key in keys if key in found}
    for entry in words.get("kinds", ()):
        schema.choice(entry, problems, "a kind", CODED)
    texts = {
        key: tuple(schema.text(entry, problems, f"an entry of {key}") for entry in listed)
        for key, listed in words.items()
    }
    return AppliesTo(**texts)


def parse_judged(node: yaml.Node, limits: Sequence[float], problems: Problems) -> Judged:
    """Which values a rule judges; its own limits must be among them."""
    found = schema.fields(node, problems, "judges", (), ("least", "most"))
    ends = {key: schema.number(entry, problems, key) for key, entry in found.items()}
    judged = Judged(**ends)
    if not found:
        problems.note(node, "judges must have least or most", "neither")
    for limit in dict.fromkeys(limit for limit in limits if not judged.includes(limit)):
        problems.note(node, "judges must include every limit of the rule", f"{limit:g}")
    return judged


def parse_when(node: yaml.Node, problems: Problems) -> When:
    """On which days and at which hours a rule looks; hours come together or not at all."""
    found = schema.fields(node, problems, "during", (), ("days", "from", "until"))
    days = Days.ALL
    if "days" in found:
        days = Days(schema.choice(found["days"], problems, "days", tuple(Days)))
    hours = [schema.clock(found[key], problems, key) for key in ("from", "until") if key in found]
    if len(hours) == 1:
        problems.note(node, "during must have both of from and until, or neither", "one")
    if len(hours) != 2:
        return When(days)
    if hours[0] == hours[1]:
        problems.note(found["until"], "until must differ from from", found["until"].value)
    return When(days, hours[0], hours[1])


def parse_flapping(node: yaml.Node, problems: Problems) -> Flapping | None:
    """How often a rule may fire within a time; ``false``: as often as it will."""
    if isinstance(node, yaml.ScalarNode) and node.value == "false":
        return None
    keys = ("changes", "within")
    found = schema.fields(node, problems, "flapping (or false)", keys)
    if not schema.complete(found, keys):
        return None
    within = schema.duration(found["within"], problems, "within")
    if not within:
        problems.note(found["within"], "within must be longer than nothing", found["within"].value)
    return Flapping(_whole(found["changes"], problems, "changes", 2, 1000), within)


def parse_case(node: yaml.Node, problems: Problems) -> CasePolicy:
    """What becomes of a rule's cases; what is not said is as for every rule."""
    keys = ("due_working_days", "verify_for", "reopen_within", "close")
    found = schema.fields(node, problems, "case", (), keys)
    usual = CasePolicy()
    lengths: dict[str, timedelta] = {
        key: schema.duration(found[key], problems, key)
        for key in ("verify_for", "reopen_within")
        if key in found
    }
    due = usual.due_working_days
    if (said := found.get("due_working_days")) is not None:
        due = None if said.value == _NO_DATE else _whole(said, problems, "due_working_days", 1, 250)
    close = usual.close
    if "close" in found:
        close = Closing(schema.choice(found["close"], problems, "close", tuple(Closing)))
    return CasePolicy(
        due_working_days=due,
        verify_for=lengths.get("verify_for", usual.verify_for),
        reopen_within=lengths.get("reopen_within", usual.reopen_within),
        close=close,
    )


def parse_offers(node: yaml.Node, problems: Problems) -> Sequence[Offer]:
    """The commands that a rule's cases offer."""
    offers = []
    for entry in schema.items(node, problems, "offers"):
        found = schema.fields(entry, problems, "an offer", ("command",), ("value",))
        if "command" not in found:
            continue
        command = schema.choice(found["command"], problems, "command", COMMANDS)
        if (command == SET_POINT) != ("value" in found):
            rule = f"value must be given with {SET_POINT} and with no other command"
            problems.note(entry, rule, command)
        value = schema.number(found["value"], problems, "value") if "value" in found else None
        offers.append(Offer(command, value))
    return tuple(offers)


def _words(node: yaml.Node, problems: Problems, what: str) -> Collection[yaml.Node]:
    listed = schema.items(node, problems, what)
    if isinstance(node, yaml.SequenceNode) and not listed:
        problems.note(node, f"{what} must name at least one", "none")
    return listed


def _whole(node: yaml.Node, problems: Problems, what: str, low: int, high: int) -> int:
    number = schema.number(node, problems, what, low, high)
    if not math.isclose(number, round(number)):
        problems.note(node, f"{what} must be a whole number", schema.shown(node))
    return round(number)
