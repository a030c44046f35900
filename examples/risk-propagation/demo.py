"""Three banks let risk flow along the payments between them, at three nodes on this machine; each learns the risk of
its own accounts, and the outcome is checked against expected.py.

    python demo.py [--data DIR] [--json]
"""

import argparse
import json
import sys
from pathlib import Path

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import expected  # noqa: E402
import polder as po  # noqa: E402
from polder import space  # noqa: E402
from polder.commands.show import data_size  # noqa: E402
from polder.graph import deltas  # noqa: E402

ITERATIONS, DELTA = 3, "0.3/i^0.8"
TOLERANCE = 1e-6
SHOWN = 3  # accounts of each bank
ACCOUNT = po.int(0, 10**9)
AMOUNT = po.int(1, 10**8)  # in euro; its bound proves that no sum overflows


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split(";")[0])
    options.add_argument("--data", type=Path, default=HERE / "data", help="folder with other files of the same names")
    options.add_argument("--json", action="store_true", help="one object with what each bank learned")
    given = options.parse_args()
    console = Console(highlight=False, quiet=given.json)

    accounts, payments = read(given.data)
    console.print(
        f"{len(accounts)} banks, {sum(map(len, accounts.values()))} accounts, {sum(map(len, payments.values()))} "
        "payments that they received. How risky is each account, given who pays it?"
    )
    with space.for_one_run() as used:
        space.wait_ready(used)
        po.connect(used)
        network = put(accounts, payments)
        risk = network.propagate("risk", ITERATIONS, DELTA)
        learned = risk.open(to="each_owner")
        once = network.propagate("risk", 1, DELTA).open(to="each_owner")

    plain = expected.flowed(accounts, payments, deltas(DELTA, ITERATIONS))
    every = pd.concat([risks(frame) for frame in learned.values()])
    error = (every - plain).abs().max()
    if given.json:
        told = {bank: {str(account): risk for account, risk in risks(frame).items()} for bank, frame in learned.items()}
        print(json.dumps(told))
    show(console, accounts, learned)
    show_inherent(console, accounts, payments, once)
    written = written_down(given.data)
    if written is not None:
        error = max(error, (every - written).abs().max())
    wrong = not (len(every) == len(plain) and error < TOLERANCE)
    console.print(
        f"{'WRONG' if wrong else 'Checked'}: {len(plain)} risks are within {error:.1e} of the plain computation"
        f"{'' if written is None else ' and of what stands in expected.json'}."
    )
    return int(wrong)


def read(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """By bank: its accounts, and the payments that they received: what came from other banks stands in two books."""
    accounts, payments = {}, {}
    for file in sorted(folder.glob("nodes_*.csv")):
        bank = file.stem.removeprefix("nodes_")
        if bank == "all":  # TNO's folders have all banks' rows in one file, too
            continue
        accounts[bank] = pd.read_csv(file)
        rows = pd.read_csv(folder / f"transactions_{bank}_period0.csv")
        payments[bank] = rows[rows.bank_destination == bank][["id_source", "id_destination", "amount"]]
    if len(accounts) < 2:
        sys.exit(f"{folder}: no nodes_BANK.csv and transactions_BANK_period0.csv of two banks or more")
    return accounts, payments


def written_down(folder: Path) -> pd.Series | None:
    """The risks that stand in the folder's expected.json, if there is one."""
    file = folder / "expected.json"
    if not file.exists():
        return None
    scores = json.loads(file.read_text()).get(f"iters{ITERATIONS}", {})
    return pd.Series({int(account): risk for account, risk in scores.items()}) if scores else None


def put(accounts: dict[str, pd.DataFrame], payments: dict[str, pd.DataFrame]) -> po.graph.Network:
    """Every bank puts in its two tables, and allows that each bank learns the risk of its own accounts."""
    node_types = po.Schema(id=ACCOUNT, risk_score=po.decimal(10, 0, 1))
    edge_types = po.Schema(id_source=ACCOUNT, id_destination=ACCOUNT, amount=AMOUNT)
    both = {}
    for bank in accounts:
        rules = {"owner": bank, "partners": [other for other in accounts if other != bank], "allow": ["risk"]}
        both[bank] = (
            po.from_pandas(in_decimals(accounts[bank]), name="accounts", schema=node_types, **rules),
            po.from_pandas(payments[bank], name="payments", schema=edge_types, **rules),
        )
    nodes = po.graph.nodes([table for table, _ in both.values()], key="id", attrs={"risk": "risk_score"})
    edges = po.graph.edges(
        [table for _, table in both.values()], source="id_source", target="id_destination", amount="amount"
    )
    return po.graph.Network(nodes, edges)


def risks(learned: pd.DataFrame) -> pd.Series:
    """By account."""
    return learned.set_index("id").risk.astype(float)


def in_decimals(accounts: pd.DataFrame) -> pd.DataFrame:
    return accounts.assign(risk_score=accounts.risk_score.map("{:.10f}".format))


def show(console: Console, accounts: dict[str, pd.DataFrame], learned: dict[str, pd.DataFrame]) -> None:
    table = Table("bank", "accounts", "rose most: account, before, after", box=box.SIMPLE)
    table.title = "What each bank learned"
    for bank, frame in learned.items():
        before = accounts[bank].set_index("id").risk_score
        after = risks(frame)
        most = (after - before).nlargest(SHOWN).index
        told = ", ".join(f"{key}: {before[key]:.2f} → {after[key]:.2f}" for key in most)
        table.add_row(bank, str(len(frame)), told)
    console.print(table)
    figures = next(iter(learned.values())).attrs
    console.print(
        f"{ITERATIONS} iterations in {figures['seconds']:.2f} s, {figures['rounds']} rounds, "
        f"{data_size(sum(figures['bytes_sent_per_node']))} between the nodes. They learned how many accounts and "
        "payments each bank has, and that no account stands in two tables."
    )


def show_inherent(console: Console, accounts, payments, once: dict[str, pd.DataFrame]) -> None:
    """Exact risks give others' away: how many, each bank can try after one iteration."""
    true = pd.concat(accounts.values()).set_index("id").risk_score
    for bank, frame in once.items():
        found = expected.worked_out(accounts[bank], payments[bank], deltas(DELTA, 1)[0], risks(frame).to_dict())
        foreign = len(true) - len(accounts[bank])
        near = sum(abs(value - true[key]) < 0.01 for key, value in found.items() if key in true.index)
        console.print(
            f"From exact risks after one iteration, {bank} can work out {near} of {foreign} risks of others' accounts."
        )


if __name__ == "__main__":
    sys.exit(main())
