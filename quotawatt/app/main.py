"""The command line: ``quotawatt``, one program over one home folder."""

import sys

import typer

from quotawatt.app import (
    commands_access,
    commands_anomalies,
    commands_assessment,
    commands_backup,
    commands_baseline,
    commands_broker,
    commands_carbon,
    commands_cases,
    commands_commanding,
    commands_data,
    commands_devices,
    commands_dispatch,
    commands_exchange,
    commands_findings,
    commands_fleet,
    commands_forecast,
    commands_hand,
    commands_ledger,
    commands_money,
    commands_norms,
    commands_overuse,
    commands_performance,
    commands_pool,
    commands_profiles,
    commands_query,
    commands_quota,
    commands_readings,
    commands_register,
    commands_returns,
    commands_rules,
    commands_run,
    commands_savings,
    commands_simulate,
    commands_store,
    commands_trips,
)
from quotawatt.app.console import stderr
from quotawatt.errors import DecodeError, QuotawattError

app = typer.Typer(
    name="quotawatt",
    help="Keeps public buildings and official vehicles inside their energy quotas.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands_run.register(app)
commands_register.register(app)
commands_data.register(app)
commands_query.register(app)
commands_carbon.register(app)
commands_quota.register(app)
commands_readings.register(app)
commands_assessment.register(app)
commands_backup.register(app)
commands_devices.register(app)
commands_commanding.register(app)
commands_findings.register(app)
commands_cases.register(app)
commands_hand.register(app)
commands_money.register(app)
commands_pool.register(app)
commands_dispatch.register(app)
commands_fleet.register(app)
commands_norms.register(app)
commands_baseline.register(app)
commands_anomalies.register(app)
commands_overuse.register(app)
commands_forecast.register(app)
commands_savings.register(app)
commands_performance.register(app)
commands_trips.register(app)
commands_simulate.register(app)
commands_profiles.register(app)
commands_returns.register(app)
commands_exchange.register(app)
commands_rules.register(app)
commands_ledger.register(app)
commands_broker.register(app)
commands_access.register(app)
commands_store.register(app)


def main() -> None:
    """Run the command line; what goes wrong on purpose ends in one clear message and status 1."""
    try:
        app()
    except QuotawattError as error:
        reason = f"{error.reason}: " if isinstance(error, DecodeError) else ""
        stderr.print(f"quotawatt: {reason}{error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        stderr.print("quotawatt: stopped")
        sys.exit(130)


if __name__ == "__main__":
    main()
