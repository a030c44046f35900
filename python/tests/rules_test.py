"""What owners allow, as a user says and sees it; who asked for what; what a late recipient is told."""

import json

import pytest

HEADER = "client_id,flagged,score"


@pytest.fixture
def tables(local):
    """Uploads files of some clients as tables, and removes them again."""
    made = []

    def upload(owner: str, *arguments: object) -> str:
        rows = [f"{client},1,{9 + client}" for client in range(1, 31)]
        file = local.clients(f"file-{owner}", *rows, header=HEADER)
        ended = local("upload", file, "--owner", owner, "--name", "t", *arguments, "--json")
        assert ended.code == 0, ended.err
        made.append(ended.json()["handle"])
        return f"t@{owner}"

    yield upload
    for handle in made:
        local("tables", "rm", handle)


def test_careful_values_hold_where_the_owner_says_nothing(local, tables):
    mine, theirs = tables("ra", "--attribute", "score"), tables("rb", "--attribute", "score")
    rule = next(table["serves"] for table in local("tables", "--json").json()["tables"] if table["owner"] == "ra")
    assert rule == {"uses": ["match", "lookup"], "partners": [], "with": [], "threshold": 2, "at_least": 10,
                    "rows_a_day": 100_000, "session": "", "until": 0, "approval": False}  # fmt: skip
    refused = local("match", mine, theirs, "--threshold", "1", "--show", "sum", "--attribute", "score", "--to", "ra")
    assert refused.code == 3 and "serves matches from a threshold of 2 on, not 1" in refused.err

    some = local.clients("rc", "1,1,5", "2,1,6", header=HEADER)
    nothing = local("match", mine, some, "--show", "sum", "--attribute", "score", "--to", "rc", "--json").json()
    assert nothing["at_least"] == 10, "as the owner demands"
    assert nothing["recipients"]["rc"]["sum"] == 0, "one client's amount, or two clients', are nobody's business"
    total = local("match", mine, theirs, "--show", "sum", "--attribute", "score", "--to", "rb", "--json").json()
    assert total["recipients"]["rb"]["sum"] == 2 * sum(range(10, 40))


def test_an_owner_says_who_may_use_a_table_and_for_what(local, tables):
    register = tables("rd", "--serves", "lookup", "--for", "re", "--rows-a-day", "3")
    other = local.clients("re", "1,1")
    refused = local("match", register, other)
    assert refused.code == 3 and "serves lookup, not match; its owner may upload it again with --serves" in refused.err
    asked = ("lookup", "1", "2", "--register", register)
    refused = local(*asked, "--as", "rf")
    assert refused.code == 3 and "may not be used by or for 'rf'" in refused.err
    assert local(*asked, "--as", "re").code == 0
    refused = local(*asked, "--as", "re")
    assert refused.code == 3 and "'re' asked about 2, and this run asks about 2" in refused.err
    [line] = [line for line in local("tables").out.splitlines() if register in line]
    assert "look-ups for re; 3 rows a day" in line
    wrong = local("upload", other, "--owner", "re", "--serves", "questions")
    assert wrong.code == 2 and "--serves is match, lookup or both" in wrong.err


def test_a_table_ends_when_its_owner_said(local, tables):
    tables("rg", "--until", "2999-12-31")
    assert "until 2999-12-31" in local("tables").out
    ended = local("upload", local.clients("x", "1,1"), "--owner", "rh", "--until", "2020-01-01")
    assert ended.code == 2 and "has ended already" in ended.err


def test_an_owner_sees_every_run_on_its_table_and_a_recipient_what_it_was(local, tables):
    mine, theirs = tables("ri"), tables("rj")
    assert local("match", mine, theirs, "--threshold", "1", "--show", "union").code == 3
    asked = local("match", mine, theirs, "--show", "rows", "--min-flags", "2", "--json").json()
    [run] = local("runs", "--as", "rj", "--json").json()["runs"]
    assert run["session"] == asked["session"] and run["requester"] == "ri" and run["nodes"] == [0, 1, 2]
    assert (run["plan"]["threshold"], run["plan"]["min_flags"], run["plan"]["to"]) == (2, 2, ["ri", "rj"])
    assert run["run"] == asked["run"]
    told = local("runs", "--as", "rj").out
    assert "match of ri, rj: threshold 2, flagged by 2; rows to ri, rj" in told and asked["session"] in told

    opened = local("result", asked["session"], theirs)
    assert "All three nodes say: ri asked for a match of ri, rj: threshold 2, flagged by 2" in opened.out
    assert asked["run"] in opened.out
    late = local("result", asked["session"], theirs, "--json").json()
    assert late["run"] == asked["run"] and late["plan"] == run["plan"]


def test_nodes_log_who_asked_for_what(local, tables):
    mine, theirs = tables("rk"), tables("rl")
    asked = local("match", mine, theirs, "--json").json()
    for role in range(3):
        log = (local.home / "spaces" / "local" / f"node{role}" / "polderd.log").read_text().splitlines()
        [line] = [json.loads(each) for each in log if "session_begun" in each and asked["session"] in each]
        assert line["requester"] == "rk" and line["plan"]["parties"] == ["rk", "rl"]
        assert line["plan"]["kind"] == "match" and len(line["plan"]["tables"]) == 2
