"""Bytes of a pack → nodes of YAML with their lines; what cannot be read is noted, never thrown."""

from pathlib import Path
from typing import Any

import yaml

from quotawatt.rulebook.schema import Problems

SIZE_LIMIT_BYTES = 1_000_000

# Ten times as quick, where PyYAML was built with libyaml.
_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(path: Path, problems: Problems, *, own: bool = False) -> yaml.Node | None:
    """The root node of a YAML file; None, with the reason noted, where it cannot be read.

    ``own`` says that it comes with the program: it is read by the quick reader, which what others write
    could bring down by deep nesting.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.found.append(f"{problems.file}:1: a pack must be readable, got {error.strerror}")
        return None
    return compose_raw(raw, problems, _QUICK if own else yaml.SafeLoader)


def compose_raw(raw: bytes, problems: Problems, loader: Any = yaml.SafeLoader) -> yaml.Node | None:
    """The root node of YAML; None, with the reason noted, where it cannot be read."""
    if len(raw) > SIZE_LIMIT_BYTES:
        size = f"a pack must be at most {SIZE_LIMIT_BYTES} bytes, got {len(raw)}"
        problems.found.append(f"{problems.file}:1: {size}")
        return None
    try:
        node: yaml.Node | None = yaml.compose(raw.decode("utf-8-sig"), Loader=loader)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.found.append(f"{problems.file}:{line}: a pack must be UTF-8, got {error.reason}")
    except RecursionError:
        problems.found.append(
            f"{problems.file}:1: a pack must not nest deeply, got too many levels"
        )
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.found.append(
            f"{problems.file}:{line}: a pack must be YAML indented with blanks, got {error.problem}"
        )
    except yaml.YAMLError as error:
        problems.found.append(f"{problems.file}:1: a pack must be YAML, got {error}")
    else:
        if node is None:
            problems.found.append(f"{problems.file}:1: a pack must not be empty, got nothing")
        return node
    return None
