"""polder lookup: whether a register knows a client, without telling its owner which."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from polder import looking_up, space
from polder.commands.match import (
    Delimiter,
    HeaderRow,
    IdColumns,
    KeepPlaceholders,
    KeyFolder,
    Kind,
    Strict,
    columns,
    show_files,
)
from polder.commands.show import Json, SpaceName, count, data_size, progress, say, say_json, say_table
from polder.errors import BadInput
from polder.local_banks import Peers


def add_to(app: typer.Typer) -> None:
    app.command()(lookup)


def lookup(
    identifiers: Annotated[
        list[str], typer.Argument(metavar="ID …", help="Whom to look up, or - alone to read them from the input.")
    ],
    register: Annotated[
        str,
        typer.Option("--register", metavar="NAME@OWNER|FILE.csv|BANK", help="The register: a table, a file, a bank's."),
    ],
    report: Annotated[str, typer.Option(metavar="COL", help="Also show this column, if it may be given.")] = "",
    id_columns: IdColumns = "",
    requester: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Who asks.  [default: the one whose key is here]")
    ] = "",
    strict: Strict = False,
    kind: Kind = "text",
    keep_placeholders: KeepPlaceholders = False,
    delimiter: Delimiter = "",
    header_row: HeaderRow = 0,
    where: SpaceName = space.LOCAL,
    peers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask a bank of this network.toml, without a third party.")
    ] = None,
    folder: KeyFolder = None,
    fingerprint: Annotated[
        str, typer.Option(metavar="HEX", help="With --peers: accept only the register with this fingerprint.")
    ] = "",
    json: Json = False,
) -> None:
    """Ask whether a register holds these clients. Its owner learns that you ask, not whom, nor the answer.

    The register is a table that its owner uploaded (with --report COL if reports may be given), or a file that is
    uploaded for this look-up. With --peers it is that of a bank which answers with `polder peer join --register`.
    You learn, for each ID, whether it is there, and its report where its owner gives any. On the nodes this holds if no
    two of them work together and all follow the protocol; with --peers whatever the other bank does. The input is an ID
    a line, or a table with the key's columns. Write -- before an ID that begins with -.
    """
    asked, text = _asked(identifiers)
    of = columns(id_columns, strict=strict, report=report, kind=kind, keep_placeholders=keep_placeholders)
    if peers is not None:
        _refuse_with_peers({"--report": report, "--as": requester, "--strict": strict, "--space": where != space.LOCAL})
        found = looking_up.lookup_at_bank(
            asked,
            register,
            peers=Peers.of(peers, folder),
            key=of.key,
            keep_placeholders=keep_placeholders,
            fingerprint=fingerprint,
            text=text,
        )
        return say_json(found) if json else _show_bank(found)
    if folder or fingerprint:
        raise BadInput("--dir and --fingerprint go with --peers; add it, or leave them out")
    with progress(quiet=json) as shown:
        outcome = looking_up.lookup(
            asked,
            register,
            report=report,
            key=of.key,
            kind=kind,
            requester=requester,
            strict=strict,
            keep_placeholders=keep_placeholders,
            delimiter=delimiter,
            header_row=header_row,
            text=text,
            where=where,
            progress=shown,
        )
    if json:
        say_json(outcome)
    else:
        _show(outcome, with_reports=bool(report))


def _refuse_with_peers(given: dict[str, Any]) -> None:
    """What only a look-up at the three nodes has is refused, not ignored."""
    for option, value in given.items():
        if value:
            raise BadInput(f"{option} does not go with --peers: the register's bank decides what it gives, and to whom")


def _asked(identifiers: list[str]) -> tuple[list[str], bytes]:
    """The identifiers, or the text that holds them."""
    if identifiers == ["-"]:
        text = sys.stdin.buffer.read()
        if not text.strip():
            raise BadInput("the input has no line; write one identifier on each")
        return [], text
    if "-" in identifiers:
        raise BadInput("- reads the identifiers from the input; give it alone, or leave it out")
    return identifiers, b""


def _show(outcome: dict[str, Any], *, with_reports: bool) -> None:
    if outcome["files"]:
        show_files(outcome["files"])
    _show_replies(outcome, with_reports=with_reports)
    sent = " / ".join(data_size(each) for each in outcome["bytes_sent_per_node"])
    say(
        f"Asked {outcome['register']} in {outcome['seconds']['total']:.1f} s: {outcome['rounds']} rounds, "
        f"{sent} sent by the nodes."
    )


def _show_bank(outcome: dict[str, Any]) -> None:
    _show_replies(outcome, with_reports=any("report" in reply for reply in outcome["replies"]))
    received = outcome["list_bytes"]
    say(
        f"Asked bank '{outcome['register']}' in {outcome['seconds']['total']:.1f} s: its register has at most "
        f"{count(outcome['entries'])} entries, {data_size(received) + ' received' if received else 'known already'}; "
        f"fingerprint {outcome['fingerprint']}."
    )


def _show_replies(outcome: dict[str, Any], *, with_reports: bool) -> None:
    headings = ["identifier", "in the register", *(["report"] if with_reports else [])]
    rows = [
        [reply["identifier"], "yes" if reply["found"] else "no", *([_printable(reply)] if with_reports else [])]
        for reply in outcome["replies"]
    ]
    say_table(headings, rows)


def _printable(reply: dict[str, Any]) -> str | None:
    """A report is the owner's text: nothing in it may act on the terminal."""
    report = reply.get("report")
    return report and "".join(letter if letter.isprintable() else " " for letter in report)
