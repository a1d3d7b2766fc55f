"""Loading of device profiles: one YAML file a family says which topics it sends and what its fields mean.

Every mistake of every file is reported at once, with file and line. What a profile may say is in
``specs``; ``profiles/README.md`` explains it to whoever writes one.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from collectors.profileyaml import Location, ProfileYaml
from collectors.specs import Profile
from collectors.values import shown
from collectors.wholerules import between
from quotawatt.errors import InputError

PROFILES = Path(__file__).parent / "profiles"
BUILT_IN_CASES = Path(__file__).parent / "cases"

# In place of pydantic's own words, which speak of fields and extras.
_WORDS = {
    "missing": "must be given",
    "extra_forbidden": "must be one of the keys of profiles/README.md",
    "too_short": "must not be empty",
    "model_type": "must be an object",
}


def load_profiles(folder: Path = PROFILES) -> tuple[Profile, ...]:
    """All profiles (``*.yaml``) of a folder, by file name.

    Raises InputError that lists every problem of every file as ``file:line place: rule, got value``.
    """
    profiles: list[Profile] = []
    rule = "a profile must be in a file *.yaml"
    problems = [f"{p.name}:1 {rule}, got {p.name}" for p in sorted(folder.glob("*.yml"))]
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
    read = ProfileYaml(text)
    problems, profile = list(read.problems), None
    if read.complete:
        try:
            profile = Profile.model_validate(read.value)
        except ValidationError as error:
            problems += _problems(read, error)
    if profile is not None:
        problems += _problems_between(read, profile, file)
    if profile is None or problems:
        problems.sort(key=lambda problem: problem[0])
        raise InputError("\n".join(f"{file}:{line} {words}" for line, words in problems))
    return profile


def _problems_between(read: ProfileYaml, profile: Profile, file: str) -> Iterator[tuple[int, str]]:
    for place, rule in between(profile):
        yield read.line(place), f"{_words(place)}: {rule}"
    if f"{profile.id}.yaml" != file:
        rule = f"id: must be the file's name, got {shown(profile.id)}"
        yield read.line(("id",)), rule


def _problems(read: ProfileYaml, error: ValidationError) -> list[tuple[int, str]]:
    """Each mistake once: what several messages share by an anchor is said at its first place."""
    found: dict[tuple[int, str], str] = {}
    for each in error.errors():
        line, rule = read.line(each["loc"]), _rule(each)
        found.setdefault((line, rule), f"{_words(each['loc'])}: {rule}")
    return [(line, words) for (line, _), words in found.items()]


def _words(place: Location) -> str:
    return ".".join(map(str, place))


def _rule(error: ErrorDetails) -> str:
    rule = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    rule = _WORDS.get(error["type"], rule)
    if error["type"] in ("missing", "value_error") and isinstance(error["input"], dict):
        return rule
    return f"{rule}, got {shown(error['input'])}"
