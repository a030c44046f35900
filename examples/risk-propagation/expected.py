"""The plain computation: all banks' accounts and payments in one place, in floating point."""

from collections.abc import Mapping, Sequence

import pandas as pd


def flowed(accounts: Mapping[str, pd.DataFrame], payments: Mapping[str, pd.DataFrame], deltas: Sequence[float]):
    """The risk of each account after all iterations: a Series by account."""
    risk = pd.concat(accounts.values()).set_index("id").risk_score
    edges = pd.concat(payments.values())
    edges = edges[edges.id_source.isin(risk.index) & edges.id_destination.isin(risk.index)]
    income = edges.groupby("id_destination").amount.sum()
    for delta in deltas:
        paid = edges.amount * edges.id_source.map(risk)
        mean = paid.groupby(edges.id_destination).sum() / income
        risk = (1 - delta) * risk + delta * mean.reindex(risk.index).fillna(0)
    return risk


def worked_out(accounts: pd.DataFrame, payments: pd.DataFrame, delta: float, learned: Mapping[int, float]):
    """What a bank can work out of others from its own books and what it learned after one iteration: the risk of each
    foreign account that pays an account of its own, if it knows all else that does."""
    before = accounts.set_index("id").risk_score
    known, found = before.to_dict(), {}
    paid = payments.groupby(["id_destination", "id_source"]).amount.sum()
    while True:
        new = {}
        for account in paid.index.unique(level=0):
            payers = paid[account]
            unknown = [payer for payer in payers.index if payer not in known]
            if len(unknown) == 1:
                total = (learned[account] - (1 - delta) * before[account]) / delta * payers.sum()
                rest = sum(amount * known[payer] for payer, amount in payers.items() if payer in known)
                new[unknown[0]] = (total - rest) / payers[unknown[0]]
        if not new:
            return found
        known |= new
        found |= new
