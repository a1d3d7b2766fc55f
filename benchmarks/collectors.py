"""What a collector holds, beside what people use today, and what it loses: ``benchmarks collectors``.

In turn, so that what disturbs the machine disturbs all alike; a ratio is the median of the ratios of the
rounds. Chaos and memory come after.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.collectors_chaos import Outcome, Plan, broker_forgets, run_chaos
from benchmarks.collectors_memory import Memory, memory_over
from benchmarks.collectors_nodered import installed, node_red
from benchmarks.collectors_parts import where_time_goes
from benchmarks.collectors_rates import (
    Run,
    bare_subscriber,
    collector_into_duckdb,
    collector_into_influx,
    collectors_on_a_share,
    script_into_victoria_metrics,
)
from benchmarks.collectors_stores import DuckDbFile, InfluxServer
from benchmarks.report import Figure, Report
from quotawatt.errors import StateError

BARE, DUCKDB = "bare paho subscriber", "collector into DuckDB"
ONE, TWO = "one collector of a share", "two collectors of a share"
INFLUX, SCRIPT = "collector into InfluxDB", "script, a write a message"
NODE_RED, JOINED = "Node-RED, a write a message", "Node-RED, joined by 1,000"
OURS = (DUCKDB, ONE, TWO, INFLUX)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: messages of each contestant, rounds, and the rest."""

    rounds: int
    messages: int
    script_messages: int
    flow_messages: int
    memory_messages: int
    parts_messages: int
    chaos: Plan


FULL = Size(3, 40_000, 1_500, 10_000, 1_000_000, 40_000, Plan(300_000, 2000, 30, 5, 60, seed=1))
QUICK = Size(1, 10_000, 400, 3_000, 50_000, 10_000, Plan(5_000, 1000, 3, 1, 1.5, seed=1))

Results = Mapping[str, list[Run]]


def run(quick: bool) -> Report:
    """All of it: about a minute (quick) or ten."""
    size = QUICK if quick else FULL
    problem = _flow_problem()
    results = _rounds(size, _contestants(size, with_flows=not problem))
    memory = memory_over(size.memory_messages)
    duckdb, influx = _chaos(size.chaos)
    with tempfile.TemporaryDirectory() as folder:
        forgotten = broker_forgets(Path(folder))
    figures = (
        *_ratios(results, problem),
        *_memory_figures(memory),
        *_losses(results),
        *_chaos_figures("DuckDB", duckdb, size.chaos),
        *_chaos_figures("InfluxDB", influx, size.chaos),
        *_rates(results),
        Figure("collector into DuckDB, live", memory.messages_per_s, "messages/s"),
        Figure("acknowledged and forgotten by a killed mosquitto", forgotten, "messages"),
    )
    return Report("collectors", quick, figures, _notes(size, results, problem))


def _flow_problem() -> str:
    """Why Node-RED cannot be measured; empty where it can."""
    try:
        installed()
    except StateError as error:
        return str(error)
    return ""


def _contestants(size: Size, with_flows: bool) -> dict[str, Callable[[], Run]]:
    """What is measured, by name, in the order of a round."""
    found: dict[str, Callable[[], Run]] = {
        BARE: lambda: bare_subscriber(size.messages),
        DUCKDB: lambda: collector_into_duckdb(size.messages),
        ONE: lambda: collectors_on_a_share(size.messages, 1),
        TWO: lambda: collectors_on_a_share(size.messages, 2),
        INFLUX: lambda: collector_into_influx(size.messages),
        SCRIPT: lambda: script_into_victoria_metrics(size.script_messages),
    }
    if with_flows:
        found[NODE_RED] = lambda: node_red(size.flow_messages, joined=False)
        found[JOINED] = lambda: node_red(size.messages, joined=True)
    return found


def _rounds(size: Size, contestants: Mapping[str, Callable[[], Run]]) -> Results:
    """Everybody once a round; each second round goes backwards."""
    results: dict[str, list[Run]] = {name: [] for name in contestants}
    for number in range(size.rounds):
        names = [*contestants]
        for name in reversed(names) if number % 2 else names:
            results[name].append(contestants[name]())
    return results


def _chaos(plan: Plan) -> tuple[Outcome, Outcome]:
    """Both stores at the same time, each with a broker and a collector of its own."""
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        closing(DuckDbFile(Path(one) / "home")) as file,
        closing(InfluxServer(Path(two) / "influx")) as server,
        ThreadPoolExecutor(2) as pool,
    ):
        embedded = pool.submit(run_chaos, plan, Path(one), file)
        served = pool.submit(run_chaos, plan, Path(two), server)
        return embedded.result(), served.result()


def _ratios(results: Results, problem: str) -> Iterable[Figure]:
    bars = (
        (DUCKDB, BARE, 1.0, " (aim: 1.5)"),
        (TWO, ONE, 1.4, ""),
        (INFLUX, SCRIPT, 15, ""),
        (INFLUX, NODE_RED, 5, ""),
        (INFLUX, JOINED, 1.3, ""),
    )
    for ours, other, bar, aim in bars:
        name = f"{ours} / {other}{aim}"
        if problem and other not in results:
            yield Figure(f"{name}: not measured", 0, "×", at_least=bar)
        else:
            yield Figure(name, _ratio(results, ours, other), "×", at_least=bar)


def _ratio(results: Results, ours: str, other: str) -> float:
    pairs = zip(results[ours], results[other], strict=True)
    return median(mine.messages_per_s / its.messages_per_s for mine, its in pairs)


def _memory_figures(memory: Memory) -> Iterable[Figure]:
    yield Figure("memory, last quarter / second quarter", memory.growth, "×", at_most=1.1)
    yield Figure("memory, greatest", memory.greatest, "MiB", at_most=250)
    yield Figure("memory run: lost", memory.lost, "messages", at_most=0)


def _losses(results: Results) -> Iterable[Figure]:
    ours = [run for name in OURS for run in results[name]]
    left = sum(run.unacknowledged for run in ours)
    yield Figure("lost in our runs", sum(run.lost for run in ours), "messages", at_most=0)
    yield Figure("stored but not acknowledged in our runs", left, "messages", at_most=0)
    for name in (n for n in results if n not in (BARE, *OURS)):
        yield Figure(f"lost: {name}", sum(run.lost for run in results[name]), "messages")


def _chaos_figures(store: str, outcome: Outcome, plan: Plan) -> Iterable[Figure]:
    audit, name = outcome.audit, f"chaos, {store}"
    faults = audit.twice + audit.wrong + audit.strange
    yield Figure(f"{name}: readings sent", audit.expected, "readings")
    yield Figure(f"{name}: missing", audit.missing, "readings", at_most=0)
    yield Figure(f"{name}: twice, changed or never sent", faults, "readings", at_most=0)
    yield Figure(
        f"{name}: collector killed", outcome.collector_kills, "times", at_least=plan.collector_kills
    )
    yield Figure(
        f"{name}: broker killed", outcome.broker_kills, "times", at_least=plan.broker_kills
    )
    yield Figure(f"{name}: still with the broker", outcome.left, "messages", at_most=0)
    yield Figure(f"{name}: came again and changed nothing", outcome.duplicates, "readings")
    yield Figure(f"{name}: wall clock", outcome.seconds, "s")


def _rates(results: Results) -> Iterable[Figure]:
    for name, runs in results.items():
        yield Figure(name, median(run.messages_per_s for run in runs), "messages/s")


def _notes(size: Size, results: Results, problem: str) -> tuple[str, ...]:
    parts = {
        "DuckDB": where_time_goes(size.parts_messages),
        "InfluxDB": where_time_goes(size.parts_messages, influx=True),
    }
    return (
        f"Medians of {size.rounds} round(s), {size.messages:,} messages of 5 values in 250 bytes, QoS 1,"
        " 100 devices, all bound. Each subscriber finds them in its persistent session, so that the"
        " publisher takes no time from it; the rate is that of the last nine tenths, starting up apart."
        " mosquitto saves its queues each second in every run. The rate of our collectors is read from"
        " the counters they keep; afterwards every reading is counted in the store.",
        _cores_note(results),
        *(
            f"Processor time a message, into {name}: {_listed(used)}."
            for name, used in parts.items()
        ),
        f"Chaos: seed {size.chaos.seed}, {size.chaos.rate_per_s:g} messages a second, both stores at the"
        f" same time. For {size.chaos.store_stopped_s:g} s InfluxDB was killed; the embedded collector has"
        " no server to kill, so its record store was locked instead. The publisher sends the last 5 s"
        " again after each loss of the broker, as a gateway with a buffer does: what a broker"
        " acknowledged and forgot no subscriber can bring back. What mosquitto forgets at a kill is"
        " measured beside, 2,000 messages a second being sent.",
        "Node-RED joined by 1,000 parses, joins and posts in one loop, without checking, binding or counting,"
        " and acknowledges before anything is stored.",
        *([f"Not measured: {problem}"] if problem else []),
    )


def _cores_note(results: Results) -> str:
    """What limits collectors that share: how busy everybody is."""
    shown = (f"{name}: {_listed(results[name][-1].cores, 'cores')}" for name in (ONE, TWO))
    return f"What limits a share (last round). {'; '.join(shown)}."


def _listed(amounts: Mapping[str, float], unit: str = "µs") -> str:
    return ", ".join(f"{name} {amount:.2g} {unit}" for name, amount in amounts.items())
