"""Bad input: one clear line with file, row, column and remedy; exit code 2; nothing is written."""

import json

import pytest

GOOD = "client_id,flagged\nA,1\nB,0\n"
HUGE = "x" * 10_000_000

FILES = {
    "no_bytes": (b"", "the file is empty; its first row must name the columns (a party without clients is a header "
                 "without rows)"),
    "missing_key": (b"iban,flagged\nA,1\n", None),
    "missing_flag": (b"client_id,flag\nA,1\n", "there is no column 'flagged'; the columns are 'client_id', 'flag'"),
    "column_twice": (b"client_id,flagged,client_id\nA,1,A\n", "the header names column 'client_id' twice; rename or "
                     "remove one"),
    "flag_value": (b"client_id,flagged\nA,1\nB,perhaps\n", "row 3, column 'flagged': not a flag; write 1 or 0, true or "
                   "false, yes or no"),
    "flag_empty": (b"client_id,flagged\nA,\n", "row 2, column 'flagged': not a flag; write 1 or 0, true or false, yes "
                   "or no"),
    "not_utf8": (b"client_id,flagged\nA,1\nCaf\xe9,0\n", "row 3, column 'client_id': byte 25 of the file is not "
                 "UTF-8 but probably windows-1252; save the file as CSV UTF-8"),
    "nul": (b"client_id,flagged\nA\0,1\n", "row 2, column 'client_id': a NUL byte at byte 19 of the file; export it "
            "again as CSV text"),
    "huge_cell": (f"client_id,flagged\n{HUGE},1\n".encode(), "row 2, column 'client_id': the cell is larger than "
                  "1048576 bytes; is a closing quote missing?"),
    "ragged": (b"client_id,flagged\nA,1\nB\n", "row 3 has 1 cells, the header has 2; quote cells that hold a "
               "separator, and fill up short rows"),
    "open_quote": (b'client_id,flagged\n"A,1\n', "row 2, column 'client_id': the file ends within quotes; close the "
                   "quote or copy the file again"),
    "many_columns": ((",".join(f"c{i}" for i in range(5000)) + "\n").encode(), "row 1, column 4097: more than 4096 "
                     "columns; keep the ones that are needed"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_its_place(local, name):
    content, error = FILES[name]
    local.write("good.csv", GOOD)
    local.write("bad.csv", content)
    key = ["--id", "client_id"] if name == "missing_key" else []
    error = error or "there is no column 'client_id'; the columns are 'iban', 'flagged'"
    ended = local("match", "good.csv", "bad.csv", *key)
    assert (ended.code, ended.out, ended.err) == (2, "", f"polder: bad.csv: {error}\n")
    assert not (local.folder / "matches").exists()


@pytest.mark.parametrize("cell", ["1.5", "1e308", "NaN", "inf", "9223372036854775808", "-9223372036854775809", "0x10",
                                  "=1+1", "1 000", "", "\u0661"])  # fmt: skip
def test_a_number_that_is_none_is_refused_and_never_wrapped(local, cell):
    local.write("a.csv", f"client_id,flagged,score\nA,1,7\nB,0,{cell}\n")
    local.write("b.csv", GOOD)
    ended = local("match", "a.csv", "b.csv", "--show", "sum", "--attribute", "score")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "polder: a.csv: row 3, column 'score': not a whole number of at most 64 bits\n"


@pytest.mark.parametrize(
    "arguments, error",
    [
        (["a.csv", "b.csv", "--threshold", "3"], "threshold 3 is out of range: with 2 parties it is 1 to 2"),
        (["a.csv", "b.csv", "--threshold", "0"], "threshold 0 is out of range: with 2 parties it is 1 to 2"),
        (["a.csv", "b.csv", "--threshold", "-1"], None),
        (["a.csv", "b.csv", "--min-flags", "3"],
         "min-flags 3 is out of range: with 2 parties it is 1 to 2, or no flags"),
        (["a.csv", "more/a.csv"],
         "party 'a' is given twice, as a.csv and more/a.csv; a party is called like its file, give each its own name"),
        (["a.csv"], "a match needs two parties or more, 1 given"),
        (["a.csv", "none.csv"], "none.csv: there is no such file; check the path"),
        (["a.csv", "more"], "more: is a folder; name the CSV file in it"),
        (["a.csv", "b.csv", "--to", "c"], "recipient 'c' is no party, so it has no rows; the parties are 'a', 'b'"),
        (["a.csv", "clients@nobody"], "there is no table 'clients@nobody'; polder tables lists them"),
        (["a.csv", "b.csv", "--no-flag", "--min-flags", "1"],
         "--no-flag does not go with --flag or --min-flags; leave one out"),
        (["a.csv", "b.csv", "--id", "client_id,"], "--id: a column's name is empty; write --id COL or --id COL,COL"),
        (["a.csv", "b.csv", "--show", "names"], "show 'names' is not known; it is rows, count, union, sum or mean"),
        (["a.csv", "b.csv", "--show", "sum"],
         "show sum or mean and an attribute column go together; give both or neither"),
    ],
)  # fmt: skip
def test_wrong_use_is_refused(local, arguments, error):
    (local.folder / "more").mkdir()
    for name in ("a.csv", "b.csv", "more/a.csv"):
        local.write(name, GOOD)
    ended = local("match", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert error is None or ended.err == f"polder: {error}\n"
    assert not (local.folder / "matches").exists()


def test_empty_identifiers_are_left_out_and_counted_or_refused(local):
    local.write("a.csv", GOOD)
    local.write("b.csv", "client_id,flagged\n ,1\nB,1\n\u00a0,0\n")
    ended = local("match", "a.csv", "b.csv")
    assert ended.code == 0
    assert "b.csv: 2 rows without an identifier are left out." in ended.out
    strict = local("match", "a.csv", "b.csv", "--strict", "--force")
    assert strict.code == 2
    assert strict.err == (
        "polder: b.csv: row 2, column 'client_id': the identifier is empty; fill it in, or read the file without "
        "--strict to leave such rows out\n"
    )


def test_a_file_without_permission_says_so(local):
    import os

    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    local.write("a.csv", GOOD).chmod(0)
    local.write("b.csv", GOOD)
    assert local("match", "a.csv", "b.csv").err == (
        "polder: a.csv: no permission to read it; check the file's rights\n"
    )


def test_programs_get_the_error_as_json(local):
    local.write("a.csv", GOOD)
    ended = local("match", "a.csv", "--json")
    assert json.loads(ended.out) == {
        "error": {"code": "bad_input", "message": "a match needs two parties or more, 1 given"}
    }


def test_an_output_folder_that_cannot_be_made_is_named(local):
    for name in ("a.csv", "b.csv"):
        local.write(name, GOOD)
    local.write("taken", "a file")
    ended = local("match", "a.csv", "b.csv", "--out", "taken")
    assert (ended.code, ended.err) == (
        2,
        f"polder: {local.folder}/taken: is not a folder; choose another one to write to\n",
    )
