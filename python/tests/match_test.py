"""`polder match` on real files at real nodes, against the plain computation of examples/flagged-clients/expected.py."""

import random
from pathlib import Path

import pytest

import expected
from conftest import Command, column, node_processes


def scenario(seed: int, parties: int, clients: int) -> dict[str, list[str]]:
    """Rows of each party: spelling variants, duplicates, sparse flags, some parties small or empty."""
    draw = random.Random(seed)
    spellings = [str.upper, str.lower, lambda text: f" {text}  ", lambda text: text.replace("-", "\u2003-\u2003")]
    files = {}
    for party in range(parties):
        held = draw.sample(range(clients), draw.choice([0, 1, clients // 3, clients // 2]))
        rows = [f"{draw.choice(spellings)(f'Client -{client}')},{int(draw.random() < 0.1)}" for client in held]
        files[f"party{party}"] = draw.sample(rows + rows[: len(rows) // 5], len(rows) + len(rows) // 5)
    return files


@pytest.mark.parametrize("seed, parties, threshold", [(1, 2, 2), (2, 3, 2), (3, 5, 3), (4, 6, 1), (5, 8, 5)])
@pytest.mark.parametrize("min_flags", [0, 1, 2])
def test_random_scenarios_give_what_the_plain_computation_gives(local, seed, parties, threshold, min_flags):
    files = [local.clients(name, *rows) for name, rows in scenario(seed, parties, 60).items()]
    flags = ["--min-flags", str(min_flags)] if min_flags else ["--no-flag"]
    ended = local("match", *files, "--threshold", str(threshold), *flags, "--json", "--out", "out")
    assert ended.code == 0, ended.err
    plain = expected.matched([expected.read_party(file) for file in files], threshold, min_flags)
    outcome = ended.json()
    assert outcome["parties"] == parties and outcome["threshold"] == threshold
    assert set(outcome["recipients"]) == set(plain)
    for name, identifiers in plain.items():
        written = expected.read_party(local.folder / "out" / f"{name}.csv", flag_column=None)
        assert list(written.spelling.values()) == identifiers
        assert outcome["recipients"][name]["matches"] == len(identifiers)


def test_the_json_has_what_programs_were_promised(local):
    files = [local.clients("a", "X,1"), local.clients("b", "x,0")]
    outcome = local("match", *files, "--json").json()
    assert outcome["recipients"]["a"] == {"matches": 1, "identifiers": 1, "file": "matches/a.csv"}
    assert set(outcome["seconds"]) == {"upload", "compute", "total"}
    assert outcome["seconds"]["total"] >= outcome["seconds"]["compute"] > 0
    assert len(outcome["bytes_sent_per_node"]) == 3 and min(outcome["bytes_sent_per_node"]) > 0
    assert outcome["rounds"] > 0
    assert column(local.folder / "matches" / "a.csv") == ["X"]


def test_only_the_named_party_learns(local):
    files = [local.clients("a", "X,1"), local.clients("b", "x,0")]
    ended = local("match", *files, "--to", "b", "--json")
    assert list(ended.json()["recipients"]) == ["b"]
    assert {file.name for file in (local.folder / "matches").iterdir()} == {"b.csv", "summary.json"}


def test_several_columns_are_one_key(local):
    header = "last,born,flagged"
    files = [
        local.clients("a", "ab,c,1", "de  Vries,1980,1", "ab,,1", header=header),
        local.clients("b", "a,bc,1", "DE VRIES,1980,0", ",ab,1", header=header),
    ]
    outcome = local("match", *files, "--id", "last,born", "--json").json()
    assert outcome["recipients"]["a"]["matches"] == 1
    assert (local.folder / "matches" / "a.csv").read_text() == "last,born\nde  Vries,1980\n"
    assert (local.folder / "matches" / "b.csv").read_text() == "last,born\nDE VRIES,1980\n"


def test_another_key_and_other_flag_names(local):
    files = [
        local.clients("a", "x,YES", "y,No", header="iban,suspect"),
        local.clients("b", "X,false", "Y,FALSE", header="iban,suspect"),
    ]
    ended = local("match", *files, "--id", "iban", "--flag", "suspect", "--json")
    assert ended.json()["recipients"]["b"]["matches"] == 1
    assert column(local.folder / "matches" / "b.csv") == ["X"]


def test_a_party_without_clients_takes_part_and_is_told(local):
    files = [local.clients("a", "X,1"), local.clients("b", "x,0"), local.clients("c")]
    ended = local("match", *files)
    assert ended.code == 0
    assert "no rows; c takes part without clients" in ended.out
    assert column(local.folder / "matches" / "c.csv") == []


def test_bins_give_what_sorting_gives(local):
    files = [
        local.clients("a", *[f"A{i},{i % 5 == 0:d}" for i in range(300)]),
        local.clients("b", *[f"a{i},{i % 7 == 0:d}" for i in range(100, 350)]),
        local.clients("c", *[f"A{i} ,0" for i in range(250, 260)]),
    ]
    for threshold in ("2", "3"):
        to_a = [*files, "--threshold", threshold, "--to", "a", "--force", "--json"]
        sort, bins = (local("match", *to_a, "--method", method, "--out", method).json() for method in ("sort", "bins"))
        assert bins["rounds"] < sort["rounds"]
        assert column(local.folder / "bins" / "a.csv") == column(local.folder / "sort" / "a.csv") != []
        count = local("match", *to_a, "--method", "bins", "--show", "count").json()
        assert count["recipients"]["a"]["matches"] == bins["recipients"]["a"]["matches"]
    refused = local("match", *files, "--method", "bins")
    assert "one party to whom alone rows or a count are shown" in refused.err


def test_counts_unions_and_sums(local):
    header = "client_id,flagged,score"
    files = [
        local.clients("a", "X,1,10", "Y,0,-3", "Z,0,100", header=header),
        local.clients("b", "x,0,5", "y,1,7", header=header),
    ]
    count = local("match", *files, "--show", "count", "--json").json()
    assert {name: each["matches"] for name, each in count["recipients"].items()} == {"a": 2, "b": 2}
    union = local("match", *files, "--show", "union", "--to", "a", "--json").json()
    assert union["recipients"]["a"]["matches"] == 3
    total = local("match", *files, "--show", "sum", "--attribute", "score", "--to", "b", "--json").json()
    assert total["recipients"]["b"]["sum"] == 10 - 3 + 5 + 7
    assert total["recipients"]["b"]["matches"] == 4
    to_b = ["--attribute", "score", "--to", "b", "--json"]
    assert local("match", *files, "--show", "mean", *to_b).json()["recipients"]["b"] == {"mean": 4}  # 19 / 4, cut off
    mean = local("match", *files, "--show", "mean", "--at-least", "2", *to_b).json()
    assert mean["recipients"]["b"] == {"mean": 4.5}
    few = ["--attribute", "score", "--at-least", "5", "--to", "a"]
    none = local("match", *files, "--show", "mean", *few, "--json").json()
    assert none["recipients"]["a"] == {"mean": None}
    assert not (local.folder / "matches").exists()


def test_nothing_is_shown_below_at_least(local):
    files = [local.clients("a", "X,1", "Y,1"), local.clients("b", "x,0", "y,0")]
    enough = local("match", *files, "--at-least", "2", "--to", "a", "--json").json()
    assert enough["recipients"]["a"]["matches"] == 2
    too_few = local("match", *files, "--at-least", "3", "--to", "a", "--force", "--json").json()
    assert too_few["recipients"]["a"]["matches"] == 0
    assert column(local.folder / "matches" / "a.csv") == []
    assert "at-least counts what others than the recipients hold" in local("match", *files, "--at-least", "2").err


def test_decoys_of_two_do_not_reach_at_least(local):
    """A requester and a bank that works with it list the same ten people that do not exist, beside one client of c."""
    header = "client_id,flagged,score"
    decoys = [f"nobody{i},1,0" for i in range(10)]
    files = [
        local.clients("a", *decoys, "X,1,0", header=header),
        local.clients("b", *decoys, header=header),
        local.clients("c", "x,0,123456", "Y,1,9", header=header),
    ]

    def shown(show: str, at_least: str) -> dict[str, int]:
        of_score = ["--attribute", "score"] if show in ("sum", "mean") else []
        ended = local("match", *files, "--to", "a", "--show", show, *of_score, "--at-least", at_least, "--json")
        return ended.json()["recipients"]["a"]

    assert shown("sum", "0")["sum"] == 123456, "this is the attack"
    assert shown("sum", "10") == {"matches": 0, "sum": 0}
    assert shown("mean", "10") == {"mean": None}
    assert shown("count", "10")["matches"] == shown("rows", "10")["matches"] == 0
    assert shown("union", "0")["matches"] == 12
    assert shown("union", "10")["matches"] == 0
    bins = local("match", *files, "--to", "a", "--method", "bins", "--at-least", "10", "--force", "--json").json()
    assert bins["recipients"]["a"]["matches"] == 0


def stored(command: Command) -> list[int]:
    """How many files each node of the space has: tables of one run are in no list."""
    return [len(list(folder.iterdir())) for folder in sorted((command.home / "spaces/local").glob("node?/columns"))]


def test_what_was_uploaded_for_the_run_is_gone_afterwards(local):
    before = local("tables", "--json").json(), stored(local)
    files = [local.clients("a", "X,1"), local.clients("b", "x,0")]
    assert local("match", *files).code == 0
    assert (local("tables", "--json").json(), stored(local)) == before


def test_uploaded_tables_and_files_together(local):
    for name, rows in {"P": ["A 1,0", "B,0", "a  1,1"], "Q": ["a 1,0", "C,1"]}.items():
        uploaded = local("upload", local.clients(name, *rows), "--name", "clients", "--owner", name, "--json")
        assert uploaded.code == 0, uploaded.err
    ended = local("match", "clients@P", "clients@Q", local.clients("r", "c,0"), "--json")
    assert {name: each["matches"] for name, each in ended.json()["recipients"].items()} == {"P": 1, "Q": 2, "r": 1}
    assert column(local.folder / "matches" / "P.csv") == ["A 1"]
    assert column(local.folder / "matches" / "Q.csv") == ["a 1", "C"]

    kept = [table for table in local("tables", "--json").json()["tables"] if table["owner"] in "PQ"]
    assert sorted(table["rows"] for table in kept) == [2, 2]
    for table in kept:
        identifiers = local.home / "tables" / table["handle"]
        assert identifiers.stat().st_mode & 0o777 == 0o600
        assert local("tables", "rm", table["handle"]).code == 0
        assert not identifiers.exists()
    assert local("match", "clients@P", "clients@Q", "--force").err == (
        "polder: there is no table 'clients@P'; polder tables lists them\n"
    )


def test_identifiers_that_are_elsewhere_are_missed_before_anything_runs(local):
    uploaded = local("upload", local.clients("p", "A,1"), "--name", "t", "--owner", "S", "--json").json()
    (local.home / "tables" / uploaded["handle"]).unlink()
    ended = local("match", "t@S", local.clients("q", "a,0"))
    assert ended.code == 2
    assert f"the identifiers of table {uploaded['handle']} are not in" in ended.err
    assert local("tables", "rm", "t@S").code == 0


def test_with_nothing_running_a_space_lives_for_the_run(polder):
    files = [polder.clients("a", "X,1", "Y,0"), polder.clients("b", "x,0")]
    ended = polder("match", *files)
    assert ended.code == 0, ended.err
    assert column(polder.folder / "matches" / "a.csv") == ["X"]
    assert_nothing_left(polder.folder)


def assert_nothing_left(folder: Path) -> None:
    assert node_processes(folder) == []
    assert list(folder.glob("polder-*")) == []
