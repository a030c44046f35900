"""The C++ client under typed functions: paths in, plain Python values out, errors of polder.errors."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _polder

Progress = Callable[[str, float], None]
"""Called from time to time with what is being done and how far it is, 0 to 1."""


def version() -> str:
    return _polder.version()


def node_init(folder: Path, name: str, api: str, mesh: str, days: int = 825) -> Path:
    """Makes a node's keys and settings in `folder`; returns the public part to hand to the others."""
    return Path(_polder.node_init(str(folder), name, api, mesh, days))


def network_create(cards: Sequence[Path], out: Path) -> str:
    """Writes the network.json of three nodes, in role order, and beside it NAME.matching.json: the key under which
    organisations hash identifiers, which no node gets. Returns the network's id."""
    return _polder.network_create([str(card) for card in cards], str(out))


def key_new(folder: Path, name: str) -> Path:
    """Makes NAME.key and NAME.pub in `folder`; returns the latter."""
    return Path(_polder.key_new(str(folder), name))


def key_show(public: Path) -> dict[str, str]:
    """Name, sign, seal (hex) and fingerprint of a NAME.pub."""
    return json.loads(_polder.key_show(str(public)))


def kinds() -> list[str]:
    """The kinds of identifier; docs/identifiers.md says what counts as the same in each."""
    return _polder.kinds()


def normalise(identifier: str, kind: str = "text") -> str:
    """The form in which an identifier is compared; "" if it is none."""
    return _polder.normalise(identifier, kind)


@dataclass(frozen=True)
class Columns:
    """Which columns of a file are read, and what to do with rows that have no identifier."""

    key: Sequence[str] = ()
    flag: str = "flagged"
    attribute: str = ""
    strict: bool = False
    report: str = ""  # of texts that may be given to who looks a row up
    kind: str = "text"  # of key columns that do not say their own, as COLUMN:KIND
    keep_placeholders: bool = False
    delimiter: str = ""  # a character, or comma, semicolon, tab, pipe; not given: found
    header_row: int = 0  # 0: the first row that is not blank


def key_columns(said: Sequence[str], files: Sequence[str]) -> list[list[str]]:
    """Of `[FILE:]COLUMN[:KIND]` items, the COLUMN[:KIND] of each file."""
    return _polder.key_columns(list(said), list(files))


def check_results(folder: Path, names: Sequence[str], inputs: Sequence[str], *, replace: bool) -> None:
    """Throws unless NAME.csv and summary.json may be written: no input is one of them, nothing is there already."""
    _polder.check_results(folder=str(folder), names=list(names), inputs=list(inputs), replace=replace)


def hand_over(
    files: Mapping[str, str],
    folder: Path,
    inputs: Sequence[str],
    session: str,
    summary: dict[str, Any],
    *,
    replace: bool,
) -> dict[str, str]:
    """Copies results to `folder` as those of one run; returns where each is."""
    return _polder.hand_over(
        files=dict(files),
        folder=str(folder),
        inputs=list(inputs),
        replace=replace,
        session=session,
        summary=json.dumps(summary),
    )


@dataclass(frozen=True)
class Rules:
    """What an uploaded table may serve, and for whom: signed by its owner, checked by each node on every run.

    What is left None gets a careful value: engine/client/nodes/rule_options.h.
    """

    uses: Sequence[str] = ()  # "match", "lookup"; none: both
    partners: Sequence[str] = ()  # organisations; none: every member
    threshold: int | None = None  # of a match, at least
    at_least: int | None = None  # of a match that shows a number, at least
    rows_a_day: int | None = None  # that one member may ask about; 0: any
    until: int = 0  # unix ms, when the table ends; 0: never
    approval: bool = False  # of a typed table: each plan on it needs its owner's signed approval


def split(network: Path, file: Path, columns: Columns) -> bytes:
    """What of a file would travel to nodes 1 and 2 (node 0 gets seeds only): a new split each time."""
    return _polder.split(str(network), str(file), _columns(columns))


class Client:
    """Speaks with the three nodes of a network."""

    def __init__(self, network: Path) -> None:
        self._native = _polder.Client(str(network))

    @property
    def network(self) -> str:
        """The network's id."""
        return json.loads(self._native.show())["network"]

    def status(self) -> list[dict[str, Any]]:
        """For each node: role, name, api, mesh, state ("ready", "waiting" or "down") and, unless ready, why."""
        return json.loads(self._native.status())["nodes"]

    def role_of(self, node_folder: Path) -> int:
        """Which role of the network the node in a folder has."""
        return self._native.role_of(str(node_folder))

    # What is said to all three nodes: nodes that were away hear it from the others. Each returns `away`, why a node
    # could not be told, and `alike`, members whose names may be taken for this one.

    def admit(self, node_folder: Path, members: Sequence[Path]) -> dict[str, list[str]]:
        """Admits the organisations of some NAME.pub, signed with the key of the node in a folder."""
        return json.loads(self._native.admit(str(node_folder), [str(member) for member in members]))

    def expel(self, node_folder: Path, member: str) -> dict[str, list[str]]:
        """Takes a member out: requests are refused, sessions end, tables are hidden."""
        return json.loads(self._native.expel(str(node_folder), member))

    def replace(self, signer: Path, member: Path) -> dict[str, list[str]]:
        """Gives a member the keys of a NAME.pub; signed with its present key file, or by a node's folder."""
        return json.loads(self._native.replace(str(signer), str(member)))

    def remove_table(self, handle: str, signer: Path) -> dict[str, list[str]]:
        """Removes a table; signed with its owner's key file, or by a node's folder."""
        return json.loads(self._native.remove_table(handle, str(signer)))

    # `signer` is a member's key file or a node's folder: strangers learn nothing.

    def members(self, signer: Path) -> list[dict[str, Any]]:
        """Who is known: name, fingerprint, and its state at each node (admitted, expelled or empty)."""
        return json.loads(self._native.members(str(signer)))

    def answer(self, node_folder: Path, path: str) -> str:
        """What the node in a folder answers its operator's GET of a path of docs/openapi.yaml."""
        return self._native.answer(str(node_folder), path)

    def tables(self, signer: Path) -> dict[str, Any]:
        """`tables` that are uploaded: handle, name, owner, rows, columns, created, and the `nodes` that have it; and
        the nodes that are `away`."""
        return json.loads(self._native.tables(str(signer)))

    def runs(self, key: Path, most: int = 50) -> list[dict[str, Any]]:
        """The latest runs that concern the organisation of a key: those that it asked for, those on its tables, those
        whose results are for it. Each: session, began, state, nodes that know of it, run, plan, requester."""
        return json.loads(self._native.runs(str(key), most))

    def open_result(
        self, session: str, handle: str, key: Path, tables: Path, out: Path, *, replace: bool = False
    ) -> dict[str, Any]:
        """Opens what a session that another party asked for has for the owner of a table."""
        return json.loads(
            self._native.open_result(
                session=session, handle=handle, key=str(key), tables=str(tables), out=str(out), replace=replace
            )
        )

    def upload(
        self,
        file: Path,
        name: str,
        key: Path,
        columns: Columns,
        tables: Path,
        progress: Progress,
        rules: Rules = Rules(),
    ) -> dict[str, Any]:
        """Uploads one file as a table; keeps the row identifiers in the folder `tables`."""
        return json.loads(
            self._native.upload(
                file=str(file),
                name=name,
                key=str(key),
                columns=_columns(columns),
                rules=_rules(rules),
                tables=str(tables),
                progress=progress,
            )
        )


def upload_table(
    network: Path, table: Any, name: str, key: Path, rules: Rules, progress: Progress | None
) -> str:
    """Puts a typed table (polder_plans.Table) at the nodes; returns its handle."""
    return _polder.upload_table(
        network=str(network), table=table, name=name, key=str(key), rules=_rules(rules), progress=progress
    )


@dataclass(frozen=True)
class PlanOutcome:
    """A run of a plan: its figures, and for each recipient whose key is here what it learned: (label, columns)."""

    session: str
    seconds: float
    rounds: int
    bytes_sent_per_node: list[int]
    learned: dict[str, list[Any]]


def run_plan(
    network: Path,
    plan: str,
    parameters: Mapping[str, str],
    requester: Path,
    recipients: Mapping[str, Path],
    progress: Progress | None,
) -> PlanOutcome:
    """Runs a plan's text at the nodes, asked for with the key `requester`."""
    return PlanOutcome(
        *_polder.run_plan(
            network=str(network),
            plan=plan,
            parameters=dict(parameters),
            requester=str(requester),
            recipients=[str(key) for key in recipients.values()],
            progress=progress,
        )
    )


@dataclass(frozen=True)
class MatchOptions:
    """What is matched and who learns what; see `polder match --help`."""

    columns: Columns = Columns()
    threshold: int = 2
    min_flags: int = 1  # 0: flags do not count
    to: Sequence[str] = ()  # nobody named: every party learns about its own
    show: str = "rows"  # or "count", "union", "sum", "mean"
    at_least: int = 0
    method: str = "auto"  # or "sort", "bins"


class Match:
    """One match of files and uploaded tables: made, read, run."""

    def __init__(self, network: Path, inputs: Sequence[str], options: MatchOptions) -> None:
        self._native = _polder.Match(
            network=str(network),
            inputs=list(inputs),
            columns=_columns(options.columns),
            threshold=options.threshold,
            min_flags=options.min_flags,
            to=list(options.to),
            show=options.show,
            at_least=options.at_least,
            method=options.method,
        )

    def parties(self) -> list[str]:
        """The names of the parties, in order of the inputs."""
        return self._native.parties()

    def read(self, progress: Progress) -> list[dict[str, Any]]:
        """Reads the files; returns name, rows, identifiers, empty and duplicate rows of each."""
        return json.loads(self._native.read(progress))

    def run(
        self,
        keys: Mapping[str, Path],
        tables: Path,
        out: Path,
        progress: Progress,
        *,
        replace: bool = False,
        keep_uploads: bool = False,
    ) -> dict[str, Any]:
        """Uploads, computes, opens what the keys at hand can open and writes NAME.csv files to `out`.

        replace: what an earlier run left there.
        keep_uploads: leave the files' tables at the nodes, as for a space that is about to go.
        """
        return json.loads(
            self._native.run(
                keys={name: str(key) for name, key in keys.items()},
                tables=str(tables),
                out=str(out),
                replace=replace,
                keep_uploads=keep_uploads,
                progress=progress,
            )
        )


class Lookup:
    """One look-up of some identifiers in a register, at the three nodes: made, read, run."""

    def __init__(
        self,
        network: Path,
        identifiers: Sequence[str],
        register: str,
        columns: Columns,
        requester: str,
        text: bytes = b"",
    ) -> None:
        """text: what the identifiers are read from if none are given."""
        self._native = _polder.Lookup(
            network=str(network),
            identifiers=list(identifiers),
            input=text,
            register=register,
            columns=_columns(columns),
            requester=requester,
        )

    @property
    def owner(self) -> str:
        """Whose the register is."""
        return self._native.owner()

    def read(self, progress: Progress) -> dict[str, Any] | None:
        """Reads the register, if it is a file; returns name, rows, identifiers, empty and duplicate rows."""
        return json.loads(self._native.read(progress))

    def run(self, keys: Mapping[str, Path], progress: Progress, *, keep_uploads: bool = False) -> dict[str, Any]:
        """Uploads, computes and opens; `keys` are the requester's, and those of a file's owner."""
        return json.loads(
            self._native.run(
                keys={name: str(key) for name, key in keys.items()}, keep_uploads=keep_uploads, progress=progress
            )
        )


def bank_init(folder: Path, name: str, address: str, days: int = 825) -> Path:
    """Makes the key and certificate of a bank that matches without a third party; returns its card for the others."""
    return Path(_polder.bank_init(str(folder), name, address, days))


def bank_network_create(cards: Sequence[Path], out: Path) -> str:
    """Writes the network.toml of those banks; returns the network's id."""
    return _polder.bank_network_create([str(card) for card in cards], str(out))


def bank_status(network: Path, folder: Path) -> dict[str, Any]:
    """The network's id and its banks, as the bank in `folder` sees them: name, address, state ("self", "ready" or
    "down") and, if down, why; and the keys kept there: protocol, bits, banks, made and fingerprint, or why one is of no
    use."""
    return json.loads(_polder.BankNetwork(str(network), str(folder)).status())


def peer_protocols() -> list[str]:
    """The protocols between banks alone."""
    return _polder.peer_protocols()


class BankMatch:
    """A match that the bank in `folder` asks the others of its network for: made, read, run."""

    def __init__(self, network: Path, folder: Path) -> None:
        self._native = _polder.BankMatch(str(network), str(folder))

    @property
    def bank(self) -> str:
        return self._native.bank()

    def read(self, file: Path, columns: Columns, progress: Progress) -> dict[str, Any]:
        """Reads the bank's file; returns name, file, rows, identifiers, empty and duplicate rows."""
        return json.loads(self._native.read(file=str(file), columns=_columns(columns), progress=progress))

    def run(
        self,
        protocol: str,
        threshold: int,
        out: Path,
        progress: Progress,
        *,
        flags: bool = True,
        bound: int = 0,
        new_key: bool = False,
        replace: bool = False,
    ) -> dict[str, Any]:
        """Asks, and writes BANK.csv to `out`; the form of what Match.run returns."""
        return json.loads(
            self._native.run(
                protocol=protocol,
                threshold=threshold,
                flags=flags,
                bound=bound,
                new_key=new_key,
                out=str(out),
                replace=replace,
                progress=progress,
            )
        )


def bank_lookup(
    network: Path,
    folder: Path,
    identifiers: Sequence[str],
    bank: str,
    *,
    key: Sequence[str] = (),
    keep_placeholders: bool = False,
    fingerprint: str = "",
    text: bytes = b"",
) -> dict[str, Any]:
    """Asks the register of another bank, as the bank in `folder`; keeps that register's list there.

    fingerprint: of the list, in hex; another one is an error. If not given, any is good.
    """
    return json.loads(
        _polder.bank_lookup(
            network=str(network),
            folder=str(folder),
            identifiers=list(identifiers),
            input=text,
            bank=bank,
            key=list(key),
            keep_placeholders=keep_placeholders,
            fingerprint=fingerprint,
        )
    )


def _rules(rules: Rules) -> _polder.Rules:
    def number(said: int | None) -> int:
        return -1 if said is None else said

    return _polder.Rules(
        uses=list(rules.uses),
        partners=list(rules.partners),
        threshold=number(rules.threshold),
        at_least=number(rules.at_least),
        rows_a_day=number(rules.rows_a_day),
        until=rules.until,
        approval=rules.approval,
    )


def _columns(columns: Columns) -> _polder.Columns:
    return _polder.Columns(
        key=list(columns.key),
        flag=columns.flag,
        attribute=columns.attribute,
        report=columns.report,
        strict=columns.strict,
        kind=columns.kind,
        keep_placeholders=columns.keep_placeholders,
        delimiter=columns.delimiter,
        header_row=columns.header_row,
    )
