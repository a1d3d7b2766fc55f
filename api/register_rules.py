"""A broken rule of the register as plain JSON."""

from typing import Any

from quotawatt.register.problems import Problem


def plain_problem(problem: Problem) -> dict[str, Any]:
    """The problem as plain JSON; ``pointer`` leads to the column in what was handed in (RFC 6901)."""
    column = problem.where.column
    return {
        "record": problem.where.sheet,
        "pointer": f"/{column}" if column else "",
        "rule": problem.rule.code,
        "detail": f"{problem.rule.en}, got {problem.value!r}",
        "detail_zh": problem.text("zh"),
    }
