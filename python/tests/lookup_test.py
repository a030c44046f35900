"""Look-ups at the three nodes: right answers, errors that say what to do, nothing left behind."""

import pytest

from match_test import stored
from polder import errors, looking_up

HEADER = "client_id,reason"
ROWS = ("NL91 ABNA 0417 1643 00,mule account", 'B2,"forged, twice"', "B2,again", "B2,again", "Zoë,", "D4,\x1b[31mred")


def answers(ended) -> dict:
    assert ended.code == 0, ended.err
    return {reply["identifier"]: (reply["found"], reply.get("report")) for reply in ended.json()["replies"]}


def register(command, *rows: str):
    return command.clients("incidents", *(rows or ROWS), header=HEADER)


def test_a_file_is_a_register_for_one_look_up(polder):
    ended = polder("lookup", "nl91abna0417164300", " b2 ", "ZOE\u0308", "nobody", "--register", register(polder),
                   "--report", "reason", "--json")  # fmt: skip
    assert answers(ended) == {
        "nl91abna0417164300": (True, "mule account"),
        " b2 ": (True, "forged, twice; again"),
        "ZOE\u0308": (True, ""),
        "nobody": (False, None),
    }


def test_an_uploaded_register_answers_with_and_without_its_report(local):
    ended = local("upload", register(local), "--owner", "keeper", "--no-flag", "--report", "reason", "--json")
    assert ended.code == 0, ended.err
    before = local("tables", "--json").json()["tables"], stored(local)
    asked = ("lookup", "B2", "nobody", "--register", "incidents@keeper", "--as", "bank")
    assert answers(local(*asked, "--json")) == {"B2": (True, None), "nobody": (False, None)}
    assert answers(local(*asked, "--report", "reason", "--json"))["B2"] == (True, "forged, twice; again")
    assert (local("tables", "--json").json()["tables"], stored(local)) == before  # the queries are gone

    refused = local(*asked, "--report", "risk")
    assert refused.code == 2 and "gives no report 'risk'; it gives 'reason'" in refused.err
    kept = local("upload", register(local), "--owner", "discreet", "--no-flag")
    assert kept.code == 0, kept.err
    refused = local("lookup", "B2", "--register", "incidents@discreet", "--report", "reason")
    assert refused.code == 2 and "its owner approved none" in refused.err


def test_a_person_sees_a_table_and_no_report_acts_on_the_terminal(local):
    ended = local("lookup", "D4", "nobody", "--register", register(local), "--report", "reason")
    assert ended.code == 0, ended.err
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["D4", "yes", "[31mred"] in lines and ["nobody", "no", "-"] in lines
    assert "\x1b" not in ended.out


def test_a_key_of_several_columns_and_an_empty_register(local):
    people = local.clients("people", '"Smit, J",1970-01-02', header="name,born")
    ended = local("lookup", '"smit, j",1970-01-02', "smit,1970-01-02", "--register", people, "--id", "name,born",
                  "--json")  # fmt: skip
    assert list(answers(ended).values()) == [(True, None), (False, None)]
    nobody = local.clients("nobody", header=HEADER)
    ended = local("lookup", "A", "--register", nobody, "--report", "reason", "--json")
    assert answers(ended) == {"A": (False, None)}


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((" ",), "identifier 1 to look up is empty"),
        ([str(i) for i in range(65)], "65 identifiers to look up; one look-up takes 1 to 64"),
        (("A", "--report", "colour"), "'colour'"),
        (("A,B", "--id", "client_id,reason,x"), "there is no column 'x'"),
        (("A", "--register", "none.csv"), "none.csv"),
        (("A", "--register", "none@nobody"), "there is no table 'none@nobody'"),
    ],
)
def test_wrong_use_is_told(local, arguments, words):
    given = arguments if "--register" in arguments else (*arguments, "--register", register(local))
    ended = local("lookup", *given)
    assert ended.code == 2 and words in ended.err and "Traceback" not in ended.err


def test_a_report_that_is_too_long_is_refused_with_its_row(local):
    ended = local("lookup", "A", "--register", register(local, "A,x", f"A,{'y' * 512}"), "--report", "reason")
    assert ended.code == 2
    assert "row 3, column 'reason': the report of this identifier is longer than 512 bytes" in ended.err


def test_from_python(local, monkeypatch):
    monkeypatch.setenv("POLDER_HOME", str(local.home))
    outcome = looking_up.lookup(["b2"], str(register(local)), report="reason")
    assert outcome["replies"] == [{"identifier": "b2", "found": True, "report": "forged, twice; again"}]
    with pytest.raises(errors.BadInput):
        looking_up.lookup([], str(register(local)))
