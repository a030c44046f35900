"""polder peer: what each bank does that matches with others without a third party."""

import os
from pathlib import Path
from typing import Annotated

import typer

from polder import native, processes
from polder.banks import Peers
from polder.commands.match import (
    MOST,
    Bound,
    Delimiter,
    HeaderRow,
    IdColumns,
    KeepPlaceholders,
    KeyFolder,
    Kind,
    NoFlag,
    Strict,
    columns,
)
from polder.commands.show import Json, say, say_json, say_table
from polder.errors import BadInput
from polder.local_banks import answer_options

app = typer.Typer(help="Match between banks alone, without a third party.", no_args_is_help=True)

_KEPT = "A {protocol} key of {bits} bits is kept for {banks} banks, made {made}, fingerprint {fingerprint}."

NetworkFile = Annotated[Path, typer.Option("--peers", metavar="FILE", help="The network.toml of all banks.")]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The bank's new folder.")],
    name: Annotated[str, typer.Option(help="The bank's name in the network.")],
    address: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where the other banks reach it.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long its certificate is good.")] = 825,
    json: Json = False,
) -> None:
    """Make a bank's key and certificate, and the card for the other banks."""
    card = native.bank_init(folder, name, address, days)
    if json:
        say_json({"name": name, "folder": str(folder), "public": str(card)})
    else:
        say(f"Bank '{name}' is in {folder}. Hand {card} to whoever makes the network file; keep the rest to yourself.")


@app.command()
def network(
    cards: Annotated[list[Path], typer.Argument(metavar="A.peer.toml B.peer.toml …")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the network.")] = Path("network.toml"),
    json: Json = False,
) -> None:
    """Make the network file of some banks from their cards. All of them need this same file, and nobody else."""
    identity = native.bank_network_create(cards, out)
    if json:
        say_json({"network": identity, "file": str(out)})
    else:
        say(f"Network {identity} of {len(cards)} banks is in {out}. Hand it to each of them, and to nobody else.")


@app.command()
def join(
    peers: NetworkFile,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.csv]", help="This bank's clients, to match.")] = None,
    register: Annotated[
        Path | None, typer.Option("--register", metavar="FILE.csv", help="A register, for look-ups.")
    ] = None,
    report: Annotated[str, typer.Option(metavar="COL", help="Give this column of the register with an answer.")] = "",
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, max=MOST, help="Identifiers a bank may look up in 24 hours.")
    ] = 100,
    max_rows: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, max=MOST, help="Rows a bank may list in a match.  [default: twice the own --bound]"
        ),
    ] = 0,
    rows_per_day: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=MOST,
            help="Rows a bank may ask about in 24 hours, look-ups included.  [default: 4 × --max-rows + --limit]",
        ),
    ] = 0,
    folder: KeyFolder = None,
    id_columns: IdColumns = "",
    flag: Annotated[str | None, typer.Option(metavar="COL", help="The flag column.  [default: flagged]")] = None,
    no_flag: NoFlag = False,
    strict: Strict = False,
    kind: Kind = "text",
    keep_placeholders: KeepPlaceholders = False,
    delimiter: Delimiter = "",
    header_row: HeaderRow = 0,
    allow: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Answer only this bank. Repeatable.")] = None,
    protocol: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Match by this protocol only. Repeatable.")
    ] = None,
    min_threshold: Annotated[
        int,
        typer.Option(
            metavar="T", min=1, max=MOST, help="Answer no threshold below. A bank that deviates gets round it."
        ),
    ] = 2,
    flags_only: Annotated[bool, typer.Option("--flags-only", help="Answer no match without flags.")] = False,
    sessions_per_bank: Annotated[
        int, typer.Option(metavar="N", min=1, max=4, help="Matches of one bank at once.")
    ] = 1,
    max_minutes: Annotated[int, typer.Option(metavar="N", min=1, max=10080, help="Minutes a match may take.")] = 60,
    bound: Bound = 0,
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Listen here.  [default: the card's address]")] = "",
    once: Annotated[bool, typer.Option("--once", help="End after one session.")] = False,
    json: Json = False,
) -> None:
    """Answer the other banks until stopped; say who asks what, about how many rows.

    With FILE.csv this bank takes part in matches, with --register it answers look-ups; with both, both. What a bank
    that asks learns, and what it can learn if it deviates from the protocol: docs/banks.md.
    """
    if no_flag and (flag or flags_only):
        raise BadInput("--no-flag does not go with --flag or --flags-only; leave one out")
    if not (file or register):
        raise BadInput("nothing to answer with; give FILE.csv for matches, --register FILE.csv for look-ups")
    if report and not register:
        raise BadInput("--report is a column of the register; add --register")
    of = Peers.of(peers, folder)
    of_columns = columns(
        id_columns,
        flag=None if no_flag else flag or "flagged",
        strict=strict,
        kind=kind,
        keep_placeholders=keep_placeholders,
        delimiter=delimiter,
        header_row=header_row,
    )
    command = [
        *(processes.find("polder-peer"), "--dir", str(of.folder), "--network", str(of.network)),
        *(["--file", str(file)] if file else []),
        *(["--register", str(register), "--limit", str(limit)] if register else []),
        *(["--report", report] if report else []),
        *answer_options(of_columns),
        *(part for name in allow or [] for part in ("--allow", name)),
        *(part for name in protocol or [] for part in ("--protocol", name)),
        *("--min-threshold", str(min_threshold), "--bound", str(bound)),
        *("--max-rows", str(max_rows), "--rows-per-day", str(rows_per_day)),
        *("--sessions-per-bank", str(sessions_per_bank), "--max-minutes", str(max_minutes)),
        *(["--flags-only"] if flags_only else []),
        *(["--listen", listen] if listen else []),
        *(["--once"] if once else []),
        *(["--json"] if json else []),
    ]
    os.execv(command[0], command)


@app.command()
def status(peers: NetworkFile, folder: KeyFolder = None, json: Json = False) -> None:
    """Show which banks answer, and which keys are kept here. Ends with 1 if a bank does not answer."""
    of = Peers.of(peers, folder)
    state = native.bank_status(of.network, of.folder)
    if json:
        say_json(state)
    else:
        rows = [[bank["name"], bank["address"], bank["state"], bank.get("why", "")] for bank in state["banks"]]
        say_table(["bank", "address", "state", "why"], rows)
        for key in state["keys"]:
            say(key.get("why") or _KEPT.format(**key))
    if any(bank["state"] == "down" for bank in state["banks"]):
        raise typer.Exit(1)
