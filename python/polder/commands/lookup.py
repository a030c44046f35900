"""polder lookup: whether a register knows a client, without telling it which."""

import sys
from typing import Annotated, Any

import typer

from polder import looking_up, space
from polder.commands.match import IdColumns, Strict, columns
from polder.commands.show import Json, SpaceName, data_size, progress, say, say_json, say_table
from polder.errors import BadInput


def add_to(app: typer.Typer) -> None:
    app.command()(lookup)


def lookup(
    identifiers: Annotated[
        list[str], typer.Argument(metavar="ID …", help="Whom to look up, or - to read a line each from the input.")
    ],
    register: Annotated[
        str, typer.Option("--register", metavar="NAME@OWNER|FILE.csv", help="The register: a table, or a file.")
    ],
    report: Annotated[str, typer.Option(metavar="COL", help="Also show this column, if it may be given.")] = "",
    id_columns: IdColumns = "",
    asker: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Who asks.  [default: the one whose key is here]")
    ] = "",
    strict: Strict = False,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Ask whether a register holds these clients. Its owner learns neither whom you ask about nor the answer.

    The register is a table that its owner uploaded (with --report COL if reports may be given), or a file that is
    uploaded for this look-up. You learn, for each ID, whether it is there, and its report; nothing else.
    """
    asked = _asked(identifiers)
    of = columns(id_columns, "", True, "", strict, report)
    with progress(quiet=json) as shown:
        outcome = looking_up.lookup(
            asked, register, report=report, key=of.key, asker=asker, strict=strict, where=where, progress=shown
        )
    if json:
        say_json(outcome)
    else:
        _show(outcome, with_reports=bool(report))


def _asked(identifiers: list[str]) -> list[str]:
    if identifiers != ["-"]:
        return identifiers
    lines = [line.rstrip("\r\n") for line in sys.stdin]
    if not lines:
        raise BadInput("the input has no line; write one identifier on each")
    return lines


def _show(outcome: dict[str, Any], *, with_reports: bool) -> None:
    headings = ["identifier", "in the register", *(["report"] if with_reports else [])]
    rows = [
        [reply["identifier"], "yes" if reply["found"] else "no", *([_printable(reply)] if with_reports else [])]
        for reply in outcome["replies"]
    ]
    say_table(headings, rows)
    sent = " / ".join(data_size(each) for each in outcome["bytes_sent_per_node"])
    say(
        f"Asked {outcome['register']} in {outcome['seconds']['total']:.1f} s: {outcome['rounds']} rounds, "
        f"{sent} sent by the nodes."
    )


def _printable(reply: dict[str, Any]) -> str | None:
    """A report is the owner's text: nothing in it may act on the terminal."""
    report = reply.get("report")
    return report and "".join(letter if letter.isprintable() else " " for letter in report)
