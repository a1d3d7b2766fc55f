"""Loading of device profiles: one YAML file a family says which topics it sends and what its fields mean.

Every mistake of every file is reported at once, with file and line. What a profile may say is in
``specs``; ``profiles/README.md`` explains it to whoever writes one.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from collectors.specrules import between
from collectors.specs import Profile
from collectors.values import shown
from quotawatt.errors import InputError

PROFILES = Path(__file__).parent / "profiles"
BUILT_IN_CASES = Path(__file__).parent / "cases"

# Written in C where PyYAML was built with it; both know the same of YAML.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Location = tuple[str | int, ...]


def load_profiles(folder: Path = PROFILES) -> tuple[Profile, ...]:
    """All profiles (``*.yaml``) of a folder, by file name.

    Raises InputError that lists every problem of every file as ``file:line place: rule, got value``.
    """
    profiles: list[Profile] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            profiles.append(parse_profile(path.read_text(encoding="utf-8"), path.name))
        except UnicodeDecodeError as error:
            problems.append(f"{path.name}:1 a profile must be UTF-8: {error}")
        except (InputError, OSError) as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    if not profiles:
        raise InputError(f"a folder of profiles must hold *.yaml files, got {folder}")
    return tuple(profiles)


def load_all_profiles(folders: Sequence[Path] = ()) -> tuple[Profile, ...]:
    """The profiles of these folders, in their order, and after them those that come with the program.

    Of several with one id the first counts. Raises InputError that lists every problem of every file.
    """
    found: dict[str, Profile] = {}
    problems: list[str] = []
    for folder in (*folders, PROFILES):
        try:
            loaded = load_profiles(folder)
        except InputError as error:
            problems.append(str(error))
            continue
        found = found | {profile.id: profile for profile in loaded if profile.id not in found}
    if problems:
        raise InputError("\n".join(problems))
    return tuple(found.values())


def parse_profile(text: str, file: str) -> Profile:
    """One profile from YAML. Raises InputError that lists every problem with file and line."""
    lines: dict[Location, int] = {}
    try:
        data = _with_lines(text, lines)
        profile = Profile.model_validate(data)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{file}:{line} a profile must be YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InputError(f"{file}:1 a profile must be YAML: {error}") from None
    except ValidationError as error:
        raise InputError("\n".join(_problems(file, lines, error))) from None
    if wrong := [
        f"{file}:{_line(lines, place)} {_words(place)}: {rule}" for place, rule in between(profile)
    ]:
        raise InputError("\n".join(wrong))
    if f"{profile.id}.yaml" != file:
        raise InputError(f"{file}:{lines['id',]} id: must be the file's name, got {profile.id!r}")
    return profile


def _with_lines(text: str, lines: dict[Location, int]) -> object:
    """The YAML as plain values; ``lines`` gets the line of every place in it."""
    loader = _Loader(text)

    def value(node: yaml.Node, place: Location) -> object:
        lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [value(child, (*place, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return mapping(node, place)
        return loader.construct_object(node)

    def mapping(node: yaml.MappingNode, place: Location) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, child in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str) or key in found:
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"a key must be a text and occur once, got {key!r}",
                    key_node.start_mark,
                )
            found[key] = value(child, (*place, key))
        return found

    try:
        node = loader.get_single_node()
        return None if node is None else value(node, ())
    finally:
        loader.dispose()


def _line(lines: Mapping[Location, int], place: Location) -> int:
    """The line of a place, or of the nearest one around it that the file has."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _problems(file: str, lines: Mapping[Location, int], error: ValidationError) -> list[str]:
    """One line a mistake: what several messages share by an anchor is said once, at its first place."""
    found: dict[tuple[int, str], str] = {}
    for each in error.errors():
        line, rule = _line(lines, each["loc"]), _rule(each)
        found.setdefault((line, rule), f"{file}:{line} {_words(each['loc'])}: {rule}")
    return list(found.values())


def _words(place: Location) -> str:
    return ".".join(map(str, place))


def _rule(error: ErrorDetails) -> str:
    rule = error["msg"].removeprefix("Value error, ")
    if error["type"] in ("missing", "value_error") and isinstance(error["input"], dict):
        return rule
    return f"{rule}, got {shown(error['input'])}"
