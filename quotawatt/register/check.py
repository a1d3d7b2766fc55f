"""What must hold over the rows of a register: codes, references, trees, ranges, vocabularies, dates."""

from collections.abc import Iterator

from quotawatt.register import rules
from quotawatt.register.check_cells import check_cells
from quotawatt.register.check_former import check_former
from quotawatt.register.check_formulas import check_formulas
from quotawatt.register.check_periods import check_periods
from quotawatt.register.check_plates import check_plates
from quotawatt.register.check_relations import check_relations
from quotawatt.register.check_trees import check_trees
from quotawatt.register.found import in_both
from quotawatt.register.known_codes import KnownCodes, Rows, each
from quotawatt.register.problems import Problem
from quotawatt.register.rows import CODED, KINDS, Row
from quotawatt.register.timeline import Timeline


def check_rows(tables: Rows) -> list[Problem]:
    """Every problem of these rows.

    A kind that is not in ``tables`` could not be read at all. Of what could not be read, a kind or a
    cell, nothing more is said, and nothing of what it would have been the answer to.
    """
    problems = [problem for kind in KINDS for problem in check_cells(kind, tables.get(kind, ()))]
    problems += _codes_twice(tables)
    known = KnownCodes(tables)
    problems += _references(tables, known)
    former = tables.get("former_values", ())
    of_former, pasts = check_former(former, known.kinds, known.broken_by)
    problems += of_former
    timeline = Timeline(tables, pasts)
    problems += check_trees(timeline)
    problems += check_plates(timeline)
    problems += check_relations(timeline, known.of("buildings"))
    problems += check_formulas(timeline, known)
    problems += _point_quantities(tables)
    problems += check_periods(tables)
    return problems


def _codes_twice(tables: Rows) -> Iterator[Problem]:
    used: dict[str, Row] = {}
    for kind in CODED:
        for row, code in each(tables, kind, "code"):
            if code in used:
                rule = rules.CODE_TWICE.of(other=in_both(used[code].where))
                yield Problem(row.where.at("code"), rule, code)
            used.setdefault(code, row)


def _references(tables: Rows, known: KnownCodes) -> Iterator[Problem]:
    for kind, column in rules.REFERENCES:
        for row, code in each(tables, kind, column):
            if (rule := known.broken_by(kind, column, code)) is not None:
                yield Problem(row.where.at(column), rule, code)


def _point_quantities(tables: Rows) -> Iterator[Problem]:
    for row, point in each(tables, "bindings", "point_quantity"):
        if point and row.cells.get("quantity") == "":
            yield Problem(row.where.at("point_quantity"), rules.POINT_QUANTITY, point)
