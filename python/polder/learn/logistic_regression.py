"""Logistic regression of a secret label on secret features."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from polder.frame import DataFrame, Opening
from polder.plan import session
from polder.series import Series
from polder.types import text_of

_LABEL = "_label"


class NotFittedError(ValueError, AttributeError):
    """`fit` has not been called."""


class LogisticRegression:
    """scikit-learn's estimator for two classes, with an intercept and its penalty: half the coefficients' squares,
    divided by `C` (infinity: no penalty).

    Unlike scikit-learn, `fit` only writes the plan down; rows that lack a feature or the label are left out; the nodes
    always take `max_iter` steps of Newton's method, and coefficients that these did not reach come out missing.
    """

    def __init__(self, *, C: float = 1.0, max_iter: int = 20) -> None:  # noqa: N803
        self.C = C
        self.max_iter = max_iter

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {"C": self.C, "max_iter": self.max_iter}

    def set_params(self, **params: Any) -> LogisticRegression:
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"LogisticRegression has no parameter '{name}'; it has C and max_iter")
            setattr(self, name, value)
        return self

    def fit(self, X: DataFrame, y: Series) -> LogisticRegression:  # noqa: N803
        """Coefficients of all columns of X, numbers or true and false, that best tell y, true or false.

        X and y are of the same rows. Nothing is revealed, nor computed, before `open`.
        """
        rows = X.assign(**{_LABEL: y})
        penalty = "inf" if math.isinf(self.C) else text_of(float(self.C))
        fields = {"features": X.columns, "label": _LABEL, "C": penalty, "max_iter": self.max_iter}
        self.coefficients_ = DataFrame(session.add("logistic_regression@1", [rows._node], **fields))
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.classes_ = np.array([False, True])
        return self

    def opening(
        self, *, to: str | list[str], min_group: int, label: str = "coefficients", purpose: str = ""
    ) -> Opening:
        """Who is to learn the coefficients, to be explained, tried here or run.

        Each is withheld unless `min_group` rows more than there are coefficients stand behind it, as many of either
        label, and as many with and without a feature that is true or false.
        """
        return self._fitted.opening(to=to, min_group=min_group, label=label, purpose=purpose)

    def open(
        self,
        *,
        to: str | list[str],
        min_group: int,
        label: str = "coefficients",
        purpose: str = "",
        by: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Opened:
        """Has the nodes fit the model and open its coefficients to `to`."""
        asked = self.opening(to=to, min_group=min_group, label=label, purpose=purpose)
        return Opened(asked.run(by=by, params=params), self._fitted)

    @property
    def _fitted(self) -> DataFrame:
        try:
            return self.coefficients_
        except AttributeError:
            raise NotFittedError("this LogisticRegression is not fitted; call fit(X, y)") from None

    def __repr__(self) -> str:
        return f"LogisticRegression(C={self.C}, max_iter={self.max_iter})"


class Opened:
    """Coefficients in the clear, as scikit-learn names and shapes them: NaN where withheld or not reached.

    `errors` says how far each may be off, by its name ("intercept" or the feature's).
    """

    def __init__(self, row: pd.DataFrame, fitted: DataFrame) -> None:
        self.frame = row
        self.errors = {name: kind.error for name, kind in fitted.dtypes.items()}
        values = row.iloc[0].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        self.intercept_ = values[:1]
        self.coef_ = values[1:].reshape(1, -1)
        self.feature_names_in_ = np.array(row.columns[1:], dtype=object)
        self.classes_ = np.array([False, True])

    @property
    def withheld(self) -> list[str]:
        """What too few rows stand behind."""
        return list(self.frame.attrs["withheld"])

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:  # noqa: N803
        """The chances of false and true for rows in the clear."""
        missing = [name for name in self.feature_names_in_ if name not in X.columns]
        if missing:
            raise ValueError(f"features that are missing: {', '.join(missing)}")
        at = X[list(self.feature_names_in_)].to_numpy(dtype=float) @ self.coef_[0] + self.intercept_[0]
        of_true = 1 / (1 + np.exp(-at))
        return np.column_stack([1 - of_true, of_true])

    def predict(self, X: pd.DataFrame) -> np.ndarray:  # noqa: N803
        return self.predict_proba(X)[:, 1] > 0.5

    def __repr__(self) -> str:
        lines = [f"{name:>20} {value: .6f}" for name, value in zip(self.frame.columns, self._values(), strict=True)]
        return "\n".join(lines)

    def _values(self) -> np.ndarray:
        return np.concatenate([self.intercept_, self.coef_[0]])
