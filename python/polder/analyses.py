"""An analysis under a name: written down, submitted for approval, approved by owners, run, and its results opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd

from polder import approvals, native, statements
from polder.approvals import Terms
from polder.errors import BadInput, Forbidden, NotApproved, NotFound
from polder.frame import DataFrame
from polder.plan import session
from polder.result import as_frame
from polder.series import Series
from polder.space import Space
from polder.types import text_of


class Learned:
    """What one recipient learned of a run: each output by its label, a value or a data frame."""

    def __init__(self, recipient: str, run: str, results: Sequence[Any]) -> None:
        self.recipient = recipient
        self.session = run
        self._outputs = {label: _opened(columns) for label, columns in results}

    def __getitem__(self, label: str) -> Any:
        return self._outputs[label]

    def __getattr__(self, label: str) -> Any:
        try:
            return self.__dict__["_outputs"][label]
        except KeyError:
            raise AttributeError(f"'{label}' is no output; there are: {', '.join(self.labels)}") from None

    @property
    def labels(self) -> list[str]:
        return list(self._outputs)

    def value(self) -> dict[str, Any]:
        """For JSON: a text for a value, rows for a table."""
        return {label: _plain(output) for label, output in self._outputs.items()}

    def text(self) -> str:
        """For people."""
        return "\n".join(f"{self.recipient} learned '{label}':\n{_shown(out)}" for label, out in self._outputs.items())

    def __repr__(self) -> str:
        return f"<Learned by {self.recipient} of run {self.session}: {', '.join(self.labels)}>"


class Run:
    """A run at the nodes: its session, for recipients elsewhere, and what those whose keys are here learned."""

    def __init__(self, outcome: native.PlanOutcome) -> None:
        self.session = outcome.session
        self.seconds, self.rounds = outcome.seconds, outcome.rounds
        self.learned = {name: Learned(name, outcome.session, got) for name, got in outcome.learned.items()}

    def __getattr__(self, label: str) -> Any:
        """An output as the first recipient here that learned it has it."""
        for learned in self.__dict__["learned"].values():
            if label in learned.labels:
                return learned[label]
        raise AttributeError(f"'{label}' was opened to nobody whose key is here; run {self.session} has what it was")

    def __repr__(self) -> str:
        return f"<Run {self.session}: opened here to {', '.join(self.learned) or 'nobody'}>"


class Analysis:
    """Outputs of one plan, with what is asked of those who are to approve it. `analysis` makes one."""

    def __init__(self, name: str, author: str, requesters: Sequence[str], terms: Terms) -> None:
        self.name, self.author = name, author
        self._requesters = tuple(requesters)
        self._terms = terms
        self._roots: list[int] = []

    def __enter__(self) -> Analysis:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None and not self._roots:
            raise BadInput(f"analysis '{self.name}' has no output: say a.output(label, value, to=[...], min_group=...)")

    def output(self, label: str, shown: DataFrame | Series, *, to: str | Sequence[str], min_group: int) -> None:
        """Somebody is to learn a table or a value; cells with fewer than `min_group` rows behind them are withheld."""
        recipients = [to] if isinstance(to, str) else list(to)
        fields = {"label": label, "to": recipients, "min_group": min_group, "purpose": self._terms.purpose}
        self._roots.append(session.add("open@1", [shown._node], **fields))

    @property
    def text(self) -> str:
        """The plan's one text."""
        return session.graph.text(self._roots)

    @property
    def fingerprint(self) -> str:
        """What is approved: another line in the analysis, another fingerprint."""
        return session.graph.fingerprint(self._roots)

    def explain(self) -> str:
        """Steps with types and costs, what is revealed to whom, what each column is used for."""
        return session.graph.explain(self._roots)

    def dry_run(self, *, protocol: str = "cleartext", **params: Any) -> dict[str, Any]:
        """The outputs on tables that were read in this process, computed here; nothing leaves it."""
        results = session.graph.simulate(self._roots, session.tables, _texts(params), protocol)
        return {label: _opened(columns) for label, columns in results}

    def submit(self) -> str:
        """Puts the plan at the nodes and asks the owners; prints its fingerprint and whose approval is missing."""
        fingerprint = approvals.submit(_used(), self.text, self.name, self.author, self._terms)
        missing = self.missing()
        told = ", ".join(f"{owner} ({why})" for owner, why in missing.items()) or "none"
        print(f"{self.name}: {fingerprint}\nmissing approvals: {told}")
        return fingerprint

    def missing(self) -> dict[str, str]:
        """Owners whose approval some node lacks, and why."""
        key = _used().key(self.author)
        return approvals.state(_used(), self.fingerprint, key).missing(self._terms.requesters[0])


def analysis(
    name: str,
    *,
    purpose: str,
    by: str,
    valid: str = "90d",
    max_runs: int = 30,
    requesters: Sequence[str] = (),
) -> Analysis:
    """An analysis that owners will be asked to approve, by the organisation `by`.

    `valid`: for how long from now, like "90d". `requesters`: who may ask for runs; if nobody is named, `by`.

    Examples
    --------
    >>> with po.analysis("costs", purpose="care", by="CBS", valid="90d", max_runs=30) as a:
    ...     a.output("total", po.table("visits@hospital").cost.sum(), to="CBS", min_group=10)
    >>> a.submit()
    """
    asking = list(requesters) or [by]
    return Analysis(name, by, asking, approvals.from_now(purpose, valid, max_runs, asking))


def approve(which: str, *, by: str, valid: str | None = None, max_runs: int | None = None) -> str:
    """Signs, for the owner `by`, the plan of a fingerprint or a name; returns the approval's id.

    The terms are those last submitted, or stricter ones if they are said here. Read it first: `show(which, by=...)`.
    """
    used = _used()
    key = used.key(by)
    fingerprint = approvals.fingerprint_of(used, which, [key])
    terms = proposed(approvals.state(used, fingerprint, key), valid=valid, max_runs=max_runs)
    return approvals.approve(used, fingerprint, by, key, terms)["id"]


def revoke(which: str, *, by: str) -> list[str]:
    """Takes back all that `by` approved of a plan, for good; what runs with it is stopped."""
    used = _used()
    key = used.key(by)
    return approvals.revoke(used, approvals.fingerprint_of(used, which, [key]), by, key)


def show(which: str, *, by: str) -> str:
    """In words: what a plan reads, does, and reveals to whom. Computed here from a text of that fingerprint."""
    used = _used()
    key = used.key(by)
    return in_words(used, approvals.fingerprint_of(used, which, [key]), key)


def run(which: str, *, by: str, progress: native.Progress | None = None, **params: Any) -> Run:
    """Has the nodes run a plan that was submitted, by its name or fingerprint, with values for its parameters.

    Raises NotApproved if an owner's approval is missing at a node, for whatever reason.
    """
    return run_at(_used(), which, by, _texts(params), progress)


def run_at(
    used: Space, which: str, by: str, params: Mapping[str, str], progress: native.Progress | None = None
) -> Run:
    """The same in a space; parameters as texts."""
    key = used.key(by)
    fingerprint = approvals.fingerprint_of(used, which, [key])
    text = statements.plan_text_at(used.network, fingerprint, key)
    statements.put_plan(used.network, text, key)
    before = approvals.state(used, fingerprint, key)
    recipients = sorted({name for opening in before.facts.openings for name in opening["to"]})
    try:
        outcome = native.run_plan(used.network, text, params, key, used.keys_of(recipients), progress)
    except Forbidden as error:
        missing = before.missing(by)
        if not missing:
            raise
        raise NotApproved(str(error), missing) from error
    return Run(outcome)


def result(run_session: str, *, to: str) -> Learned:
    """What a run, whoever asked for it, opened to the organisation `to`, whose key is here."""
    return result_at(_used(), run_session, to)


def result_at(used: Space, run_session: str, to: str) -> Learned:
    """The same in a space."""
    _, _, results = statements.plan_result(used.network, run_session, used.key(to))
    return Learned(to, run_session, results)


def proposed(
    state: approvals.State, *, valid: str | None = None, max_runs: int | None = None, requesters: Sequence[str] = ()
) -> Terms:
    """The terms that were submitted last, with what is said otherwise."""
    if not state.submitted:
        raise NotFound(f"plan {state.facts.fingerprint} was not submitted; who would run it submits it first")
    terms = state.submitted[-1].terms
    until = terms.until if valid is None else approvals.from_now("", valid, 1, ()).until
    return Terms(terms.purpose, terms.since, until, max_runs or terms.max_runs, tuple(requesters) or terms.requesters)


def in_words(used: Space, fingerprint: str, key: Path) -> str:
    """What `show` says."""
    import _polder_plans

    state = approvals.state(used, fingerprint, key)
    lines = [f"Plan {fingerprint}"]
    for each in state.submitted[-1:]:
        terms = each.terms
        lines.append(f"'{each.name}', submitted by {each.author} for the purpose '{terms.purpose}'")
        asking = _all(terms.requesters)
        lines.append(f"may be run until {_day(terms.until)}, {terms.max_runs} times, asked for by {asking}")
    for owner, tables in state.facts.tables.items():
        approval = "needs its approval" if owner in state.owners else "serves by its own rule"
        lines.append(f"reads {_all(tables)} of {owner} ({approval})")
    for opening in state.facts.openings:
        of = "values of single records" if opening["rows"] else f"numbers of {opening['min_group']} rows or more each"
        lines.append(f"shows '{opening['label']}' to {_all(opening['to'])}: {of}")
    missing = state.missing()
    told = ", ".join(f"{owner} ({why})" for owner, why in missing.items())
    lines.append(f"missing approvals: {told or 'none'}")
    text = statements.plan_text_at(used.network, fingerprint, key)
    return "\n".join(lines) + "\n\n" + _polder_plans.Graph.explain_text(text)


def _used() -> Space:
    return session.connection.space


def _texts(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: text_of(value) for name, value in params.items()}


def _opened(columns: Sequence[Any]) -> Any:
    frame = as_frame(columns)
    is_value = len(columns) == 1 and columns[0][0] == "" and len(frame) == 1
    return frame.iloc[0, 0] if is_value else frame


def _plain(output: Any) -> Any:
    if isinstance(output, pd.DataFrame):
        return [{name: _plain(cell) for name, cell in row.items()} for row in output.to_dict(orient="records")]
    return None if pd.isna(output) else str(output)


def _shown(output: Any) -> str:
    return output.to_string(index=False) if isinstance(output, pd.DataFrame) else str(output)


def _all(names: Sequence[str]) -> str:
    return ", ".join(names)


def _day(ms: int) -> str:
    return pd.Timestamp(ms, unit="ms", tz="UTC").strftime("%Y-%m-%d %H:%M UTC")
