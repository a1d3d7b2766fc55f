"""What a collector spares: pandas is left out, and everything goes without it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# The first array made and the first table handed over are what would load pandas.
PROGRAM = """
import sys
from quotawatt.app.memory import spare_memory
from quotawatt.settings import Settings
assert spare_memory(Settings()).duckdb_memory_mb < Settings().duckdb_memory_mb
import duckdb, numpy, pyarrow
table = pyarrow.table({"a": pyarrow.array(["x", "y"])}).take(numpy.array([1]))
with duckdb.connect() as connection:
    connection.register("found", table)
    print(connection.execute("SELECT a FROM found").fetchall(), "pandas" in sys.modules)
"""


def test_arrow_and_duckdb_go_without_pandas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[('y',)] False", "")
