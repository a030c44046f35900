"""Every function and aggregate of the engine's descriptors, and chains of them, against pandas on the same data:
over plain values, and as three parties in this process."""

import json
import math
import os
from decimal import Decimal

import _polder_plans
import pandas as pd
import polder as po
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polder import errors, generate
from polder.plan import session

DESCRIPTORS = json.loads(_polder_plans.descriptors())
FUNCTIONS = [one for one in DESCRIPTORS["operators"] if one["python"].startswith("Series.") and not one["fields"]]
AGGREGATES = [one for one in DESCRIPTORS["aggregates"] if one["python"].startswith("Series.")]
EXAMPLES = int(os.environ.get("POLDER_PARITY", "60"))

LABELS = ["Delft", "Ede", "Goes"]
SCHEMA = po.Schema(
    a=po.int(-20, 20, null=True),
    b=po.int(0, 2**20),
    c=po.decimal(2, -100, 100, null=True),
    d=po.decimal(1, 0, 1000),
    p=po.bool(null=True),
    q=po.bool(),
    k=po.category(LABELS, null=True),
    s=po.string(3, null=True),
    t=po.date(null=True),
)
NUMBERS, TRUTHS = ["a", "b", "c", "d"], ["p", "q"]
KINDS = {
    "a": st.integers(-20, 20),
    "b": st.sampled_from([0, 1, 2**20]) | st.integers(0, 2**20),
    "c": st.integers(-10000, 10000).map(lambda n: Decimal(n).scaleb(-2)),
    "d": st.integers(0, 10000).map(lambda n: Decimal(n).scaleb(-1)),
    "p": st.booleans(),
    "q": st.booleans(),
    "k": st.sampled_from(LABELS),
    "s": st.text("abc", max_size=3).filter(bool),
    "t": st.dates(pd.Timestamp("1950-01-01").date(), pd.Timestamp("2090-01-01").date()),
}
DTYPES = {"a": "Int64", "b": "Int64", "p": "boolean", "q": "boolean", "s": "string"}


@st.composite
def tables(draw, most=12):
    """Rows with duplicates and missing values; none, one, or all missing too."""
    rows = draw(st.integers(0, most))
    columns = {}
    for name, values in KINDS.items():
        cell = st.none() | values if SCHEMA[name].null else values
        columns[name] = draw(st.lists(cell, min_size=rows, max_size=rows))
    return columns


def beside(columns):
    """The same table for Polder and for pandas."""
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    ours = po.from_pandas(frame, name="parity", schema=SCHEMA, most_rows=50)
    theirs = pd.DataFrame(
        {
            name: pd.Categorical(cells, LABELS, ordered=True)
            if name == "k"
            else pd.Series(cells, dtype=DTYPES.get(name, object))
            for name, cells in columns.items()
        }
    )
    return ours, theirs


def plain(value):
    """A cell of any dtype as a plain value; None where it is missing."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value


def same(ours, theirs, error=0.0):
    ours, theirs = [plain(one) for one in ours], [plain(one) for one in theirs]
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        if error and mine is not None and other is not None:
            assert abs(float(mine) - float(other)) <= error + 2 * math.ulp(float(other)), (mine, other)
        else:
            assert mine == other, (mine, other)


def missing_aware(function):
    """Of columns of objects, which pandas does not know missing values of."""
    return lambda *cells: None if any(plain(cell) is None for cell in cells) else function(*map(plain, cells))


def by_row(oracle, columns):
    """A descriptor's oracle row by row, with pandas' missing values: and, or, isna … on its nullable dtypes."""
    names = ["x", "y"]
    if "fillna" in oracle:  # of objects, as a value may be of a wider type
        return columns[0].astype(object).where(columns[0].notna(), columns[1].astype(object))
    if oracle.startswith("x.") or all(str(column.dtype) == "boolean" for column in columns):
        return eval(oracle, dict(zip(names, columns, strict=False)))  # noqa: S307 (our own descriptor)
    step = missing_aware(lambda *cells: eval(oracle, dict(zip(names, cells, strict=False))))  # noqa: S307
    return [step(*cells) for cells in zip(*columns, strict=True)]


def operands(function, draw):
    """Columns that a function takes."""
    name = function["name"].split("@")[0]
    if name in ("and", "or", "not"):
        pool = [TRUTHS]
    elif name in ("add", "subtract", "multiply"):
        pool = [NUMBERS]
    elif name == "fillna":
        return draw(st.sampled_from([("a", "b"), ("a", "a"), ("p", "q"), ("k", "k"), ("t", "t"), ("s", "s")]))
    elif name in ("isna", "notna"):
        pool = [[one] for one in KINDS]
    else:
        pool = [NUMBERS, ["k"], ["s"], ["t"], TRUTHS]
    group = draw(st.sampled_from(pool))
    return tuple(draw(st.sampled_from(group)) for _ in range(function["takes"]))


def called(function, columns):
    method = function["python"].removeprefix("Series.").split("(")[0]
    return getattr(type(columns[0]), method)(*columns)


def opened(frame, **options):
    return frame.opening(to="CBS", min_group=1).simulate(**options)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one["name"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_functions(function, data):
    ours, theirs = beside(data.draw(tables()))
    names = operands(function, data.draw)
    protocol = "rep3" if data.draw(st.integers(0, 9)) == 0 else "cleartext"
    result = opened(ours.assign(z=called(function, [ours[name] for name in names]))[["z"]], protocol=protocol)
    same(result["z"], by_row(function["oracle"], [theirs[name] for name in names]))


@pytest.mark.parametrize("aggregate", AGGREGATES, ids=lambda one: one["name"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_aggregates_of_groups_and_columns(aggregate, data):
    ours, theirs = beside(data.draw(tables()))
    takes = NUMBERS if aggregate["name"] in ("sum", "mean") else [*NUMBERS, "t"]
    name, by = data.draw(st.sampled_from(takes)), data.draw(st.sampled_from(["k", "s", "a", "q"]))
    protocol = "rep3" if data.draw(st.integers(0, 9)) == 0 else "cleartext"
    picked, condition = ours[ours.b > 5], theirs["b"] > 5
    result = opened(picked.groupby(by).agg(n=(name, "size"), z=(name, aggregate["name"])), protocol=protocol)
    groups = {}
    for key, cell in zip(theirs[by][condition], theirs[name][condition], strict=True):
        if plain(key) is not None:
            groups.setdefault(plain(key), []).append(plain(cell))
    keys = sorted(groups, key=LABELS.index if by == "k" else None)
    shown = [key for key in keys if plain_count(groups[key])]
    # A cell of no values is withheld: nobody stands behind it.
    same(result[by], keys)
    same(result["n"], [len(groups[key]) for key in keys])
    of = dict(zip(map(plain, result[by]), map(plain, result["z"]), strict=True))
    error = picked[name].agg(aggregate["name"]).type.error
    same([of[key] for key in shown], [oracle(aggregate, groups[key]) for key in shown], error)

    values = [plain(cell) for cell in theirs[name][condition]]
    if plain_count(values):
        value = opened(picked[name].agg(aggregate["name"]), protocol=protocol)["value"]
        same(value, [oracle(aggregate, values)], error)


def plain_count(cells):
    return sum(cell is not None for cell in cells)


def oracle(aggregate, cells):
    """The descriptor's oracle on what is there, as objects: exact for decimals and days."""
    there = pd.Series([cell for cell in cells if cell is not None], dtype=object)
    return eval(aggregate["oracle"], {"x": there, "len": len})  # noqa: S307 (our own descriptor)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(left=tables(), right=tables(6), how=st.sampled_from(["inner", "left"]), rep3=st.integers(0, 9))
def test_merges(left, right, how, rep3):
    ours, theirs = beside(left)
    keys = pd.DataFrame({"a": pd.Series(right["a"], dtype="Int64"), "e": pd.Series(right["b"], dtype="Int64")})
    unique = keys.dropna(subset="a").drop_duplicates("a")
    schema = po.Schema(a=po.int(-20, 20), e=po.int(0, 2**20))
    other = po.from_pandas(unique.astype(object), name="keys", schema=schema, most_rows=20)
    merged = ours.merge(other, on="a", how=how, validate="m:1")[["a", "c", "e"]]
    result = opened(merged, protocol="cleartext" if rep3 else "rep3")
    expected = theirs.merge(unique, on="a", how=how)
    for name in ("a", "c", "e"):
        same(result[name], expected[name])


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_chains(data):
    """Up to eight steps one after the other."""
    ours, theirs = beside(data.draw(tables()))
    for _ in range(data.draw(st.integers(1, 8))):
        function = data.draw(st.sampled_from(FUNCTIONS))
        names = operands(function, data.draw)
        try:
            column = called(function, [ours[name] for name in names])
        except errors.BadSchema:
            continue  # refused before anything runs
        new = f"z{len(ours.columns)}"
        theirs[new] = pd.Series(list(by_row(function["oracle"], [theirs[name] for name in names])), dtype=object)
        if column.type.kind == "bool":
            theirs[new] = theirs[new].astype("boolean")
        ours = ours.assign(**{new: column})
        if column.type.kind == "bool" and data.draw(st.booleans()):
            ours, theirs = ours[ours[new]], theirs[theirs[new].fillna(False).astype(bool)].reset_index(drop=True)
    result = opened(ours)
    for name in ours.columns:
        same(result[name], theirs[name])


def test_generated_methods_are_current():
    assert (generate.FOLDER / "series.py").read_text() == generate.methods()


def test_the_same_analysis_has_one_fingerprint():
    def ask(first, second):
        rows = po.table("t", SCHEMA, most_rows=100)
        wanted = {"one": rows.a.sum(), "two": rows.b.sum()}
        for name in (first, second):
            wanted[name].opening(to="CBS", min_group=2, label=name)
        return wanted["one"].opening(to="CBS", min_group=2, label="one").fingerprint()

    assert ask("one", "two") == ask("two", "one")


def test_mistakes_point_to_the_callers_line():
    rows = po.table("t", SCHEMA, most_rows=100)
    with pytest.raises(errors.SchemaError, match=r"parity_test\.py:\d+: column: there is no column 'wage'"):
        rows["wage"]
    with pytest.raises(errors.PrivacyError, match="min_group"):
        rows.opening(to="CBS", min_group=10)
    with pytest.raises(errors.OverflowRisk, match=r"beyond 2\^62"):
        po.table("u", po.Schema(x=po.int(0, 2**40)), most_rows=2**30).x.sum()
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(rows.a > 3)


def test_parameters_stay_within_their_type():
    rows = po.from_pandas(pd.DataFrame({"x": [1, 5, 9]}), name="x", schema=po.Schema(x=po.int(0, 10)))
    low = po.param("low", po.int(0, 10))
    ask = rows[rows.x >= low].x.sum().opening(to="CBS", min_group=1)
    assert ask.simulate(params={"low": 5})["value"].tolist() == [14]
    with pytest.raises(errors.BadInput, match="outside the declared bounds"):
        ask.simulate(params={"low": 11})
    assert session.shape(rows.x.sum()._node).columns[""].parts == ("0", "30")
