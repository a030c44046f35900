"""Identifiers compare as Python's own Unicode tables say: an oracle that shares no code with the engine."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from expected import is_iban, normal
from polder import native

# Code points that both Unicode versions know; surrogates cannot be in UTF-8.
known = st.characters(exclude_categories=["Cn", "Cs"]).filter(lambda c: c != "\0" and unicodedata.category(c) != "Cn")
texts = st.text(known, max_size=30)
spaces = st.text(st.sampled_from(" \t\u00a0\u2003\u3000\u1680\u2028\x1c\x85"), max_size=3)


def oracle(value: str) -> str:
    text = unicodedata.normalize("NFKC", value)
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text.casefold())
    text = " ".join(text.split())
    closed = text.replace(" ", "")
    return closed if is_iban(closed.upper()) and closed.isascii() else text


@given(texts)
@settings(max_examples=2000)
def test_any_text(value):
    assert native.normalise(value) == oracle(value)


@given(st.lists(st.text("ABCxyz019é", min_size=1, max_size=5), min_size=1, max_size=4), st.lists(spaces, min_size=6))
def test_spaces_of_any_kind_count_once(words, gaps):
    spread = gaps[0] + "".join(word + (gaps[i % len(gaps)] or " ") for i, word in enumerate(words))
    assert native.normalise(spread) == native.normalise(" ".join(words))


def with_check_digits(country: str, account: str) -> str:
    digits = "".join(str(int(sign, 36)) for sign in account + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=11, max_size=30),
    st.data(),
)
def test_ibans_lose_their_spaces_and_only_right_ones_do(country, account, data):
    iban = with_check_digits(country, account)
    at = data.draw(st.integers(1, len(iban) - 1))
    assert native.normalise(f"{iban[:at]}  {iban[at:]}") == iban.lower()
    wrong = iban[:2] + f"{(int(iban[2:4]) + 1) % 100:02d}" + iban[4:]
    assert native.normalise(f"{wrong[:at]} {wrong[at:]}") == f"{wrong[:at]} {wrong[at:]}".lower()


@given(texts)
def test_the_example_oracle_agrees_on_what_counts_as_equal(value):
    """The examples' plain computation folds once where the engine folds twice: never less equal."""
    assert native.normalise(normal(value)) == native.normalise(value)
