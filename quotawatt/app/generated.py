"""Generated files: written by ``python -m quotawatt.app.generated``, compared with ``--check``."""

import difflib
import sys
from pathlib import Path

from grafana.build import build as build_boards
from quotawatt.app.nomenclature import nomenclature

ROOT = Path(__file__).resolve().parents[2]


def generated_files() -> dict[Path, str]:
    """Every generated file with its right content, paths relative to the project's root."""
    boards = {Path("grafana/dashboards") / name: text for name, text in build_boards().items()}
    return {Path("docs/nomenclature.md"): nomenclature(), **boards}


def stale(root: Path) -> list[str]:
    """What differs from its source, with the first differing lines; empty where nothing does."""
    problems = []
    for path, text in generated_files().items():
        kept = (root / path).read_text() if (root / path).exists() else ""
        if kept != text:
            lines = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), n=0))[2:8]
            problems.append(f"{path} must match its source; differs:\n  " + "\n  ".join(lines))
    expected = {path.name for path in generated_files() if path.parent.name == "dashboards"}
    boards = sorted((root / "grafana/dashboards").glob("*.json"))
    orphans = [b.relative_to(root) for b in boards if b.name not in expected]
    problems += [f"{path} is made by no board module; delete it" for path in orphans]
    return problems


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say what is stale and return 1."""
    if "--check" in arguments:
        problems = stale(ROOT)
        sys.stderr.writelines(
            f"{p}\n" for p in [*problems, *["Run: make generate"] * bool(problems)]
        )
        return 1 if problems else 0
    for path, text in generated_files().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
