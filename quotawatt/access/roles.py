"""Roles and what each of them may do.

The three administrative parts are kept apart (三员分立): the system administrator keeps the system running
and makes accounts, the security administrator says who may do what, the auditor reads everything and changes
nothing. None can do the others' part.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is, over a subtree of organisations."""

    VIEWER = "viewer"
    OFFICER = "officer"
    MANAGER = "manager"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"


class Permission(StrEnum):
    """What a route asks for."""

    RESULTS_READ = "results.read"
    """Assets, readings, results, quotas, carbon, alerts, findings, the pool."""
    ALERTS_ACT = "alerts.act"
    """Taking cases up, saying what is done, adding evidence, proposing to close."""
    CASES_DECIDE = "cases.decide"
    """Giving cases to somebody, setting due dates, closing, sending back and reopening."""
    COMMANDS_CONFIRM = "commands.confirm"
    """Having a command sent to a device that somebody else has asked for."""
    SILENCES_WRITE = "silences.write"
    """Adding and ending silences and maintenance windows."""
    FINDINGS_ACT = "findings.act"
    HAND_WRITE = "hand.write"
    """Entering, correcting and withdrawing readings by hand, bills and purchases."""
    QUOTAS_WRITE = "quotas.write"
    """Explaining overruns, setting budgets of months."""
    QUOTAS_DECIDE = "quotas.decide"
    """Assigning yearly targets, revising quotas, deciding explanations."""
    RETURNS_WRITE = "returns.write"
    """Filling, writing and submitting statistics returns, and handing in those of other platforms."""
    RETURNS_DECIDE = "returns.decide"
    """Sending returns back, accepting and reopening them."""
    ASSESSMENT_WRITE = "assessment.write"
    """Confirming items of the assessment, issuing reports."""
    REGISTER_WRITE = "register.write"
    CARBON_WRITE = "carbon.write"
    """Certificates of green power, evidence of scorecards."""
    POOL_ACT = "pool.act"
    """Offering, asking for and handing over assets of the pool."""
    DISPATCH_WRITE = "dispatch.write"
    """Asking for vehicles, telling when they left and came back, rating."""
    DISPATCH_DECIDE = "dispatch.decide"
    """Approving, assigning and importing orders, the duty list."""
    FLEET_WRITE = "fleet.write"
    """Drivers, seals, services and fuel-card rows."""
    TRACKS_READ = "tracks.read"
    """Where vehicles are and were: places of trips, tracks, positions. Each look is in the ledger."""
    FLEET_EXPLAIN = "fleet.explain"
    """Explaining what rules for vehicles found."""
    FLEET_DECIDE = "fleet.decide"
    """Accepting and rejecting explanations that somebody else wrote."""
    MONEY_WRITE = "money.write"
    """Supply and energy-performance contracts, verified savings, suppliers' bills, budgets of money."""
    INTAKE_READ = "intake.read"
    """Unknown devices and dead letters: they belong to no organisation yet."""
    INTAKE_ACT = "intake.act"
    JOBS_READ = "jobs.read"
    """How far work is that another role does: one's own, and over the whole installation everybody's."""
    DELIVERY_READ = "delivery.read"
    """Channels and the outbox, without what messages say."""
    DELIVERY_ACT = "delivery.act"
    """Trying a channel, sending again what was given up."""
    SYSTEM_READ = "system.read"
    """Health in full, metrics."""
    RULES_READ = "rules.read"
    RULES_PROPOSE = "rules.propose"
    RULES_APPROVE = "rules.approve"
    LEDGER_READ = "ledger.read"
    ACCOUNTS_WRITE = "accounts.write"
    """Making, blocking and naming accounts, without any right of theirs."""
    GRANTS_WRITE = "grants.write"
    """Giving and taking roles, revoking tokens and sessions."""
    ACCESS_READ = "access.read"
    OWN = "own"
    """Who one is, one's own password, sessions and tokens. Every account has it."""


_READER = {Permission.RESULTS_READ, Permission.RULES_READ, Permission.OWN}
_OFFICER = {
    *_READER,
    Permission.ALERTS_ACT,
    Permission.SILENCES_WRITE,
    Permission.FINDINGS_ACT,
    Permission.HAND_WRITE,
    Permission.POOL_ACT,
    Permission.DISPATCH_WRITE,
    Permission.FLEET_WRITE,
    Permission.TRACKS_READ,
    Permission.FLEET_EXPLAIN,
    Permission.RETURNS_WRITE,
    Permission.QUOTAS_WRITE,
    Permission.JOBS_READ,
}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: frozenset(_READER),
        Role.OFFICER: frozenset({*_OFFICER, Permission.INTAKE_READ}),
        Role.MANAGER: frozenset(
            {
                *_OFFICER,
                Permission.CASES_DECIDE,
                Permission.DISPATCH_DECIDE,
                Permission.FLEET_DECIDE,
                Permission.COMMANDS_CONFIRM,
                Permission.QUOTAS_DECIDE,
                Permission.RETURNS_DECIDE,
                Permission.CARBON_WRITE,
                Permission.ASSESSMENT_WRITE,
                Permission.REGISTER_WRITE,
                Permission.MONEY_WRITE,
                Permission.INTAKE_READ,
                Permission.INTAKE_ACT,
                Permission.RULES_PROPOSE,
                Permission.RULES_APPROVE,
            }
        ),
        Role.AUDITOR: frozenset(
            {
                *_READER,
                Permission.TRACKS_READ,
                Permission.INTAKE_READ,
                Permission.JOBS_READ,
                Permission.DELIVERY_READ,
                Permission.SYSTEM_READ,
                Permission.LEDGER_READ,
                Permission.ACCESS_READ,
            }
        ),
        Role.SYSTEM_ADMIN: frozenset(
            {
                Permission.OWN,
                Permission.DELIVERY_READ,
                Permission.DELIVERY_ACT,
                Permission.SYSTEM_READ,
                Permission.JOBS_READ,
                Permission.INTAKE_READ,
                Permission.ACCOUNTS_WRITE,
                Permission.ACCESS_READ,
            }
        ),
        Role.SECURITY_ADMIN: frozenset(
            {Permission.OWN, Permission.GRANTS_WRITE, Permission.ACCESS_READ}
        ),
    }
)
"""What each role may do."""
