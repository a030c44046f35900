"""The example's data and its plain computation, which the end-to-end tests take as the truth."""

import sys
from collections import Counter
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "flagged-clients"
BANKS = ["amstel", "dommel", "eem", "maas", "vecht"]
sys.path.insert(0, str(EXAMPLE))

import expected  # noqa: E402
import make_data  # noqa: E402


def write(folder: Path, name: str, *rows: str) -> expected.Party:
    path = folder / f"{name}.csv"
    path.write_text("client_id,flagged\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return expected.read_party(path)


def test_data_is_what_the_seed_gives(tmp_path):
    make_data.main(tmp_path)
    for bank in BANKS:
        assert (tmp_path / f"{bank}.csv").read_bytes() == (EXAMPLE / f"{bank}.csv").read_bytes()


@pytest.mark.parametrize(
    "one, other",
    [
        ("GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"),  # the IBAN of textbooks
        ("REG 0042", "  reg\u00a0 0042 "),
        ("REG 0042", "REG ００４２"),
        ("K\u00d6LN 7", "ko\u0308ln 7"),
        ("GROSS-ENS", "groß-ens"),
    ],
)
def test_spellings_compare_equal(one, other):
    assert expected.normal(one) == expected.normal(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("GB83 WEST 1234 5698 7654 32", "GB83WEST12345698765432"),  # wrong check digits: no IBAN
        ("REG 0042", "REG0042"),
        ("REG 0042", "REG 0043"),
    ],
)
def test_others_do_not(one, other):
    assert expected.normal(one) != expected.normal(other)


def test_threshold_flags_and_recipients(tmp_path):
    a = write(tmp_path, "a", "both,0", "alone,1", " Both ,1", "three,0")
    b = write(tmp_path, "b", "BOTH,no", "three,true")
    c = write(tmp_path, "c", "three,YES", "plain,0")

    everyone = {name: ["three"] for name in "abc"}
    assert expected.matched([a, b, c], threshold=3) == everyone
    assert expected.matched([a, b, c], min_flags=2) == everyone
    some = {"a": ["both", "three"], "b": ["BOTH", "three"]}
    assert expected.matched([a, b, c]) == everyone | some
    assert expected.matched([a, b, c], threshold=1, to=["a"]) == {"a": ["both", "alone", "three"]}
    assert expected.matched([a, b, c], threshold=1, min_flags=0)["c"] == ["three", "plain"]


def test_data_holds_what_makes_matching_hard():
    parties = [expected.read_party(EXAMPLE / f"{bank}.csv") for bank in BANKS]
    holders = Counter(key for party in parties for key in party.spelling)
    assert set(holders.values()) == {1, 2, 3, 4, 5}
    for party in parties:
        rows = (EXAMPLE / f"{party.name}.csv").read_text(encoding="utf-8-sig").count("\n") - 1
        assert 2_000 <= rows <= 5_000
        assert len(party.spelling) < rows  # somebody stands in it twice
