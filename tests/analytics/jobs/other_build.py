"""Preloaded into a worker of ``test_cluster``: makes it run another build of the program."""

from analytics.jobs import build, cluster

_other = build.build_here()._replace(code="another one")


def _build_there() -> build.Build:
    return _other


build.build_here = _build_there  # type: ignore[assignment]
cluster.build_here = _build_there  # type: ignore[assignment]
