"""Nodes of the section ``routes`` → routes of notifications."""

import re
from collections.abc import Collection, Iterator
from datetime import timedelta

import yaml

from quotawatt.register.rows import CODED
from quotawatt.rulebook import schema
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.routes import CHANNEL, OFFICES, Escalation, Limit, Quiet, Route
from quotawatt.rulebook.schema import Fields, Problems

FINDING = "finding:"
"""Begins the rule of a case that was made of a finding."""

_CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,47}")
_KEYS = ("id", "title", "to")
_OPTIONS = ("match", "by", "digest_every", "repeat_every", "quiet", "limit", "escalate", "continue")
_MATCH = ("rules", "severities", "organisations", "kinds")
_SHORTEST = timedelta(minutes=1)


def parse_route(node: yaml.Node, problems: Problems) -> Iterator[Located[Route]]:
    """One route."""
    found = schema.fields(node, problems, "a route", _KEYS, _OPTIONS)
    if not schema.complete(found, _KEYS):
        return
    match = _match(found, problems)
    route = Route(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        to=_to(found["to"], problems),
        rules=_words(match, "rules", problems),
        severities=_words(match, "severities", problems, SEVERITIES),
        organisations=_words(match, "organisations", problems),
        kinds=_words(match, "kinds", problems, CODED),
        by=_by(found, problems),
        digest_every=_length(found, "digest_every", problems),
        repeat_every=_length(found, "repeat_every", problems),
        quiet=_quiet(found, problems),
        limit=_limit(found, problems),
        escalate=_ladder(found, problems),
        continue_=_truth(found["continue"], problems, "continue") if "continue" in found else False,
    )
    yield Located(route, problems.place(node))


def check_routes(draft: Draft) -> Iterator[str]:
    """Routes for rules that there are not."""
    rules = draft.ids("rules")
    for located in draft.of("routes"):
        for rule in located.value.rules:
            if rule not in rules and not rule.startswith(FINDING):
                yield f"{located.place}: a rule of a route must be one of the rulebook, got {rule}"


def _match(found: Fields, problems: Problems) -> Fields:
    if "match" not in found:
        return {}
    return schema.fields(found["match"], problems, "match", (), _MATCH)


def _words(
    found: Fields, name: str, problems: Problems, allowed: Collection[str] | None = None
) -> tuple[str, ...]:
    """A list of texts with at least one item; empty where the key is not there."""
    if name not in found:
        return ()
    nodes = schema.items(found[name], problems, name)
    if isinstance(found[name], yaml.SequenceNode) and not nodes:
        problems.note(found[name], f"{name} must name at least one", "none")
    what = f"an item of {name}"
    if allowed is None:
        return tuple(schema.text(node, problems, what) for node in nodes)
    return tuple(schema.choice(node, problems, what, allowed) for node in nodes)


def _to(node: yaml.Node, problems: Problems) -> tuple[str, ...]:
    nodes = schema.items(node, problems, "to")
    if isinstance(node, yaml.SequenceNode) and not nodes:
        problems.note(node, "to must name somebody", "nobody")
    return tuple(_addressee(n, problems) for n in nodes)


def _addressee(node: yaml.Node, problems: Problems) -> str:
    name = schema.text(node, problems, "an item of to")
    is_channel = name.startswith(CHANNEL) and _CHANNEL_NAME.fullmatch(name.removeprefix(CHANNEL))
    if name and name not in OFFICES and not is_channel:
        offices = ", ".join(OFFICES)
        problems.note(node, f"an item of to must be one of {offices} or {CHANNEL}NAME", name)
    return name


def _by(found: Fields, problems: Problems) -> tuple[str, ...]:
    names = _words(found, "by", problems)
    for name in names:
        if name and not _CHANNEL_NAME.fullmatch(name):
            rule = "a channel must be of at most 48 lower-case letters, digits, '.', '_' and '-'"
            problems.note(found["by"], rule, name)
    return names


def _length(found: Fields, name: str, problems: Problems) -> timedelta:
    return schema.duration(found[name], problems, name) if name in found else timedelta(0)


def _quiet(found: Fields, problems: Problems) -> Quiet | None:
    node = found.get("quiet")
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value == "false"):
        return None
    keys = ("from", "until")
    said = schema.fields(node, problems, "quiet (or false)", keys, ("non_working_days",))
    if not schema.complete(said, keys):
        return None
    quiet = Quiet(
        schema.clock(said["from"], problems, "from"),
        schema.clock(said["until"], problems, "until"),
        "non_working_days" in said
        and _truth(said["non_working_days"], problems, "non_working_days"),
    )
    if quiet.from_ == quiet.until:
        problems.note(said["until"], "until must differ from from", f"{quiet.until:%H:%M} twice")
    return quiet


def _limit(found: Fields, problems: Problems) -> Limit | None:
    if "limit" not in found:
        return None
    keys = ("messages", "per")
    said = schema.fields(found["limit"], problems, "limit", keys)
    if not schema.complete(said, keys):
        return None
    messages = schema.number(said["messages"], problems, "messages", 1, 10_000)
    if messages != int(messages):
        problems.note(said["messages"], "messages must be a whole number", f"{messages:g}")
    return Limit(int(messages), _at_least_a_minute(said["per"], problems, "per"))


def _ladder(found: Fields, problems: Problems) -> tuple[Escalation, ...]:
    if "escalate" not in found:
        return ()
    steps = []
    for node in schema.items(found["escalate"], problems, "escalate"):
        said = schema.fields(node, problems, "a step of escalate", ("after", "to"))
        if schema.complete(said, ("after", "to")):
            after = _at_least_a_minute(said["after"], problems, "after")
            steps.append(Escalation(after, _to(said["to"], problems)))
    return tuple(steps)


def _at_least_a_minute(node: yaml.Node, problems: Problems, what: str) -> timedelta:
    length = schema.duration(node, problems, what)
    # What is no duration at all was noted, and is 0.
    if length < _SHORTEST and isinstance(node, yaml.ScalarNode) and node.value in ("0", "0m"):
        problems.note(node, f"{what} must be at least 1m", node.value)
    return length


def _truth(node: yaml.Node, problems: Problems, what: str) -> bool:
    return schema.choice(node, problems, what, ("false", "true")) == "true"
