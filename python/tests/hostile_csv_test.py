"""Some 350 hostile files: each fault at several places of files in several dresses, refused with its very place."""

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
NO_NUMBERS = [b"1e3", b"1e308", b"NaN", b"inf", b"1.0", b"--1", b"9223372036854775808", b"-9223372036854775809",
              b"18446744073709551616", b"=2+2", b"1_000", b"0x1F", b"", b"\xd9\xa1"]  # fmt: skip
PLACES = [2, 21, ROWS + 1]  # rows as people count them, the header being row 1

DRESSES = {  # before the file, end of line, quotes
    "plain": (b"", b"\n", b""),
    "windows": (b"\xef\xbb\xbf", b"\r\n", b'"'),
}


def usual(row: int) -> list[bytes]:
    return [b"-", f"client {row}".encode(), b"%d" % (row % 2), b"%d" % (row * 1000), "größe".encode()]


def file_with(row: int, cells: list[bytes], dress: str) -> bytes:
    """A file that is right but for one row."""
    before, end, quote = DRESSES[dress]
    rows = [HEADER, *(usual(each) for each in range(2, ROWS + 2))]
    rows[row - 1] = cells
    return before + b"".join(b",".join(quote + cell + quote for cell in each) + end for each in rows)


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


def refusal(network: Path, content: bytes) -> str:
    file = network.parent / "clients.csv"
    file.write_bytes(content)
    with pytest.raises(PolderError) as caught:
        native.split(network, file, Columns(flag="flagged", attribute="score"))
    assert caught.value.code == "bad_input"
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
        assert refusal(network, content) == (
            f"row {row}, column '{HEADER[column].decode()}': byte {first_wrong_byte(content)} of the file is not "
            "UTF-8; save the file as CSV UTF-8"
        )


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
