"""Matching without a third party: every bank runs a node of its own, and one asks the others.

With a network file this machine is one bank, which asks; the others answer where they are (`polder peer join`). With
files only, every bank is a process on this machine, set up in the same way and gone afterwards.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from polder import errors, native
from polder.local_banks import LocalBanks, Peers

DELEGATED = "delegated"
MOST_BANKS = 64


def match(
    inputs: Sequence[str | Path],
    options: native.MatchOptions,
    *,
    protocol: str,
    peers: Peers | None = None,
    bound: int = 0,
    new_key: bool = False,
    out: Path | str = "matches",
    force: bool = False,
    progress: native.Progress | None = None,
) -> dict[str, Any]:
    """As `polder.matching.match`, by a peer protocol.

    Parameters
    ----------
    inputs : with `peers` this bank's file, else one file a bank
    protocol : "quorum" or "paillier"
    bound : the number of rows that the others may know of; 0: a little more than there are
    new_key : the banks make a new key, also if they keep one of an earlier run
    """
    start = time.monotonic()
    _check_options(options, protocol)
    report = progress or (lambda stage, done: None)
    given = [Path(each) for each in inputs]
    asking = _Asking(options, protocol, bound, new_key, force)
    outcome = (
        _ask_others(given, asking, peers, Path(out), report) if peers else _all_here(given, asking, Path(out), report)
    )
    outcome["seconds"]["total"] = round(time.monotonic() - start, 3)
    return outcome


@dataclass(frozen=True)
class _Asking:
    options: native.MatchOptions
    protocol: str
    bound: int
    new_key: bool
    force: bool

    def of(self, peers: Peers, file: Path, out: Path, report: native.Progress) -> dict[str, Any]:
        """One bank asks all others; what it learns is written to `out`."""
        job = native.BankMatch(peers.network, peers.folder)
        native.check_results(out, [job.bank], [str(file)], replace=self.force)
        read = job.read(file, self.options.columns, report)
        outcome = job.run(
            self.protocol,
            self.options.threshold,
            out,
            report,
            flags=self.options.min_flags > 0,
            bound=self.bound,
            new_key=self.new_key,
            replace=self.force,
        )
        return {**outcome, "files": [read]}


def _check_options(options: native.MatchOptions, protocol: str) -> None:
    """What only the delegated protocol has is refused, not ignored."""
    known = native.peer_protocols()
    if protocol not in known:
        raise errors.BadInput(f"there is no protocol '{protocol}'; there is {', '.join([DELEGATED, *known])}")
    unknown = {
        f"--show {options.show}": options.show != "rows",
        "--attribute": bool(options.columns.attribute),
        f"--min-flags {options.min_flags}": options.min_flags > 1,
        "--at-least": options.at_least > 0,
    }
    for option, asked in unknown.items():
        if asked:
            raise errors.BadInput(
                f"{option} is not in the protocol {protocol}: it shows a bank which of its rows at least T banks hold "
                f"and one flagged; use --protocol {DELEGATED}"
            )


def _ask_others(
    files: Sequence[Path], asking: _Asking, peers: Peers, out: Path, report: native.Progress
) -> dict[str, Any]:
    if len(files) != 1:
        raise errors.BadInput(
            f"with --peers there is one file, this bank's own; {len(files)} are given, the other banks bring theirs"
        )
    if asking.options.to:
        raise errors.BadInput("--to does not go with --peers: the bank that asks is the one that learns")
    return asking.of(peers, files[0], out, report)


# All banks on this machine.


def _all_here(files: Sequence[Path], asking: _Asking, out: Path, report: native.Progress) -> dict[str, Any]:
    named = _named(files)
    requesters = list(asking.options.to) or list(named)
    _check_run(named, requesters, asking.options)
    native.check_results(out, requesters, [str(file) for file in files], replace=asking.force)
    keys = native.key_columns(asking.options.columns.key, [str(file) for file in files])
    of_bank = {
        name: replace(asking.options, columns=replace(asking.options.columns, key=key))
        for name, key in zip(named, keys, strict=True)
    }
    with LocalBanks(named) as banks:
        report("starting the banks", 0.0)
        # The bank that asks is this process; where all of them ask, each also answers the others.
        read = banks.start({name: of_bank[name] for name in named if requesters != [name]})
        outcomes = []
        for done, name in enumerate(requesters):

            def step(stage: str, share: float, name: str = name, done: int = done) -> None:
                report(f"{name}: {stage}", (done + share) / len(requesters))

            with banks.blaming_the_dead():
                one = replace(asking, options=of_bank[name])
                outcomes.append(one.of(banks.peers(name), named[name], banks.folder / "out" / name, step))
        outcome = _joined(outcomes, list(named), read)
        _hand_over(outcome, files, asking, out)
    return outcome


def _joined(outcomes: Sequence[dict[str, Any]], banks: Sequence[str], read: dict[str, Any]) -> dict[str, Any]:
    """One outcome of the sessions of several requesters."""
    for each in outcomes:
        read.update({file["name"]: file for file in each["files"]})
    sent = zip(*(each["bytes_sent_per_node"] for each in outcomes), strict=True)
    return {
        **outcomes[0],
        "recipients": {name: result for each in outcomes for name, result in each["recipients"].items()},
        "seconds": {"upload": 0.0, "compute": round(sum(each["seconds"]["compute"] for each in outcomes), 3)},
        "bytes_sent_per_node": [sum(each) for each in sent],
        "rounds": sum(each["rounds"] for each in outcomes),
        "peak_mb": max(each["peak_mb"] for each in outcomes),
        "files": [read[name] for name in banks],
    }


def _hand_over(outcome: dict[str, Any], files: Sequence[Path], asking: _Asking, out: Path) -> None:
    """The files appear when all of them are there."""
    recipients = outcome["recipients"]
    summary = {
        "protocol": asking.protocol,
        "parties": [{"name": file.stem, "input": str(file)} for file in files],
        "threshold": asking.options.threshold,
        "min_flags": asking.options.min_flags,
        "recipients": {
            name: {
                "matches": result["matches"], "clients": result["identifiers"]
            } for name, result in recipients.items()
        },
    }
    results = {name: result["file"] for name, result in recipients.items()}
    inputs = [str(file) for file in files]
    written = native.hand_over(results, out, inputs, outcome["session"], summary, replace=asking.force)
    for name, file in written.items():
        recipients[name]["file"] = file


def _named(files: Sequence[Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for file in files:
        if "@" in str(file) and not file.exists():
            raise errors.BadInput(f"{file}: uploaded tables are for --protocol {DELEGATED}; give files")
        if file.stem in named:
            raise errors.BadInput(
                f"party '{file.stem}' is given twice, as {named[file.stem]} and {file}; a party is called like its "
                "file, give each its own name"
            )
        named[file.stem] = file
    return named


def _check_run(named: dict[str, Path], requesters: Sequence[str], options: native.MatchOptions) -> None:
    count = len(named)
    if not 2 <= count <= MOST_BANKS:
        raise errors.BadInput(f"a match has 2 to {MOST_BANKS} parties, {count} given")
    if not 1 <= options.threshold <= count:
        raise errors.BadInput(
            f"threshold {options.threshold} is out of range: with {count} parties it is 1 to {count}"
        )
    for name in requesters:
        if name not in named:
            parties = ", ".join(f"'{party}'" for party in named)
            raise errors.BadInput(f"recipient '{name}' is no party, so it has no rows; the parties are {parties}")
        if requesters.count(name) > 1:
            raise errors.BadInput(f"recipient '{name}' is named twice; name it once")
