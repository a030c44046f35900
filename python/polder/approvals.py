"""Plans that are submitted, read and approved in a space: what the nodes have of them, and what is said to them."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from polder import statements
from polder.errors import BadInput, NotFound
from polder.space import Space

_UNITS = {"h": 1, "d": 24, "w": 24 * 7}


@dataclass(frozen=True)
class Terms:
    """For what, by whom, when (unix ms) and how often a plan may be run."""

    purpose: str
    since: int
    until: int
    max_runs: int
    requesters: tuple[str, ...]

    def value(self) -> dict[str, Any]:
        return {
            "purpose": self.purpose,
            "from": self.since,
            "until": self.until,
            "max_runs": self.max_runs,
            "requesters": sorted(set(self.requesters), key=str.encode),
        }

    @staticmethod
    def of(value: dict[str, Any]) -> Terms:
        return Terms(value["purpose"], value["from"], value["until"], value["max_runs"], tuple(value["requesters"]))


def from_now(purpose: str, valid: str, max_runs: int, requesters: Sequence[str]) -> Terms:
    """Terms that begin now and last for `valid`, like "90d"."""
    now = now_ms()
    return Terms(purpose, now, now + int(duration(valid) / timedelta(milliseconds=1)), max_runs, tuple(requesters))


def now_ms() -> int:
    return int(time.time() * 1000)


def duration(text: str) -> timedelta:
    """"90d", "12h" or "2w"."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})([hdw])", text)
    if not found:
        raise BadInput(f"'{text}' is no length of time; write 12h, 90d or 4w")
    return timedelta(hours=int(found[1]) * _UNITS[found[2]])


@dataclass(frozen=True)
class Submitted:
    """A plan that somebody asked approval for, under a name."""

    fingerprint: str
    name: str
    author: str
    terms: Terms
    received: int


@dataclass(frozen=True)
class Given:
    """An approval as one node has it."""

    id: str
    owner: str
    terms: Terms
    revoked: bool
    runs: int  # used there

    def why_not(self, requester: str | None) -> str:
        """Why it does not hold now; empty if it does. Nodes decide by their own clocks."""
        now = now_ms()
        if self.revoked:
            return "revoked"
        if now >= self.terms.until:
            return "expired"
        if now < self.terms.since:
            return "not yet valid"
        if self.runs >= self.terms.max_runs:
            return f"all {self.terms.max_runs} runs used"
        if requester is not None and requester not in self.terms.requesters:
            return f"not for runs that '{requester}' asks for"
        return ""


@dataclass(frozen=True)
class State:
    """A plan before its owners: what each node that could be asked has of it."""

    facts: statements.PlanFacts
    submitted: list[Submitted]
    owners: list[str]  # whose tables want approval
    given: list[list[Given]]  # by node

    def missing(self, requester: str | None = None) -> dict[str, str]:
        """Owners whose approval some node lacks, and why."""
        found: dict[str, str] = {}
        for owner in self.owners:
            for node in self.given:
                reasons = [each.why_not(requester) for each in node if each.owner == owner]
                if "" not in reasons:
                    found[owner] = reasons[-1] if reasons else "none given"
        return found


def submitted_for(used: Space, key: Path) -> list[Submitted]:
    """What concerns the key's organisation, the latest first, each once."""
    found: dict[str, Submitted] = {}
    for node in statements.submissions(used.network, key):
        for item in node.get("submissions", []):
            found.setdefault(item["id"], _submitted(item))
    return sorted(found.values(), key=lambda each: -each.received)


def fingerprint_of(used: Space, which: str, keys: Sequence[Path]) -> str:
    """Of a fingerprint itself, or of the plan that was last submitted under a name and concerns one of the keys."""
    if re.fullmatch("[0-9a-f]{64}", which):
        return which
    found = [each for key in keys for each in submitted_for(used, key) if each.name == which]
    if not found:
        raise NotFound(f"no analysis '{which}' was submitted that concerns those whose keys are here; submit it first")
    authors = sorted({each.author for each in found})
    if len(authors) > 1:
        raise NotFound(f"{' and '.join(authors)} each submitted an analysis '{which}'; name it by its fingerprint")
    return max(found, key=lambda each: each.received).fingerprint


def state(used: Space, fingerprint: str, key: Path) -> State:
    """What the nodes have of a plan; its text is checked here."""
    facts = statements.plan_facts(statements.plan_text_at(used.network, fingerprint, key))
    nodes = [node for node in statements.plan_state(used.network, fingerprint, key) if node]
    submitted = {item["id"]: _submitted(item) for node in nodes for item in node["submissions"]}
    return State(
        facts,
        sorted(submitted.values(), key=lambda each: each.received),
        _who_want_approval(used, facts),
        [[_given(item) for item in node["approvals"]] for node in nodes],
    )


def submit(used: Space, text: str, name: str, author: str, terms: Terms) -> str:
    """Puts a plan at the nodes and asks for its approval; returns its fingerprint."""
    key = used.key(author)
    fingerprint = statements.put_plan(used.network, text, key)["fingerprint"]
    statement = {"type": "submission@1", "by": author, "name": name, "plan": fingerprint, "terms": terms.value()}
    statements.say(used.network, statement, key)
    return fingerprint


def approve(used: Space, fingerprint: str, owner: str, key: Path, terms: Terms) -> dict[str, Any]:
    """Signs that a plan may read the owner's tables and open what its text says, as it is read here."""
    text = statements.plan_text_at(used.network, fingerprint, key)
    facts = statements.plan_facts(text)
    if owner not in facts.tables:
        raise BadInput(f"plan {fingerprint} reads no table of '{owner}', but of {', '.join(facts.tables)}")
    statements.put_plan(used.network, text, key)  # a node that was away may not have it
    statement = {
        "type": "approval@1",
        "by": owner,
        "plan": fingerprint,
        "tables": facts.tables[owner],
        "openings": facts.openings,
        "terms": terms.value(),
        "nonce": secrets.token_hex(16),
    }
    return statements.say(used.network, statement, key)


def revoke(used: Space, fingerprint: str, owner: str, key: Path) -> list[str]:
    """Ends all approvals of a plan that the owner gave; returns their ids."""
    nodes = state(used, fingerprint, key).given
    ids = sorted({each.id for node in nodes for each in node if each.owner == owner and not each.revoked})
    for approval in ids:
        statements.say(used.network, {"type": "revocation@1", "by": owner, "approval": approval}, key)
    return ids


def _who_want_approval(used: Space, facts: statements.PlanFacts) -> list[str]:
    """Owners of whose tables the latest of a name wants approval, or is not there yet."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for table in sorted(used.tables_everywhere()["tables"], key=lambda table: table["created"]):
        latest[table["owner"], table["name"]] = table
    return [
        owner
        for owner, names in facts.tables.items()
        if any((owner, name) not in latest or latest[owner, name]["serves"]["approval"] for name in names)
    ]


def _submitted(item: dict[str, Any]) -> Submitted:
    said = item["statement"]
    return Submitted(said["plan"], said["name"], said["by"], Terms.of(said["terms"]), item["received"])


def _given(item: dict[str, Any]) -> Given:
    said = item["statement"]
    return Given(item["id"], said["by"], Terms.of(said["terms"]), item["revoked"], item["runs"])
