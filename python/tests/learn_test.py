"""Logistic regression through plans: an independent fit's coefficients, over plain values and as three parties."""

import math

import numpy as np
import pandas as pd
import polder as po
import pytest
from polder.errors import Forbidden, OverflowRisk, SchemaError
from polder.learn import LogisticRegression, NotFittedError
from polder.plan import session

FIELDS = po.Schema(
    age=po.decimal(1, 0, 120, null=True),
    children=po.int(-5, 30),
    member=po.bool(),
    spent=po.decimal(2, -1_000_000, 1_000_000, null=True),
    bought=po.bool(),
)
FEATURES = ["age", "children", "member", "spent"]


def drawn(n: int, seed: int) -> pd.DataFrame:
    """Rows whose label depends on all features; some cells are missing."""
    draw = np.random.default_rng(seed)
    age = draw.integers(180, 900, n)
    spent = np.round(draw.lognormal(3, 1, n), 2)
    rows = pd.DataFrame(
        {
            "age": [None if gone else f"{tenths / 10:.1f}" for tenths, gone in zip(age, draw.random(n) < 0.1)],
            "children": draw.integers(0, 5, n),
            "member": draw.random(n) < 0.3,
            "spent": [None if gone else f"{value:.2f}" for value, gone in zip(spent, draw.random(n) < 0.1)],
        }
    )
    at = age / 200 - 2 - 0.6 * rows.children + 1.2 * rows.member + spent / 100
    return rows.assign(bought=draw.random(n) < 1 / (1 + np.exp(-at)))


def clear_fit(rows: pd.DataFrame, c: float) -> np.ndarray:
    """The minimum of scikit-learn's loss by Newton's method with halved steps, in double precision."""
    rows = rows[[*FEATURES, "bought"]].dropna().astype(float)
    x = np.column_stack([np.ones(len(rows)), rows[FEATURES].to_numpy()])
    y = rows.bought.to_numpy()
    penalty = np.diag([0.0] + [0 if math.isinf(c) else 1 / c] * len(FEATURES))

    def loss(w):
        return np.logaddexp(0, np.where(y == 1, -x @ w, x @ w)).sum() + w @ penalty @ w / 2

    w = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x.T * (p * (1 - p))) @ x + penalty
        step, part = np.linalg.lstsq(hessian, x.T @ (y - p) - penalty @ w, rcond=None)[0], 1.0
        while loss(w + part * step) > loss(w) and part > 1e-12:
            part /= 2
        w = w + part * step
    return w


def put(rows: pd.DataFrame, **options) -> po.DataFrame:
    return po.from_pandas(rows, name="customers", schema=FIELDS, **options)


def fitted(rows: po.DataFrame, **parameters) -> LogisticRegression:
    return LogisticRegression(**parameters).fit(rows[FEATURES], rows.bought)


def simulated(model: LogisticRegression, protocol: str = "cleartext", min_group: int = 1) -> pd.DataFrame:
    return model.opening(to="shop", min_group=min_group).simulate(protocol=protocol)


@pytest.mark.parametrize(("n", "c"), [(60, 1.0), (300, 0.05), (300, 100.0), (1000, 1.0), (1000, math.inf)])
@pytest.mark.parametrize("protocol", ["cleartext", "rep3"])
def test_the_coefficients_are_those_of_an_independent_fit(n, c, protocol):
    rows = drawn(n, seed=n)
    model = fitted(put(rows), C=c)
    row = simulated(model, protocol)
    errors = {name: kind.error for name, kind in model.coefficients_.dtypes.items()}
    for (name, value), expected in zip(row.iloc[0].items(), clear_fit(rows, c), strict=True):
        assert abs(value - expected) <= errors[name], name


def test_both_protocols_give_the_same_bits_and_filtered_rows_do_not_count():
    rows = drawn(200, seed=5)
    frame = put(rows)
    model = fitted(frame[frame.children >= 1])
    plain = simulated(model)
    pd.testing.assert_frame_equal(plain, simulated(model, "rep3"))
    alone = simulated(fitted(put(rows[rows.children >= 1].reset_index(drop=True))))
    assert plain.iloc[0].astype(float).to_numpy() == pytest.approx(alone.iloc[0].astype(float).to_numpy(), abs=1e-5)


@pytest.mark.parametrize("protocol", ["cleartext", "rep3"])
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_few_rows_are_withheld(n, protocol):
    shown = simulated(fitted(put(drawn(n, seed=n).fillna("1.0"))), protocol)
    assert shown.isna().all(axis=None)
    assert set(shown.attrs["withheld"]) == {"intercept", *FEATURES}


def test_one_class_and_no_valid_rows_are_withheld():
    rows = drawn(80, seed=1)
    assert simulated(fitted(put(rows.assign(bought=True)))).isna().all(axis=None)
    frame = put(rows)
    assert simulated(fitted(frame[frame.children >= 30])).isna().all(axis=None)


def test_a_flag_that_few_rows_have_is_withheld_alone():
    rows = drawn(300, seed=2)
    rows["member"] = [i < 4 for i in range(300)]
    shown = simulated(fitted(put(rows)), min_group=10)
    assert list(shown.attrs["withheld"]) == ["member"]
    assert shown[["intercept", "age", "children", "spent"]].notna().all(axis=None)


def test_separated_classes_need_a_penalty_and_constant_features_have_0():
    rows = drawn(200, seed=3).assign(children=4)
    rows["age"] = [f"{20 + i % 7}.0" for i in range(200)]
    rows["bought"] = [i % 7 >= 4 for i in range(200)]
    free, held = (simulated(fitted(put(rows), C=c)) for c in (math.inf, 1.0))
    assert free.isna().all(axis=None) and not free.attrs["withheld"]
    assert held.children[0] == 0
    w = clear_fit(rows, 1.0)
    assert held.age[0] == pytest.approx(w[1], abs=3e-5)


def test_the_nodes_compute_what_the_simulation_does(running, monkeypatch):
    monkeypatch.setenv("POLDER_HOME", str(running.home))
    monkeypatch.setattr(session, "_connection", None)
    po.connect("local")
    rows = drawn(150, seed=8)
    model = fitted(put(rows, owner="shop", partners=["bureau"]), C=0.5)
    opened = model.open(to="bureau", min_group=10)
    asked = simulated(fitted(put(rows, owner="shop", partners=["bureau"]), C=0.5), min_group=10)
    assert [*opened.intercept_, *opened.coef_[0]] == asked.iloc[0].astype(float).to_list()
    assert list(opened.feature_names_in_) == FEATURES and opened.withheld == []
    whole = rows.dropna().astype({"age": float, "spent": float})
    assert opened.predict_proba(whole)[:, 1] == pytest.approx(chances(whole, clear_fit(rows, 0.5)), abs=1e-4)
    with pytest.raises(ValueError, match="missing: spent"):
        opened.predict(whole.drop(columns="spent"))
    with pytest.raises(Forbidden, match="groups from 10 on"):
        model.open(to="bureau", min_group=9)


def chances(rows: pd.DataFrame, w: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(w[0] + rows[FEATURES].to_numpy(dtype=float) @ w[1:])))


def test_what_a_fit_uses_and_reveals_is_told():
    told = fitted(put(drawn(50, seed=4))).opening(to="shop", min_group=10).explain()
    assert "age of customers: model_feature" in told and "bought of customers: model_label" in told
    reveals = told[told.index("reveals:") : told.index("uses:")]
    assert reveals.count("\n") == 2
    assert "open: to shop: intercept, age, children, member, spent, groups >= 10" in reveals


def test_mistakes_are_named():
    frame = put(drawn(20, seed=6))
    with pytest.raises(SchemaError, match="label '_label' is int -5..30"):
        LogisticRegression().fit(frame[["age"]], frame.children)
    for c in (0, -1, 1e12, math.nan):
        with pytest.raises(po.errors.PolderError, match="C is a decimal number"):
            fitted(frame, C=c)
    with pytest.raises(po.errors.PolderError, match="max_iter is 1 to 100"):
        fitted(frame, max_iter=0)
    wide = po.from_pandas(
        pd.DataFrame({"x": [1], "y": [True]}), name="w", schema=po.Schema(x=po.int(), y=po.bool())
    )
    with pytest.raises(OverflowRisk, match="'x'.*narrower bounds"):
        LogisticRegression().fit(wide[["x"]], wide.y)
    text = po.from_pandas(
        pd.DataFrame({"x": ["a"], "y": [True]}), name="t", schema=po.Schema(x=po.string(3), y=po.bool())
    )
    with pytest.raises(SchemaError, match="'x' is string.*features are numbers"):
        LogisticRegression().fit(text[["x"]], text.y)
    with pytest.raises(NotFittedError, match="call fit"):
        LogisticRegression().open(to="shop", min_group=10)
    with pytest.raises(ValueError, match="no parameter 'solver'"):
        LogisticRegression().set_params(solver="lbfgs")
    assert LogisticRegression(C=2.0).get_params() == {"C": 2.0, "max_iter": 20}
