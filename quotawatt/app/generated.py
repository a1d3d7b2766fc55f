"""Generated files: written by ``python -m quotawatt.app.generated``, compared with ``--check``."""

import sys
from pathlib import Path

from collectors.profileschema import profile_schema
from grafana import build as boards
from quotawatt.app.nomenclature import nomenclature
from quotawatt.app.pictures import pictures

NOMENCLATURE = Path("docs/nomenclature.md")
SCHEMA = Path("collectors/profiles/profile.schema.json")
PICTURES = Path("docs/consumption")
ROOT = Path(__file__).resolve().parents[2]


def stale(root: Path) -> list[str]:
    """What differs from its source, one line a file; empty where nothing does."""
    problems = [
        f"{path} must be what its tables make, got another text"
        for path, text in _made().items()
        if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text
    ]
    return [*problems, *boards.check(root / "grafana" / "dashboards")]


def _made() -> dict[Path, str]:
    """The texts that are made here, by where they stand."""
    drawn = {PICTURES / name: text for name, text in pictures().items()}
    return {NOMENCLATURE: nomenclature(), SCHEMA: profile_schema(), **drawn}


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say what is stale and return 1."""
    if "--check" not in arguments:
        for path, text in _made().items():
            (ROOT / path).parent.mkdir(exist_ok=True)
            (ROOT / path).write_text(text, encoding="utf-8")
        boards.write()
        return 0
    problems = stale(ROOT)
    hint = ["Run: make generate"] if problems else []
    sys.stderr.writelines(f"{line}\n" for line in [*problems, *hint])
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
