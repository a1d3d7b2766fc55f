"""The variables that boards share: whose accounts, which building, which meters."""

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models import dashboard as models

from grafana.influxql import accounts_of, other_than, subjects
from grafana.panels import data_source
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Text

# Grafana's own name for the choice "All".
_ALL = "$__all"
_ASSET_OF_ACCOUNT = r"/^([^\/]+)\//"


def variables(language: str) -> list[dashboard.QueryVariable]:
    """The variables in the order in which they depend on each other.

    ``node`` is hidden: it holds every building and organisation, which the list of meters leaves out.
    """
    account_measures = ("quota_share_pct", "carbon_share_pct")
    return [
        _several(
            "asset",
            Text("机构或建筑", "Organisation or building").in_language(language),
            subjects(Grain.DAY, account_measures),
        ).regex(_ASSET_OF_ACCOUNT),
        _one(
            "account",
            Text("定额账户", "Quota account").in_language(language),
            subjects(Grain.DAY, ("quota_share_pct",), accounts_of("asset")),
        ),
        _one(
            "carbon_account",
            Text("碳账户", "Carbon account").in_language(language),
            subjects(Grain.DAY, ("carbon_share_pct",), accounts_of("asset")),
        ),
        _one(
            "building",
            Text("负荷对象（建筑或机构）", "Load of building or organisation").in_language(
                language
            ),
            subjects(Grain.DAY, ("carbon_kgco2",)),
        ),
        _one(
            "site",
            Text("气温所在地", "Outdoor temperature of site").in_language(language),
            subjects(Grain.HOUR, ("outdoor_temperature_c",)),
        ),
        _several("node", "node", subjects(Grain.DAY, ("carbon_kgco2",))).hide(
            models.VariableHide.HIDE_VARIABLE
        ),
        _query(
            "meter",
            Text("分项电表", "Sub-meters").in_language(language),
            subjects(Grain.DAY, ("electricity_import_kwh",), other_than("node")),
        ).multi(True),
    ]


def _query(name: str, label: str, query: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(data_source())
        .query({"query": query, "refId": f"variable-{name}"})
        .refresh(models.VariableRefresh.ON_DASHBOARD_LOAD)
        .sort(models.VariableSort.NATURAL_ASC)
        .allow_custom_value(False)
        .include_all(False)
    )


def _one(name: str, label: str, query: str) -> dashboard.QueryVariable:
    return _query(name, label, query).multi(False)


def _several(name: str, label: str, query: str) -> dashboard.QueryVariable:
    """Any number of values; all of them to begin with."""
    everything = models.VariableOption(selected=True, text=["All"], value=[_ALL])
    return _query(name, label, query).multi(True).include_all(True).current(everything)
