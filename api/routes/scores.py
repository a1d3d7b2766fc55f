"""Norms and scores: what organisations hold against what they may, and how they care for it."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from analytics.assets.norms import NormStatus, norm_accounts
from analytics.assets.score import Score, score_organisations
from api.access import Permit, needs
from api.citations import both, cited_clause
from api.params import FIRST_YEAR, LAST_YEAR, Given
from api.pool_schemas import Judgement, ScoreList
from api.scores import judged_span, norms_day, read_facts
from quotawatt.access.roles import Permission
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.norms import ScoreScheme
from quotawatt.spans import local_date

router = APIRouter(tags=["norms"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("/norms", response_model=Judgement)
def list_norms(
    services: Given,
    permit: Reader,
    as_of: Annotated[date | None, Query(description="Local day; default today")] = None,
) -> dict[str, Any]:
    """Every holding that a norm limits: what is held, what is allowed and how that came about, the clause.

    What is above its norm, or cannot be judged, is among the findings too.
    """
    day = norms_day(as_of, services.clock(), ZoneInfo(services.settings.timezone))
    accounts = norm_accounts(services.register_source().as_of(day), services.rulebook, day)
    return {
        "as_of": day,
        "items": [
            _norm_item(status, services.rulebook)
            for status in accounts.statuses
            if permit.sees(status.subject)
        ],
        "findings": [asdict(found) for found in accounts.findings if permit.sees(found.subject)],
    }


@router.get("/scores", response_model=ScoreList)
def list_scores(
    services: Given,
    permit: Reader,
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
) -> dict[str, Any]:
    """Each organisation's yearly score, with its parts and the numbers behind them.

    A part of which nothing is known has no points and is left out; ``known_pct`` says how much weight is
    known. Of a year that is not over, as it stands now.
    """
    zone = ZoneInfo(services.settings.timezone)
    span = judged_span(year, services.clock(), zone)
    facts = read_facts(services, span)
    schemes = services.rulebook.scores.values()
    return {
        "year": local_date(span.start, zone).year,
        "as_of": span.end,
        "schemes": [_scheme_item(scheme) for scheme in schemes],
        "items": [
            _score_item(score)
            for scheme in schemes
            for score in score_organisations(scheme, facts)
            if permit.sees(score.organisation)
        ],
    }


def _norm_item(status: NormStatus, rulebook: Rulebook) -> dict[str, Any]:
    norm = rulebook.norms[status.norm]
    post = norm.post(status.post)
    return {
        **asdict(status),
        "excess": status.excess,
        "over": status.over,
        "title": both(norm.title),
        "post_title": None if post is None else both(post.title),
        "trust": norm.trust.value,
        "clause": cited_clause(rulebook, norm.cites),
    }


def _scheme_item(scheme: ScoreScheme) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "title": both(scheme.title),
        "trust": scheme.trust.value,
        "least_known_pct": scheme.least_known_pct,
        "parts": [
            {"basis": part.basis, "title": both(part.title), "weight": part.weight}
            for part in scheme.parts
        ],
    }


def _score_item(score: Score) -> dict[str, Any]:
    return {**asdict(score), "parts": [asdict(part) for part in score.parts]}
