"""The channels file: YAML, one entry a channel, all problems at once with file and line."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from alerts.channels.base import Channel, ChannelKind, Channels, ChannelSpec
from alerts.channels.given import Given
from alerts.channels.kinds import KINDS, Plan
from quotawatt.errors import SettingError
from quotawatt.rulebook.schema import Problems, entries, fields, shown

ALWAYS_THERE = ("inbox", "log")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def load_channels(file: Path, environ: Mapping[str, str]) -> Channels:
    """The channels of a file; ``environ`` holds what its secrets may be named by.

    Raises SettingError that names every problem by file and line, and shows no secret.
    """
    problems = Problems(file.name)
    plans = _read(file, problems, environ)
    specs: dict[str, ChannelSpec] = {}
    by_name: dict[str, Channel] = {}
    if not problems.found:
        for name, (node, kind, plan) in plans.items():
            specs[name] = ChannelSpec(name, kind, plan.address)
            try:
                by_name[name] = plan.make()
            except SettingError as error:
                problems.found.append(f"{problems.place(node)}: {error}")
    if problems.found:
        raise SettingError("\n".join(problems.found))
    return Channels(specs, by_name)


def _read(
    file: Path, problems: Problems, environ: Mapping[str, str]
) -> dict[str, tuple[yaml.Node, ChannelKind, Plan]]:
    found: dict[str, tuple[yaml.Node, ChannelKind, Plan]] = {}
    top = fields(_parsed(file), problems, "the channels file", ("channels",))
    for name, node in entries(top["channels"], problems, "channels") if top else ():
        if not _NAME.fullmatch(name) or name in ALWAYS_THERE:
            rule = (
                f"a channel's name must be of a-z, 0-9 and '-', and not {' or '.join(ALWAYS_THERE)}"
            )
            problems.note(node, rule, repr(name))
        kind = _kind(name, node, problems)
        if kind is not None:
            keys = KINDS[kind].keys
            given = Given(name, node, keys, problems, file.parent, environ)
            found[name] = (node, kind, KINDS[kind].read(given))
    return found


def _kind(name: str, node: yaml.Node, problems: Problems) -> ChannelKind | None:
    """The kind of a channel; None, and noted, where there is none of that name."""
    value = None
    if isinstance(node, yaml.MappingNode):
        value = next((v for key, v in node.value if key.value == "kind"), None)
    if value is None:
        problems.note(node, f"channel {name} must be a mapping with a kind", "none")
        return None
    word = str(value.value)
    if word not in KINDS:
        problems.note(value, f"kind must be one of {', '.join(KINDS)}", shown(value))
        return None
    return ChannelKind(word)


def _parsed(file: Path) -> yaml.Node:
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise SettingError(
            f"setting QUOTAWATT_CHANNELS_FILE must name a file that can be read, got {file} ({reason})"
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SettingError(
            f"{file.name}:{line}: the channels file must be YAML, got {error.problem}"
        ) from None
    if node is None:
        raise SettingError(f"{file.name}:1: the channels file must have channels, got nothing")
    return node
