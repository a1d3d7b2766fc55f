"""Memory: what this process and its children take at most, and what a collector can do without."""

import sys
import threading
from importlib.abc import MetaPathFinder

import psutil

from quotawatt.settings import Settings

_EVERY_S = 0.5
# A collector hardly reads what it has written.
_DUCKDB_MB = 100


class PeakMemory:
    """Samples the resident memory of the process tree while it is entered."""

    def __init__(self) -> None:
        self._peak_bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def peak_mb(self) -> float:
        """The highest sum seen, in MB (10⁶ bytes). Pages shared by processes count for each."""
        self._sample()
        return self._peak_bytes / 1e6

    def _run(self) -> None:
        while not self._stop.wait(_EVERY_S):
            self._sample()

    def _sample(self) -> None:
        total = 0
        me = psutil.Process()
        for process in [me, *me.children(recursive=True)]:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue  # it ended between listing and asking
        self._peak_bytes = max(self._peak_bytes, total)


def spare_memory(settings: Settings) -> Settings:
    """Keep small a process that only collects: the settings to open its stores with.

    DuckDB loads pandas, 50 MB, as soon as it is handed a table of whatever kind; it goes without where
    the import fails, as it then does. Arrow's own pools keep what they once had; the system's gives back.
    """
    import pyarrow as pa

    sys.meta_path.insert(0, _NoPandas())
    pa.set_memory_pool(pa.system_memory_pool())
    least = min(settings.duckdb_memory_mb, _DUCKDB_MB)
    return settings.model_copy(update={"duckdb_memory_mb": least})


class _NoPandas(MetaPathFinder):
    """Finds every module but pandas where it is."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is kept out of this process", name=fullname)
