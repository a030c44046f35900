"""Models fitted to encrypted tables, in scikit-learn's words. Nothing runs before an `open` says who learns it."""

from polder.learn.logistic_regression import LogisticRegression, NotFittedError

__all__ = ["LogisticRegression", "NotFittedError"]
