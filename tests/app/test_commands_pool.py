"""The pool, norms and scores on the command line, over a home folder with the demo's register."""

import json
from pathlib import Path
from string import Formatter

import pytest
from typer.testing import CliRunner

from quotawatt.app.demo import REGISTER
from quotawatt.app.main import app
from quotawatt.app.texts_pool import _TEXTS
from quotawatt.errors import StateError


@pytest.fixture
def home(tmp_path: Path) -> str:
    folder = str(tmp_path / "home")
    run("register", "import", str(REGISTER), "--home", folder)
    return folder


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_lending_a_copier_from_offer_to_return(home: str) -> None:
    at = ("--home", home, "--lang", "en")
    assert "EQP-DRC-COPIER-2" in run("pool", "candidates", *at)
    assert "Offered: no. 1" in run("pool", "offer", "EQP-DRC-COPIER-2", "--location", "3F", *at)
    assert "EQP-DRC-COPIER-2" not in run("pool", "candidates", *at)
    assert "request 1 for offer 1" in run("pool", "request", "1", "ORG-EDU", *at)
    assert "Request 1: accepted." in run("pool", "decide", "1", "--accept", *at)
    assert "to ORG-EDU; the register follows" in run("pool", "handover", "1", *at)
    run("pool", "receive", "1", "--note", "complete", *at)
    with pytest.raises(StateError, match="offered for 'withdraw', got received"):
        run("pool", "withdraw", "1", *at)
    assert "to ORG-DRC; the register follows" in run(
        "pool", "return", "1", "--day", "2150-01-01", *at
    )
    listed = run("pool", "list", *at)
    assert "Copier 2 of the print room" in listed
    assert "returned" in listed
    (offer,) = [json.loads(line) for line in run("pool", "list", "--json", *at).splitlines()]
    assert (offer["state"], offer["holder"], offer["taker"]) == ("returned", "ORG-DRC", "ORG-EDU")


def test_a_request_is_taken_back_and_the_offer_is_free_again(home: str) -> None:
    at = ("--home", home, "--lang", "en")
    run("pool", "offer", "EQP-DRC-COPIER-2", *at)
    run("pool", "request", "1", "ORG-EDU", *at)
    run("pool", "decide", "1", "--accept", *at)
    taken = run("pool", "take-back", "1", "--note", "not needed any more", *at)
    assert "Taken back: request 1 for offer 1." in taken
    (offer,) = [json.loads(line) for line in run("pool", "list", "--json", *at).splitlines()]
    assert (offer["state"], offer["taker"]) == ("offered", None)
    with pytest.raises(StateError, match="accepted for 'take_back', got taken_back"):
        run("pool", "take-back", "1", *at)


def test_before_a_purchase_the_pool_is_searched(home: str) -> None:
    at = ("--home", home, "--lang", "zh")
    found = run("pool", "match", "复印机", "--for", "ORG-EDU", *at)
    assert "EQP-DRC-COPIER-2" in found
    assert "闲置未入仓" in found
    assert "查询编号 POOL-" in found
    assert "公物仓中没有可用资产" in run("pool", "match", "挖掘机", "--for", "ORG-EDU", *at)


def test_holdings_above_their_norm_cite_the_clause(home: str) -> None:
    shown = run("norms", "--home", home, "--lang", "zh")
    assert "SPC-DRC-301" in shown
    assert "12.0 m²" in shown
    assert "发改投资〔2014〕2674号" in shown
    assert "未核实" in shown
    rows = [json.loads(line) for line in run("norms", "--home", home, "--json").splitlines()]
    assert {row["subject"] for row in rows if row["over"]} == {"SPC-DRC-301", "ORG-EDU"}


def test_scores_show_their_parts_and_what_is_not_known(home: str) -> None:
    shown = run("score", "--home", home, "--lang", "en")
    assert "a scheme of ours, no standard" in shown
    assert "Holdings within" in shown
    assert "left out of the total" in shown


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for key, (chinese, english) in _TEXTS.items():
        fields = [
            {name for _, name, _, _ in Formatter().parse(words) if name}
            for words in (chinese, english)
        ]
        assert fields[0] == fields[1], key
        assert chinese, key
        assert english, key
