"""Risk that flows between accounts of several owners, at real nodes: to each owner its own, if all owners allow it."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import polder as po
import pytest
from polder.errors import Forbidden
from polder.graph import deltas
from polder.plan import session

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "risk-propagation"
NODES = po.Schema(id=po.string(3), risk=po.decimal(2, 0, 1))
EDGES = po.Schema(source=po.string(3), target=po.string(3), amount=po.int(0, 1000))

# a, b and c of three banks; x is an account of none. Two equal payments of one pair both count.
ACCOUNTS = {"alpha": [("a", "0.80")], "beta": [("b", "0.20")], "gamma": [("c", "0.50")]}
PAYMENTS = {"alpha": [], "beta": [], "gamma": [("a", "c", 100), ("a", "c", 100), ("b", "c", 300), ("x", "c", 100)]}


@pytest.fixture
def space(running, monkeypatch):
    monkeypatch.setenv("POLDER_HOME", str(running.home))
    monkeypatch.setattr(session, "_connection", None)
    return po.connect("local")


def put(owner, allow=("risk",), accounts=None):
    rules = {"owner": owner, "partners": list(ACCOUNTS), "allow": list(allow)}
    rows = ACCOUNTS[owner] if accounts is None else accounts
    nodes = po.from_pandas(pd.DataFrame(rows, columns=list(NODES)), name="accounts", schema=NODES, **rules)
    paid = pd.DataFrame(PAYMENTS[owner], columns=list(EDGES))
    return nodes, po.from_pandas(paid, name="payments", schema=EDGES, **rules)


def network(tables):
    nodes = po.graph.nodes([node for node, _ in tables], key="id", attrs={"risk": "risk"})
    edges = po.graph.edges([edge for _, edge in tables], source="source", target="target", amount="amount")
    return po.graph.Network(nodes, edges)


def test_each_owner_learns_the_risk_of_its_own_accounts(space):
    risk = network([put(owner) for owner in ACCOUNTS]).propagate("risk", iterations=1)
    learned = risk.open(to="each_owner", by="alpha")
    assert {owner: list(frame.id) for owner, frame in learned.items()} == dict(zip(ACCOUNTS, (["a"], ["b"], ["c"])))
    values = {owner: float(frame.risk[0]) for owner, frame in learned.items()}
    assert values == pytest.approx({"alpha": 0.4, "beta": 0.1, "gamma": 0.47}, abs=1e-6)
    for protocol in ("cleartext", "rep3"):
        simulated = risk.opening().simulate(protocol=protocol)
        assert {owner: float(frame.risk[0]) for owner, frame in simulated.items()} == values


def test_it_is_refused_unless_the_owner_of_every_table_allows_it(space):
    tables = [put("alpha"), put("beta", allow=()), put("gamma")]
    with pytest.raises(Forbidden, match="table 'accounts' of 'beta' too, which does not serve that"):
        network(tables).propagate("risk").open(by="alpha")
    assert set(network([*tables[:1], put("beta"), *tables[2:]]).propagate("risk").open(by="alpha")) == set(ACCOUNTS)


def test_nobody_else_learns_it_and_nothing_more_than_it(space):
    tables = [put(owner) for owner in ACCOUNTS]
    risk = network(tables).propagate("risk")
    with pytest.raises(ValueError, match="goes to its owner"):
        risk.opening(to="alpha")
    with pytest.raises(Forbidden, match="shows rows computed from table"):
        risk.beside(2).open(to="alpha", min_group=1, by="alpha")
    joined = risk.beside(0).merge(tables[1][0], on="id", validate="1:1")
    with pytest.raises(Forbidden, match="shows rows computed from table 'accounts' of 'beta'"):
        joined.open(to="alpha", min_group=1, by="alpha")
    with pytest.raises(Forbidden, match="groups from 10 on"):
        risk.mean().open(to="alpha", min_group=2, by="alpha")
    # What is made of one's own risk and one's own table is one's own.
    own = risk.beside(0)
    assert list(own[own.risk >= 0.1].open(to="alpha", min_group=1, by="alpha").id) == ["a"]


def test_owners_allow_it_of_what_they_put_in_not_of_what_a_plan_makes_of_it(space):
    tables = [put(owner) for owner in ACCOUNTS]
    filled = tables[0][0].assign(risk=tables[0][0].risk.fillna("0.00"))
    asked = network([(filled, tables[0][1]), *tables[1:]]).propagate("risk")
    with pytest.raises(Forbidden, match="leave that step out"):
        asked.open(by="alpha")


def test_an_account_that_two_banks_have_is_refused(space):
    tables = [put("alpha"), put("beta", accounts=[("a", "0.10")]), put("gamma")]
    with pytest.raises(po.errors.PolderError, match="'id' stands in two rows of the nodes"):
        network(tables).propagate("risk").open(by="alpha")


def test_the_explanation_says_what_is_revealed(space):
    told = network([put(owner) for owner in ACCOUNTS]).propagate("risk").opening().explain()
    assert "risk_propagation: to the nodes one bit: whether keys of nodes are unique" in told
    assert "to alpha: id, risk of every row" in told and "graph_edge" in told


def test_steps_of_delta():
    assert deltas(0.5, 3) == [0.5] * 3
    assert deltas("0.3/i^0.8", 2) == [0.3, 0.3 / 2**0.8]
    for wrong in ("0.3*i", 1.5, [0.5], "3/i"):
        with pytest.raises(ValueError, match="delta"):
            deltas(wrong, 2)


def test_the_example_runs_and_says_what_each_bank_learned():
    ran = subprocess.run([sys.executable, EXAMPLE / "demo.py", "--json"], capture_output=True, text=True, check=True)
    learned = json.loads(ran.stdout)
    assert {bank: len(risks) for bank, risks in learned.items()} == {"local0": 40, "local1": 40, "local2": 40}
    assert sum(sum(risks.values()) for risks in learned.values()) == pytest.approx(54.8197372295, abs=1e-5)
