"""Boards to JSON: deterministic, so that the committed files can be compared with their source."""

import json
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.boards import overview

DASHBOARDS = Path(__file__).parent / "dashboards"
DEFAULT_TIMEZONE = "Asia/Shanghai"


def build(timezone: str = DEFAULT_TIMEZONE) -> dict[str, str]:
    """Every board as JSON text by file name, one board a language.

    ``timezone`` (IANA name) is the zone whose days the accounts keep. The same source gives the same
    text, byte for byte.
    """
    return {
        f"overview.{language}.json": _text(overview.board(language, timezone).build())
        for language in overview.LANGUAGES
    }


def check(folder: Path = DASHBOARDS) -> list[str]:
    """What in ``folder`` differs from the boards' source, one line a file; empty where nothing does."""
    wanted = build()
    problems = [
        f"{name} must be what its board builds, got "
        + ("another text" if (folder / name).exists() else "no such file")
        for name, text in wanted.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]
    strangers = sorted(p.name for p in folder.glob("*.json") if p.name not in wanted)
    return problems + [f"a board file must have a board that builds it, got {n}" for n in strangers]


def write(folder: Path = DASHBOARDS) -> list[Path]:
    """Write every board into ``folder``, and return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in build().items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _text(board: object) -> str:
    return json.dumps(board, cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
