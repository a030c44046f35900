"""What is said about plans, and their results and logs: the C++ client under typed functions, as in polder.native."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _polder


@dataclass(frozen=True)
class PlanFacts:
    """What a plan's text says, computed here."""

    fingerprint: str
    tables: dict[str, list[str]]  # by owner
    openings: list[dict[str, Any]]  # label, to, min_group, rows


def plan_facts(text: str) -> PlanFacts:
    return PlanFacts(**json.loads(_polder.plan_facts(text)))


# What is said about plans. `key` is a member's key file; each asks or tells the nodes that can be reached.


def put_plan(network: Path, text: str, key: Path) -> dict[str, Any]:
    """Keeps a plan at the nodes; `fingerprint`, and why nodes are `away`."""
    return json.loads(_polder.put_plan(str(network), text, str(key)))


def say(network: Path, statement: Mapping[str, Any], key: Path) -> dict[str, Any]:
    """Signs a statement (engine/governance/statement.h) and tells it; its `id`, and why nodes are `away`."""
    return json.loads(_polder.say(str(network), json.dumps(statement), str(key)))


def plan_state(network: Path, fingerprint: str, key: Path) -> list[dict[str, Any]]:
    """By role: a node's submissions, approvals and revocations of a plan; empty where it is away.

    What one of them lacks it is brought from the others first.
    """
    return json.loads(_polder.plan_state(str(network), fingerprint, str(key)))


def plan_text_at(network: Path, fingerprint: str, key: Path) -> str:
    """A plan's text from the nodes; that it has this fingerprint is computed here."""
    return _polder.plan_text_at(str(network), fingerprint, str(key))


def submissions(network: Path, key: Path) -> list[dict[str, Any]]:
    """By role: the page of submissions that concern the key's organisation; empty where a node is away."""
    return json.loads(_polder.submissions(str(network), str(key)))


def plan_result(network: Path, session: str, key: Path) -> tuple[str, str, list[Any]]:
    """What a run opened to the key's organisation: fingerprint, who asked, and (label, columns) for each opening."""
    return _polder.plan_result(str(network), session, str(key))


def audit(network: Path, key: Path, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Reads and compares the nodes' logs. `kept`: {role: {"size", "link"}} of an earlier time.

    `problems` in words, `runs` that ended well and alike, and `nodes`: size, link, away, entries.
    """
    return json.loads(_polder.audit(str(network), str(key), json.dumps(kept)))
