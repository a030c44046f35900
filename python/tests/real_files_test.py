"""Files as people and programs really write them: read rightly, or refused with what to do; no silent wrong answer.

Named after the faults of other tools that docs/testing.md lists.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from conftest import column

RIGHT = {"a.csv": "client_id,flagged\nK1,1\nK2,0\n", "b.csv": "client_id,flagged\nK1,0\nK3,1\n"}


def write(command, files: dict[str, str | bytes]) -> list[str]:
    for name, content in files.items():
        command.write(name, content)
    return list(files)


def refused(command, words: str, *arguments: str, code: int = 2) -> None:
    ended = command(*arguments)
    assert (ended.code, ended.out) == (code, ""), ended.err
    assert words in ended.err and "mistake in Polder" not in ended.err and ended.err.count("\n") == 1, ended.err


def matches(ended) -> dict[str, int]:
    assert ended.code == 0, ended.err
    return {name: each["matches"] for name, each in ended.json()["recipients"].items()}


# F1, F15: what is there stays


@pytest.mark.parametrize("protocol", ["delegated", "quorum"])
def test_f1_an_input_is_never_overwritten(local, protocol):
    files = write(local, RIGHT)
    words = "a.csv: the result would overwrite the input a.csv; choose another folder with --out"
    refused(local, words, "match", *files, "--protocol", protocol, "--out", ".")
    refused(local, words, "match", *files, "--protocol", protocol, "--out", ".", "--force")
    (local.folder / "out").mkdir()
    os.link(local.folder / "b.csv", local.folder / "out" / "a.csv")
    refused(
        local, "would overwrite the input b.csv", "match", *files, "--protocol", protocol, "--out", "out", "--force"
    )
    assert {name: (local.folder / name).read_text() for name in files} == RIGHT


def test_f1_a_result_that_is_opened_later_overwrites_nothing(local):
    for name in ("p1", "q1"):
        assert local("upload", local.clients(name, "K1,1"), "--owner", name, "--name", "f1").code == 0
    session = local("match", "f1@p1", "f1@q1", "--json").json()["session"]
    refused(local, "is there already", "result", session, "f1@p1", "--out", ".")
    assert (local.folder / "p1.csv").read_text() == "client_id,flagged\nK1,1\n"
    assert local("result", session, "f1@p1", "--out", "later").code == 0
    assert local("result", session, "f1@q1", "--out", "later").code == 0, "of the same session"
    assert sorted(path.name for path in (local.folder / "later").iterdir()) == ["p1.csv", "q1.csv", "summary.json"]


@pytest.mark.parametrize("protocol", ["delegated", "quorum"])
def test_f15_results_of_two_runs_never_lie_side_by_side(local, protocol):
    files = write(local, {**RIGHT, "c.csv": RIGHT["b.csv"]})
    first = local("match", *files, "--protocol", protocol, "--json").json()
    folder = local.folder / "matches"
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["session"] == first["session"] and summary["threshold"] == 2
    assert summary["files"] == ["a.csv", "b.csv", "c.csv"] and summary["time"].endswith("Z")
    again = ("match", *files[:2], "--to", "a", "--protocol", protocol, "--threshold", "1")
    refused(local, "is there already and is not replaced; choose another folder with --out, or say --force", *again)
    assert len(list(folder.iterdir())) == 4
    assert local(*again, "--force").code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "summary.json"]
    assert json.loads((folder / "summary.json").read_text())["threshold"] == 1


# F2, F3: which column, which row


def test_f2_the_key_is_never_guessed_among_several_columns(local):
    write(
        local, {"a.csv": "client_id,flagged\nK1001,1\n17,0\n", "b.csv": "nr,Client_ID,flagged\n17,K1001,1\n18,K2,0\n"}
    )
    assert matches(local("match", "a.csv", "b.csv", "--json")) == {"a": 1, "b": 1}
    assert column(local.folder / "matches" / "b.csv") == ["K1001"]
    write(
        local,
        {"a.csv": "iban,flagged\nNL91ABNA0417164300,1\n", "b.csv": "client_id,iban,flagged\n1,NL91ABNA0417164300,0\n"},
    )
    refused(local, "the columns are 'iban', 'flagged'; say which with --id COL", "match", "a.csv", "b.csv", "--force")
    write(local, {"a.csv": "iban\nNL91ABNA0417164300\n"})
    refused(
        local, "a.csv is compared by 'iban', b.csv by 'client_id'", "match", "a.csv", "b.csv", "--no-flag", "--force"
    )
    ended = local("match", "a.csv", "b.csv", "--no-flag", "--id", "IBAN ", "--force", "--json")
    assert matches(ended) == {"a": 1, "b": 1}
    assert [file["key"] for file in ended.json()["files"]] == [[{"name": "iban", "kind": "text"}]] * 2


@pytest.mark.parametrize(
    "content, words",
    [
        ("NL91ABNA0417164300\nDE89370400440532013000\n", "is an IBAN; the first row must name the columns"),
        ("1001\n1002\n", "is a number; the first row must name the columns"),
        ("K2,fraud\nK3,fraud\n", "the columns are 'K2', 'fraud'"),
        ("K2\nK3\n", "has the form of the values below it"),
        ("Bank A, clients\nclient_id,branch\nK1,1\n", "row 2 looks like the header"),
        ("# export 2026-03-01\nclient_id\nK1001\n", "row 2 looks like the header"),
        ("client_id\nK1\nclient_id\nK2\n", "row 3 repeats the header"),
    ],
)
@pytest.mark.parametrize("command", ["match", "lookup", "upload"])
def test_f3_headers_that_are_data_and_data_that_are_headers_are_refused(local, command, content, words):
    write(local, {"strange.csv": content, "right.csv": "client_id\nK1\n"})
    arguments = {
        "match": ["right.csv", "strange.csv", "--no-flag"],
        "lookup": ["K3", "--register", "strange.csv"],
        "upload": ["strange.csv", "--owner", "north", "--no-flag"],
    }[command]
    refused(local, words, command, *arguments)


def test_f3_sep_lines_and_lines_above_the_header_are_read_as_they_are_meant(local):
    write(
        local,
        {"a.csv": "sep=;\r\nclient_id;flagged\r\nK1001;1\r\n", "b.csv": "Bank B;;\n;;\nclient_id;flagged;\nK1001;0;\n"},
    )
    refused(
        local,
        "row 3 looks like the header: remove the lines above it, or say --header-row 3",
        "match",
        "a.csv",
        "b.csv",
    )
    write(local, {"b.csv": "sep=|\nclient_id|flagged\nK1001|0\n"})
    assert matches(local("match", "a.csv", "b.csv", "--json")) == {"a": 1, "b": 1}
    write(
        local,
        {"c.csv": "Bank C\n\nclient_id;flagged\nK1001;0\n", "d.csv": "Bank D,x\n\nclient_id;flagged\nK1001;1\n"},
    )
    assert matches(local("match", "c.csv", "d.csv", "--header-row", "3", "--force", "--json")) == {"c": 1, "d": 1}


# F4, F9: what a key is


def test_f4_a_row_that_lacks_a_part_of_its_key_is_no_client(local):
    write(
        local, {"a.csv": "name,dob,flagged\nJansen,,1\nSmit,1970-01-01,1\n", "b.csv": "name,dob,flagged\njansen,,0\n"}
    )
    ended = local("match", "a.csv", "b.csv", "--id", "name,dob", "--json")
    assert matches(ended) == {"a": 0, "b": 0}
    assert [file["empty_rows"] for file in ended.json()["files"]] == [1, 1]
    refused(
        local,
        "a.csv: row 2, column 'dob': the identifier is empty",
        "match",
        "a.csv",
        "b.csv",
        "--id",
        "name,dob",
        "--strict",
        "--force",
    )


def test_f9_columns_of_tables_that_are_called_differently_are_remarked_on(local):
    write(local, {"one.csv": "iban\nK1\n", "two.csv": "account\nK1\n"})
    for owner, file in (("f9a", "one.csv"), ("f9b", "two.csv")):
        assert local("upload", file, "--owner", owner, "--name", "w", "--no-flag").code == 0
    ended = local("match", "w@f9a", "w@f9b", "--no-flag", "--json")
    assert matches(ended) == {"f9a": 1, "f9b": 1}
    words = "w@f9a is compared by 'iban', w@f9b by 'account': make sure that they mean the same"
    assert ended.json()["warnings"] == [words]


def test_f9_keys_that_cannot_match_are_refused_and_a_register_says_its_own(local):
    write(
        local,
        {"one.csv": "client_id,iban,flagged\nK1,NL91ABNA0417164300,1\n", "reg.csv": "name,dob\nJansen,1980-01-01\n"},
    )
    for owner, key in (("f9one", "iban"), ("f9two", "client_id,iban")):
        assert local("upload", "one.csv", "--owner", owner, "--name", "t", "--id", key).code == 0
    refused(local, "t@f9one is compared by 'iban', t@f9two by 'client_id', 'iban'", "match", "t@f9one", "t@f9two")
    assert local("upload", "reg.csv", "--owner", "f9reg", "--name", "r", "--id", "name,dob", "--no-flag").code == 0

    def found(query: str, *key: str) -> bool:
        ended = local("lookup", query, "--register", "r@f9reg", *key, "--json")
        assert ended.code == 0, ended.err
        return ended.json()["replies"][0]["found"]

    assert found("Jansen,1980-01-01") and found("jansen;1980-01-01")
    assert found("Jansen,1980-01-01", "--id", "name,dob") and found("1980-01-01,Jansen", "--id", "dob,name")
    refused(local, "'name'", "lookup", "Jansen", "--register", "r@f9reg", "--id", "iban")
    refused(local, "has 1 parts", "lookup", "Jansen", "--register", "r@f9reg")


# F7: what separates cells


@pytest.mark.parametrize(
    "content",
    [
        "client_id;name, first;branch\nK1001;Jansen, P;9\nK1002;Smit, Q;9\n",
        "client_id|reason|\nK1001|fraud|\n",
        'client_id;flagged;"amount (EUR, net)"\nK1001;0;"1,5"\n',
        '"Klant\nnummer";client_id;flagged\n1;K1001;0\n',
        "client_id\tname, title\nK1001\tJansen, dr.\n",
    ],
)
def test_f7_the_separator_is_found_in_whole_records(local, content):
    write(local, {"a.csv": "client_id\nK1001\n", "b.csv": content})
    assert matches(local("match", "a.csv", "b.csv", "--no-flag", "--json")) == {"a": 1, "b": 1}


def test_f7_a_separator_that_is_not_found_is_asked_for(local):
    write(local, {"a.csv": "client_id\nK1001\n", "b.csv": "client_id^x\nK1001^y\n"})
    refused(local, "the header is one column whose name holds '^'", "match", "a.csv", "b.csv", "--no-flag")
    write(local, {"a.csv": "client_id^x\nK1001^y\n"})
    assert matches(local("match", "a.csv", "b.csv", "--no-flag", "--delimiter", "^", "--json")) == {"a": 1, "b": 1}
    refused(local, "cannot separate cells", "match", "a.csv", "b.csv", "--delimiter", "ab")


# F11: numbers


def test_f11_a_sum_never_wraps(local):
    big = 1 << 41
    header = "client_id,flagged,amt"
    local.clients("a", f"K1,1,{big}", "K2,1,-1", header=header)
    local.clients("b", f"K1,1,{big}", "K2,0,7", header=header)
    of_sum = ("match", "a.csv", "b.csv", "--attribute", "amt", "--to", "a", "--json")
    assert local(*of_sum, "--show", "sum").json()["recipients"]["a"]["sum"] == 2 * big + 6
    assert local(*of_sum, "--show", "mean").json()["recipients"]["a"]["mean"] == pytest.approx((2 * big + 6) / 4)
    write(local, {"b.csv": "client_id,flagged,amt\nK1,1,1\nK2,0,9223372036854775807\n"})
    refused(local, "b.csv: row 3, column 'amt': larger than 4398046511104 (2^42)", *of_sum[:-1], "--show", "sum")


# F12, F20: wrong input is no mistake of Polder


def test_f12_bytes_that_are_not_utf8_are_refused(local):
    write(local, {**RIGHT, "reg.csv": "client_id\nK2\n"})
    refused(local, "argument 2, 'M?ller', is not UTF-8", "lookup", os.fsdecode(b"M\xfcller"), "--register", "reg.csv")
    refused(local, "is not UTF-8", "match", "a.csv", os.fsdecode(b"b\xfc.csv"))
    ended = looked_up(local, b"M\xfcller\nK2\n", "--register", "reg.csv")
    assert ended.returncode == 2 and b"line 1 of the input is not UTF-8" in ended.stderr
    ended = local("match", "a.csv", "b.csv", "--threshold", "99999999999999999999")
    assert ended.code == 2 and "Traceback" not in ended.err


@pytest.mark.parametrize("option", ["--flag", "--id", "--out", "--attribute", "--space", "--delimiter"])
def test_f20_an_empty_option_is_refused(local, option):
    files = write(local, RIGHT)
    refused(local, f"{option} is empty; give it a value, or leave it out", "match", *files, option, "")
    refused(local, f"{option} is empty", "match", *files, f"{option}=")


def test_f20_an_identifier_that_begins_with_a_minus_is_asked_for_rightly(local):
    write(local, {"reg.csv": "client_id\n-1\nK1\n"})
    refused(
        local,
        "argument 2 begins with - and is no option; write -- before such identifiers",
        "lookup",
        "-1",
        "--register",
        "reg.csv",
    )
    ended = local("lookup", "--register", "reg.csv", "--json", "--", "-1", "-2")
    assert [reply["found"] for reply in ended.json()["replies"]] == [True, False]


def test_f20_a_file_never_shadows_a_table(local):
    write(local, {**RIGHT, "clients@north": RIGHT["a.csv"]})
    refused(local, "write ./clients@north for the file", "match", "clients@north", "b.csv")
    assert local("match", "./clients@north", "b.csv").code == 0


def test_f20_output_that_is_full_or_closed_and_a_folder_that_is_gone(local):
    write(local, RIGHT)
    polder = f"{sys.executable} -m polder"
    env = {**os.environ, "POLDER_HOME": str(local.home), "TMPDIR": str(local.folder)}

    def run(line: str):
        return subprocess.run(["bash", "-c", line], cwd=local.folder, env=env, capture_output=True, text=True)

    full = run(f"{polder} match a.csv b.csv > /dev/full")
    assert (full.returncode, full.stderr.count("\n")) == (1, 1), full.stderr
    assert "the output cannot be written: No space left on device" in full.stderr
    assert column(local.folder / "matches" / "a.csv") == ["K1"]
    closed = run(f"{polder} match a.csv b.csv --force | true; exit ${{PIPESTATUS[0]}}")
    assert closed.returncode in (0, 1) and "Traceback" not in closed.stderr and "mistake" not in closed.stderr
    gone = run(f'mkdir gone; cd gone; rmdir "$PWD"; {polder} match a.csv b.csv')
    assert gone.returncode == 2 and "Traceback" not in gone.stderr and "mistake" not in gone.stderr, gone.stderr


# F13: look-ups from the input


def looked_up(command, text: bytes, *arguments: str):
    return subprocess.run(
        [sys.executable, "-m", "polder", "lookup", "-", *arguments, "--json"],
        input=text,
        cwd=command.folder,
        env={**os.environ, "POLDER_HOME": str(command.home), "TMPDIR": str(command.folder)},
        capture_output=True,
    )


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfNL91ABNA0417164300\nK2\n",
        b"iban\r\nNL91ABNA0417164300\r\nK2\r\n\r\n",
        b'"NL91ABNA0417164300"\n"K2"\n',
        b"nr;IBAN\n1;NL91ABNA0417164300\n2;K2\n",
        "\ufeffNL91ABNA0417164300\r\nK2\r\n".encode("utf-16-le"),
        b"NL91ABNA0417164300\nK2\n\x1a",
    ],
)
def test_f13_identifiers_from_the_input_are_read_like_a_file(local, text):
    write(local, {"reg.csv": "iban\nNL91 ABNA 0417 1643 00\nK2\n"})
    ended = looked_up(local, text, "--register", "reg.csv")
    assert ended.returncode == 0, ended.stderr
    assert [reply["found"] for reply in json.loads(ended.stdout)["replies"]] == [True, True]


def test_f13_the_input_goes_alone(local):
    write(local, {"reg.csv": "client_id\nK2\n"})
    refused(
        local, "- reads the identifiers from the input; give it alone", "lookup", "-", "K2", "--register", "reg.csv"
    )
    refused(local, "the input has no line", "lookup", "-", "--register", "reg.csv")


# F14, F16, F17: what exports leave over, and what is no CSV file


@pytest.mark.parametrize(
    "content",
    [
        "client_id,flagged\nK1001,1\nK1002,0\n\x1a",
        "client_id,flagged\nK1001,1\nK1002,0\x1a",
        "client_id;flagged;;\nK1001;1;;\nK1002;0\n",
        "client_id;flagged\nK1001;1\n;\nK1002;0\n;\n",
        "client_id,flagged,note,note\nK1001,1,a,b\nK1002,0,c,d\n",
        "client_id,flagged\r\n\r\nK1001,1\r\nK1002,0\r\n,\r\n",
        "\ufeff\ufeffclient_id,flagged\nK1001,1\nK1002,0\n",
        "\ufeffclient_id\tflagged\r\nK1001\t1\r\nK1002\t0\r\n".encode("utf-16-le"),
        "\ufeffclient_id;flagged\r\nK1001;1\r\nK1002;0\r\n".encode("utf-16-be"),
    ],
)
def test_f14_f16_what_exports_leave_over_is_no_client(local, content):
    write(local, {"a.csv": content, "b.csv": "client_id,flagged\nK1001,0\nK1002,0\n"})
    ended = local("match", "a.csv", "b.csv", "--json")
    assert matches(ended) == {"a": 1, "b": 1}
    assert ended.json()["files"][0]["rows_read"] == 2


@pytest.mark.parametrize(
    "content, words",
    [
        (b"\x1f\x8b\x08\x00", "is compressed with gzip; unpack it and give the file inside"),
        (b"PK\x03\x04\x14\x00 [Content_Types].xml", "is an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel workbook"),
        (b"<!DOCTYPE html><html><table>", "is a web page (HTML)"),
        (b'{"clients": []}', "is a JSON file"),
        (
            b"client_id,flagged\nCaf\xe9,1\nM\xfcller,0\n",
            "is not UTF-8 but probably windows-1252; save the file as CSV UTF-8",
        ),
    ],
)
def test_f17_what_is_no_csv_file_is_named(local, content, words):
    write(local, {**RIGHT, "b.csv": content})
    refused(local, words, "match", "a.csv", "b.csv")


# F18, F19: what was done is said


def test_f18_what_was_done_with_the_rows_is_said(local):
    write(local, {"a.csv": "\ufeffclient_id;flagged\nK1;1\nk1 ;0\n;0\n;\n", "b.csv": RIGHT["b.csv"]})
    ended = local("match", "a.csv", "b.csv", "--json").json()
    assert {**ended["files"][0], "warnings": []} == {
        "name": "a", "file": "a.csv", "separator": ";", "encoding": "UTF-8 with byte order mark", "header_row": 1,
        "key": [{"name": "client_id", "kind": "text"}], "rows_read": 3, "identifiers": 1, "blank_rows": 1,
        "empty_rows": 1, "placeholder_rows": 0, "duplicate_rows": 1, "respelled_rows": 1, "warnings": [],
    }  # fmt: skip
    shown = local("match", "a.csv", "b.csv", "--force").out
    rows = [line.split() for line in shown.splitlines()]
    assert ["file", "separator", "encoding", "key", "rows", "left", "out", "merged", "clients"] in rows
    assert ["b.csv", ",", "UTF-8", "client_id", "2", "0", "0", "2"] in rows
    banks = local("match", "a.csv", "b.csv", "--protocol", "quorum", "--force", "--json").json()
    assert [file["separator"] for file in banks["files"]] == [";", ","]
    uploaded = local("upload", "a.csv", "--owner", "f18", "--json").json()
    assert (uploaded["separator"], uploaded["respelled_rows"]) == (";", 1)


@pytest.mark.parametrize("protocol", ["delegated", "quorum"])
def test_f19_each_file_may_have_its_own_key(local, protocol):
    write(local, {"a.csv": "iban,flagged\nK1,1\n", "b.csv": '"name, first",account,flagged\nx,K1,0\n'})
    asked = ("match", "a.csv", "b.csv", "--protocol", protocol, "--force")
    assert matches(local(*asked, "--json", "--id", "a.csv:iban,b.csv:account")) == {"a": 1, "b": 1}
    assert matches(local(*asked, "--json", "--id", 'a:iban,"b:name, first"')) == {"a": 0, "b": 0}
    refused(local, "--id names no column of b.csv", *asked, "--id", "a.csv:iban")


def test_a_folder_where_a_result_goes_stops_the_run_before_anything_is_written(local):
    files = write(local, RIGHT)
    (local.folder / "matches" / "b.csv").mkdir(parents=True)
    refused(local, "b.csv: is a folder where a result goes", "match", *files, "--force")
    assert [path.name for path in (local.folder / "matches").iterdir()] == ["b.csv"]
    shutil.rmtree(local.folder / "matches")
