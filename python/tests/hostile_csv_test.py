"""Some 600 hostile files: each fault at several places of files in several dresses, refused with its very place."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from polder import native
from polder.errors import PolderError
from polder.native import Columns

ROWS = 40
HEADER = [b"note", b"client_id", b"flagged", b"score", b"end"]
KEY, FLAG, SCORE = 1, 2, 3

# Cells that no reader may take, by what is said of them.
NOT_UTF8 = [b"\x80", b"a\xff", b"\xc0\xaf", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"ab\xe2\x82",
            b"\xf8\x88\x80\x80\x80"]  # fmt: skip
NO_FLAGS = [b"2", b"-1", b"1.0", b"y", b"ja", b"truefalse", b"=1", b"NaN", b"1,0", b""]
TOO_LARGE = [b"4398046511105", b"-4398046511105", b"9223372036854775807", b"-9223372036854775808"]
NO_NUMBERS = [b"1e3", b"1e308", b"NaN", b"inf", b"1.0", b"--1", b"9223372036854775808", b"-9223372036854775809",
              b"18446744073709551616", b"=2+2", b"1_000", b"0x1F", b"", b"\xd9\xa1"]  # fmt: skip
PLACES = [2, 21, ROWS + 1]  # rows as people count them, the header being row 1

DRESSES = {  # before the file, end of line, quotes
    "plain": (b"", b"\n", b""),
    "windows": (b"\xef\xbb\xbf", b"\r\n", b'"'),
}


def usual(row: int) -> list[bytes]:
    return [b"-", f"client {row}".encode(), b"%d" % (row % 2), b"%d" % (row * 1000), "größe".encode()]


def file_with(row: int, cells: list[bytes], dress: str, separator: bytes = b",") -> bytes:
    """A file that is right but for one row."""
    before, end, quote = DRESSES[dress]
    rows = [HEADER, *(usual(each) for each in range(2, ROWS + 2))]
    rows[row - 1] = cells
    return before + b"".join(separator.join(quote + cell + quote for cell in each) + end for each in rows)


def with_cell(row: int, column: int, cell: bytes) -> list[bytes]:
    cells = usual(row)
    cells[column] = cell
    return cells


def first_wrong_byte(content: bytes) -> int:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    raise AssertionError("it is UTF-8")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("network")
    cards = [native.node_init(root / name, name, f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}")
             for name, port in (("a", 1001), ("b", 1003), ("c", 1005))]  # fmt: skip
    native.network_create(cards, root / "network.json")
    return root / "network.json"


def refusal(network: Path, content: bytes, *, key: Sequence[str] = (), code: str | None = "bad_input") -> str:
    file = network.parent / "clients.csv"
    file.write_bytes(content)
    with pytest.raises(PolderError) as caught:
        native.split(network, file, Columns(key=key, flag="flagged", attribute="score"))
    assert caught.value.code in ((code,) if code else ("bad_input", "bad_schema"))
    return str(caught.value).removeprefix(f"{file}: ")


def test_the_file_itself_is_right(network):
    file = network.parent / "right.csv"
    for dress in DRESSES:
        file.write_bytes(file_with(2, usual(2), dress))
        native.split(network, file, Columns(flag="flagged", attribute="score"))


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("cell", NOT_UTF8)
def test_bytes_that_are_not_utf8(network, dress, cell):
    for row, column in product(PLACES, (0, KEY, 4)):  # also in columns that nobody asked for
        content = file_with(row, with_cell(row, column, cell), dress)
        words = refusal(network, content)
        name, at = HEADER[column].decode(), first_wrong_byte(content)
        place = f"row {row}, column '{name}': byte {at} of the file is not UTF-8"
        assert words.startswith(place) and words.endswith("; save the file as CSV UTF-8")


@pytest.mark.parametrize("dress", DRESSES)
def test_nul_bytes(network, dress):
    for row, column in product(PLACES, range(5)):
        content = file_with(row, with_cell(row, column, b"x\0y"), dress)
        assert refusal(network, content) == (
            f"row {row}, column '{HEADER[column].decode()}': a NUL byte at byte {content.index(0)} of the file; "
            "export it again as CSV text"
        )


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    "column, cells, why",
    [
        (FLAG, NO_FLAGS, "not a flag; write 1 or 0, true or false, yes or no"),
        (SCORE, NO_NUMBERS, "not a whole number of at most 64 bits"),
        (
            SCORE,
            TOO_LARGE,
            "larger than 4398046511104 (2^42), the most that can be added up; write it in a larger unit",
        ),
    ],
)
def test_cells_that_do_not_fit_their_column(network, dress, column, cells, why):
    for row, cell in product(PLACES, cells):
        if b"," in cell and not DRESSES[dress][2]:
            continue
        content = file_with(row, with_cell(row, column, cell), dress)
        assert refusal(network, content) == f"row {row}, column '{HEADER[column].decode()}': {why}"


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("cells", [1, 2, 4, 6, 4096])
def test_rows_that_are_too_short_or_too_long(network, dress, cells):
    for row in PLACES:
        content = file_with(row, [b"x"] * cells, dress)
        assert refusal(network, content) == (
            f"row {row} has {cells} cells, the header has 5; quote cells that hold a separator, and fill up short rows"
        )


@pytest.mark.parametrize("dress", DRESSES)
def test_a_client_with_two_scores(network, dress):
    for row in PLACES[1:]:
        content = file_with(row, [b"-", b"CLIENT  2 ", b"0", b"2001", b""], dress)
        assert refusal(network, content) == (
            f"row {row}, column 'score': differs from an earlier row of the same identifier; keep one of them"
        )


# Headers and rows that are not what they seem.
SEPARATORS = [b",", b";", b"\t", b"|"]
HEADERS = {
    "row 1: none of the columns is called client_id": [b"note", b"klant", b"flagged", b"score", b"end"],
    "there is no column 'flagged'; the columns are": [b"note", b"client_id", b"flag", b"score", b"end"],
    "there is no column 'score'; the columns are": [b"note", b"client_id", b"flagged", b"", b"end"],
    "the header names column 'Client_ID' twice": [b"Client_ID", b"client_id", b"flagged", b"score", b"end"],
    "the header names column 'flagged' twice": [b"note", b"client_id", b"flagged", b"score", b" FLAGGED"],
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("words", HEADERS)
def test_headers_without_the_columns_that_are_asked_for(network, dress, words):
    for separator in SEPARATORS:
        assert refusal(network, file_with(1, HEADERS[words], dress, separator), code=None).startswith(words)


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_header_that_comes_again(network, dress, separator):
    for row, header in product(PLACES, ([HEADER[0], b" Client_ID", *HEADER[2:]], HEADER)):
        words = refusal(network, file_with(row, header, dress, separator))
        assert words == f"row {row} repeats the header; were files joined? Remove that row, and look for others"


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    "above", [b"Bank A", b"# export, of 2026", b"Report;;;;", b"clients,and,their,flags,all", b"a|b"]
)
def test_lines_above_the_header_are_pointed_at(network, dress, above):
    before, end, _ = DRESSES[dress]
    for separator, lines in product(SEPARATORS, (1, 3)):
        content = file_with(2, usual(2), dress, separator).removeprefix(before)
        words = refusal(network, before + (above + end) * lines + content, code=None)
        assert f"row {lines + 1} looks like the header" in words or f"row {lines + 1} has 5 cells" in words


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    "name", [b"NL91ABNA0417164300", b"nl91 abna 0417 1643 00", b"1001", b"12.5", b"2026-03-01", b"# id"]
)
def test_a_key_column_whose_name_is_data(network, dress, name):
    for separator in SEPARATORS:
        content = file_with(1, [b"note", name, *HEADER[2:]], dress, separator)
        words = refusal(network, content, key=[name.decode()], code=None)
        assert words.startswith("row 1, column 2: what should be the name of the key column is ")


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_something_after_the_end_of_the_file(network, dress, separator):
    for row in PLACES[:2]:
        words = refusal(network, file_with(row, [b"\x1a"], dress, separator))
        assert words.startswith(f"row {row + 1}, ") and "it follows a line of Control-Z (U+001A)" in words
