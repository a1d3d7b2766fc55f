"""What templates can name: a message's cases and figures as texts in one language.

Every text is ready to be read: figures carry their units, and what is not known is empty.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseView:
    """``case``: one case.

    number, rule, code, state
        Numbers and identifiers as they are; ``severity`` is ``critical``, ``warning`` or ``info``.
    events
        What there is to tell of it: "new, raised"; ``notice`` what such a message is called.
    asset, building, site, organisation
        Names; ``place`` all that say where, with the asset's code.
    value, limit
        The rule's input and its threshold, with the unit.
    figures, impact
        Sentences: how much, and what that comes to.
    amount, coal, share, cost, carbon
        The parts of the impact, each with its unit; ``coal`` with its basis and factor set.
    note
        What was said with the newest step: a comment, or which data were corrected.
    since, until
        Local time at the site, the zone named. ``due`` is a local day; like ``advice`` it is empty where
        nothing is left to do.
    clauses
        What is cited, each with its trust mark.
    answer
        How to take it up.
    """

    number: int
    rule: str
    title: str
    severity: str
    severity_word: str
    state: str
    state_word: str
    firing: bool
    events: str
    notice: str
    code: str
    asset: str
    building: str
    site: str
    organisation: str
    owner: str
    place: str
    value: str
    limit: str
    figures: str
    impact: str
    amount: str
    coal: str
    share: str
    cost: str
    carbon: str
    note: str
    since: str
    until: str
    clauses: tuple[str, ...]
    advice: str
    due: str
    link: str
    answer: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """``group``: the cases of one rule at one site, the gravest first.

    counts
        "3 new, 1 raised".
    """

    site: str
    rule: str
    title: str
    severity: str
    severity_word: str
    count: int
    counts: str
    clauses: tuple[str, ...]
    advice: str
    cases: tuple[CaseView, ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """``message``: the whole.

    kind
        ``single`` or ``digest``.
    title
        Of one line; empty in the template that makes it.
    recipient
        Who it is for; empty for a channel that is nobody's own.
    site
        Where all cases are; empty where they are at several sites.
    counts
        Of all cases by event, and ``severities`` by severity.
    totals
        Sums of coal equivalent, money and carbon, each with of how many cases it is known.
    brief
        Whether there are so many cases that each is to take one line.
    made_at
        Local time.
    cases
        All, the gravest first; ``case`` is the first of them.
    """

    kind: str
    title: str
    recipient: str
    site: str
    count: int
    counts: str
    severities: str
    totals: str
    brief: bool
    made_at: str
    link: str
    case: CaseView
    cases: tuple[CaseView, ...]
    groups: tuple[GroupView, ...]
