"""For developers: ``python -m quotawatt.storage.migrations revision -m "What it adds" [--replace]``."""

import argparse
import subprocess
import sys

from quotawatt.storage.migrations.migrate import write_revision


def main() -> None:
    """Write a revision script from what the declared tables have and the newest revision lacks."""
    parser = argparse.ArgumentParser(prog="python -m quotawatt.storage.migrations")
    commands = parser.add_subparsers(required=True)
    revision = commands.add_parser("revision", help="write the script of the next revision")
    revision.add_argument("-m", "--message", required=True, help="what it brings, in a few words")
    revision.add_argument(
        "--replace", action="store_true", help="write the newest revision anew instead"
    )
    arguments = parser.parse_args()
    script = write_revision(arguments.message, replace=arguments.replace)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(script)], check=True)


if __name__ == "__main__":
    main()
