"""Identifiers compare as Python's own Unicode tables say: an oracle that shares no code with the engine."""

import datetime
import unicodedata

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from expected import normal
from normal_form import APOSTROPHES, DASHES, IGNORABLE, text_form
from polder import native
from polder.errors import BadInput

# Code points that both Unicode versions know; surrogates cannot be in UTF-8, controls are refused.
known = st.characters(exclude_categories=["Cn", "Cs", "Cc"]).filter(lambda c: unicodedata.category(c) != "Cn")
texts = st.text(known, max_size=30)
spaces = st.text(st.sampled_from(" \t\u00a0\u2003\u3000\u1680\u2028\x1c\x85"), max_size=3)
DASH = sorted(DASHES | {"-", "\u2010", "\u2011", "\u2013", "\u2014", "\uff0d"})
DECIMALS: dict[str, list[str]] = {digit: [] for digit in "0123456789"}
for code in range(0x110000):
    if unicodedata.category(chr(code)) == "Nd":
        DECIMALS[str(unicodedata.digit(chr(code)))].append(chr(code))
UNSEEN = st.text(st.sampled_from([chr(code) for code in sorted(IGNORABLE)]), max_size=2)


def refused(value: str, kind: str = "text") -> bool:
    try:
        native.normalise(value, kind)
    except BadInput:
        return True
    return False


def compared(value: str) -> str:
    """The normal form, of what is neither refused nor taken for no value."""
    try:
        form = native.normalise(value)
    except BadInput:
        form = ""
    assume(form)
    return form


@given(texts)
@settings(max_examples=3000)
@example("\u0130\u0323\u0307")
@example("\u1fbf\u06cc\u0654")
def test_any_text(value):
    assert compared(value) == text_form(value)


@given(texts)
@settings(max_examples=1000)
def test_twice_is_once(value):
    form = compared(value)
    assert compared(form) == form


# F6, F10: one word in many spellings.


@given(st.data(), st.text("abcıiİIyklmnoé'- 0123456789", min_size=3, max_size=12))
@settings(max_examples=300)
def test_f6_f10_spellings_of_one_identifier_are_one(data, word):
    def spelled(sign: str) -> str:
        choices = {"'": sorted(APOSTROPHES), "-": DASH, "i": ["i", "I", "\u0130", "\u0131"]}
        if sign.isdecimal():
            return data.draw(st.sampled_from(DECIMALS[sign]))
        return data.draw(st.sampled_from(choices.get(sign, [sign, sign.upper(), unicodedata.normalize("NFD", sign)])))

    spelling = "".join(spelled(sign) + data.draw(UNSEEN) for sign in word)
    assert compared(spelling) == compared(word) == text_form(word)


@given(st.lists(st.text("ABCxyz019é", min_size=1, max_size=5), min_size=1, max_size=4), st.lists(spaces, min_size=6))
def test_spaces_of_any_kind_count_once(words, gaps):
    spread = gaps[0] + "".join(word + (gaps[i % len(gaps)] or " ") for i, word in enumerate(words))
    assert compared(spread) == compared(" ".join(words))


def with_check_digits(country: str, account: str) -> str:
    value = "".join(str(int(sign, 36)) for sign in account + country + "00")
    return f"{country}{98 - int(value) % 97:02d}{account}"


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=11, max_size=30),
    st.sampled_from(["  ", "-", ".", "\u2011", "\u200b", "\u00a0"]),
    st.sampled_from(["", "IBAN ", "iban: ", "IBAN-", "\ufeff"]),
    st.data(),
)
def test_f10_ibans_lose_their_separators_and_only_right_ones_do(country, account, gap, word, data):
    iban = with_check_digits(country, account)
    at = data.draw(st.integers(1, len(iban) - 1))
    for kind in ("text", "iban"):
        assert native.normalise(f"{word}{iban[:at]}{gap}{iban[at:]}", kind) == iban.lower()
    wrong = iban[:2] + f"{(int(iban[2:4]) + 1) % 100:02d}" + iban[4:]
    assert native.normalise(f"{wrong[:at]}  {wrong[at:]}") == f"{wrong[:at]} {wrong[at:]}".lower()
    assert refused(wrong, "iban")


# F4, F5: no value, and what spreadsheets make of values.

NO_VALUE = ["NULL", "N/A", "#N/A", "-", "--", "0", "nan", "none", "unknown", "-0-", "n.a.", "(null)", "\\N"]


@given(st.sampled_from(NO_VALUE), st.booleans(), spaces)
def test_f4_a_word_for_no_value_is_none_in_any_spelling(word, upper, gap):
    spelled = gap + (word.upper() if upper else word.lower()) + gap
    for kind in native.kinds():
        assert native.normalise(spelled, kind) == ""


@given(st.integers(1, 40), st.text("ABCDEF", max_size=4))
def test_f4_a_fill_of_zeros_is_none(zeros, letters):
    cell = letters + "0" * zeros
    assert (native.normalise(cell) == "") == (not letters or zeros >= 5)


@given(st.floats(1e15, 1e300), st.sampled_from([".", ","]), st.sampled_from(["{:e}", "{:.5E}", "{:.3E}"]))
def test_f5_rounded_numbers_are_refused(value, point, form):
    cell = form.format(value).replace(".", point)
    assert refused(cell)
    assert refused(cell, "number")
    assert native.normalise(cell, "exact") == cell


@given(st.integers(1, 10**18).filter(lambda n: len(set(str(n))) > 1 and n != 123456789))
def test_f5_decimals_are_refused_in_text_and_read_as_a_number(value):
    assert refused(f"{value}.0")
    assert native.normalise(f"{value}.0", "number") == native.normalise(f"00{value}", "number") == str(value)
    assert native.normalise(f'="00{value}"') == native.normalise(f"'00{value}") == f"00{value}"


@given(st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 12, 31)), st.sampled_from("-/. "))
def test_f10_dates_are_one_however_they_are_written(day, mark):
    spellings = [f"{day.day}{mark}{day.month}{mark}{day.year}", f"{day.day:02}{mark}{day.month:02}{mark}{day.year}",
                 f"{day.year}{mark}{day.month}{mark}{day.day}", f"{day:%Y%m%d}", f"{day} 00:00:00",
                 f"{day:%d %b %Y}", f"{day:%B %d, %Y}"]  # fmt: skip
    assert {native.normalise(spelling, "date") for spelling in spellings} == {str(day)}
    if day.day > 12:
        assert refused(f"{day.month}/{day.day}/{day.year}", "date")


def bsn_fits(digits: str) -> bool:
    weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


@given(st.integers(10_000_000, 999_999_999).filter(lambda n: len(set(f"{n:09}")) > 1 and n != 123456789))
def test_citizens_numbers_need_their_check_digit(number):
    assert refused(str(number), "bsn") == (not bsn_fits(f"{number:09}"))


# F21.


@given(st.integers(0, 60))
def test_f21_runs_of_marks(count):
    assert refused("a" + "\u0301" * count) == (count > 30)


@pytest.mark.parametrize("size, too_long", [(1000, False), (1001, True), (1 << 20, True)])
def test_f21_long_identifiers(size, too_long):
    assert refused("é" * (size // 2) + "a" * (size % 2)) == too_long


@given(st.text(st.characters(categories=["L", "Nd", "Zs"]), max_size=30))
def test_the_example_oracle_agrees_on_what_counts_as_equal(value):
    """The examples' plain computation knows fewer spellings: never more equal."""
    form = compared(value)
    assert compared(normal(value)) == form
