"""polder match: which clients several parties have, and one of them has flagged."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from polder import banks, matching, native, space
from polder.commands.show import Json, SpaceName, count, data_size, progress, say, say_json, say_table
from polder.errors import BadInput

MOST = 2**31  # of any number that an option takes

IdColumns = Annotated[
    str,
    typer.Option(
        "--id",
        metavar="[FILE:]COL[:KIND][,…]",
        help="The key's columns, of all files or of one each; quote a name that holds a comma.  [default: client_id]",
    ),
]
Delimiter = Annotated[
    str, typer.Option("--delimiter", metavar="C", help="What separates cells: comma, semicolon, tab, pipe, …")
]
HeaderRow = Annotated[
    int, typer.Option("--header-row", metavar="N", min=0, max=10_000, help="The row that names the columns.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace results of an earlier run in DIR.")]
NoFlag = Annotated[bool, typer.Option("--no-flag", help="Flags do not count.")]
KeyFolder = Annotated[
    Path | None, typer.Option("--dir", metavar="DIR", help="This bank's folder.  [default: that of the network file]")
]
Bound = Annotated[
    int,
    typer.Option(
        metavar="N", min=0, max=MOST, help="The row count that others may know.  [default: up to 1/8 more]"
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="A row without an identifier is an error.")]
Kind = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="What identifiers are: text, exact, iban, number, date, ….")
]
KeepPlaceholders = Annotated[
    bool, typer.Option("--keep-placeholders", help="Words such as NULL, 0 and unknown are identifiers.")
]


def add_to(app: typer.Typer) -> None:
    app.command()(match)


def match(
    inputs: Annotated[list[str], typer.Argument(metavar="A.csv B.csv …", help="Files, or uploaded tables NAME@OWNER.")],
    id_columns: IdColumns = "",
    flag: Annotated[str | None, typer.Option(metavar="COL", help="The flag column.  [default: flagged]")] = None,
    no_flag: NoFlag = False,
    threshold: Annotated[int, typer.Option(metavar="T", min=0, max=MOST, help="How many must have a client.")] = 2,
    min_flags: Annotated[
        int | None, typer.Option(metavar="K", min=0, max=MOST, help="And flag it.  [default: 1]")
    ] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this one learns. May be repeated.")] = None,
    show: Annotated[str, typer.Option(metavar="rows|count|union|sum|mean", help="What is opened.")] = "rows",
    attribute: Annotated[str, typer.Option(metavar="COL", help="With --show sum or mean: of which column.")] = "",
    at_least: Annotated[
        int, typer.Option(metavar="N", min=0, max=MOST, help="Show nothing unless N matches count that others hold.")
    ] = 0,
    method: Annotated[str, typer.Option(metavar="auto|sort|bins", help="How the nodes compare.")] = "auto",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where NAME.csv files go.")] = Path("matches"),
    force: Force = False,
    strict: Strict = False,
    kind: Kind = "text",
    keep_placeholders: KeepPlaceholders = False,
    delimiter: Delimiter = "",
    header_row: HeaderRow = 0,
    json: Json = False,
    where: SpaceName = space.LOCAL,
    protocol: Annotated[
        str, typer.Option(metavar="delegated|quorum|paillier", help="By three nodes, or between the banks alone.")
    ] = banks.DELEGATED,
    peers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask the banks of this network.toml; one own file is given.")
    ] = None,
    folder: KeyFolder = None,
    bound: Bound = 0,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="paillier: make a new key, also if the banks kept one of an earlier run.")
    ] = False,
) -> None:
    """Find the clients that T parties have and K have flagged. Each party learns which of its own these are.

    A party is a CSV file, called like the file, or a table that is already uploaded. The result is written to
    DIR/NAME.csv for each party that learns something. With --protocol quorum or paillier there is no third party. Then
    --peers asks the other banks, who answer with `polder peer join`; without it every file is a bank on this machine.
    The first run with --protocol paillier makes a key, which takes seconds to a minute; later ones use it.
    --at-least counts matches that two others than the recipients hold (rows of such, for sums); a mean has as many bits
    after the point as its binary logarithm.
    """
    if protocol == banks.DELEGATED and (peers or folder or bound):
        raise BadInput("--peers, --dir and --bound go with --protocol quorum or paillier; add it, or leave them out")
    if new_key and not (peers and protocol.startswith("paillier")):
        raise BadInput("--new-key goes with --protocol paillier and --peers; no other run keeps a key")
    if protocol != banks.DELEGATED and where != space.LOCAL:
        raise BadInput(f"--space does not go with --protocol {protocol}: no nodes take part in it")
    if no_flag and (flag or min_flags):
        raise BadInput("--no-flag does not go with --flag or --min-flags; leave one out")
    options = native.MatchOptions(
        columns=columns(
            id_columns,
            flag=None if no_flag else flag or "flagged",
            attribute=attribute,
            strict=strict,
            kind=kind,
            keep_placeholders=keep_placeholders,
            delimiter=delimiter,
            header_row=header_row,
        ),
        threshold=threshold,
        min_flags=0 if no_flag else 1 if min_flags is None else min_flags,
        to=to or [],
        show=show,
        at_least=at_least,
        method=method,
    )
    with progress(quiet=json) as report:
        if protocol == banks.DELEGATED:
            outcome = matching.match(inputs, options, out=out, force=force, where=where, progress=report)
        else:
            of = banks.Peers.of(peers, folder) if peers else None
            outcome = banks.match(
                inputs,
                options,
                protocol=protocol,
                peers=of,
                bound=bound,
                new_key=new_key,
                out=out,
                force=force,
                progress=report,
            )
    if json:
        say_json(outcome)
    else:
        _show(outcome, options)


def columns(id_columns: str, *, flag: str | None = None, **of: Any) -> native.Columns:
    """What was said of columns: the key's as one row of CSV text; no flag column if flags do not count."""
    key = [name.strip() for name in next(csv.reader([id_columns]))] if id_columns else []
    if "" in key:
        raise BadInput("--id: a column's name is empty; write --id COL or --id COL,COL")
    return native.Columns(key=key, flag=flag or "", **of)


def show_files(files: Sequence[dict[str, Any]]) -> None:
    """How each file was read and what was done with its rows."""
    headings = ["file", "separator", "encoding", "key", "rows", "left out", "merged", "clients"]
    say_table(headings, [_file_row(file) for file in files])
    for file in files:
        show_identifiers(file)


def _file_row(file: dict[str, Any]) -> list[Any]:
    key = ", ".join(
        column["name"] if column["kind"] == "text" else f"{column['name']} ({column['kind']})" for column in file["key"]
    )
    of_rows = [file[name] for name in ("rows_read", "empty_rows", "duplicate_rows", "identifiers")]
    return [file["file"], file["separator"], file["encoding"], key, *of_rows]


def show_identifiers(file: dict[str, Any]) -> None:
    """What was done with a file's identifiers, and what deserves a second look."""
    if file["empty_rows"]:
        placeholders = file["placeholder_rows"]
        words = f", {count(placeholders)} of them with a word for no value," if placeholders else ""
        say(f"{file['file']}: {count(file['empty_rows'])} rows without an identifier{words} are left out.")
    if file["respelled_rows"]:
        say(f"{file['file']}: {count(file['respelled_rows'])} rows spell a client otherwise and count as the same one.")
    if file["blank_rows"]:
        say(f"{file['file']}: {count(file['blank_rows'])} rows of nothing but separators are skipped.")
    for warning in file["warnings"]:
        say(f"{file['file']}: {warning}.")


def _show(outcome: dict[str, Any], options: native.MatchOptions) -> None:
    show_files(outcome["files"])
    for file in outcome["files"]:
        if not file["rows_read"]:
            say(f"{file['file']}: no rows; {file['name']} takes part without clients.")
    for warning in outcome.get("warnings", ()):
        say(f"{warning}.")
    results = outcome["recipients"]
    columns = {
        "clients": "identifiers", _heading(options.show): "matches", "sum": "sum", "mean": "mean", "written to": "file"
    }
    used = {heading: key for heading, key in columns.items() if any(key in each for each in results.values())}
    rows = [[name, *(each.get(key) for key in used.values())] for name, each in results.items()]
    say_table(["party", *used], rows)
    if any("opened" in each for each in results.values()):
        say(f"'-' is opened by its owner, with its own key: polder result {outcome['session']} TABLE")
        say(f"It shows what was run, and run {outcome['run']} as here.")
    at_least = outcome.get("at_least", options.at_least)
    if at_least:
        why = "" if at_least == options.at_least else ", as a table's owner demands"
        say(f"Fewer than {at_least} matches that others hold are shown as none{why}.")
    seconds, sent = outcome["seconds"], outcome["bytes_sent_per_node"]
    between_banks = "protocol" in outcome
    upload = "" if between_banks else f"upload {seconds['upload']:.2f} s, "
    traffic = (
        f"{data_size(sum(sent))} sent by the banks, at most {data_size(max(sent))} by one"
        if between_banks
        else f"{' / '.join(data_size(each) for each in sent)} sent by the nodes"
    )
    say(
        f"{outcome['parties']} parties, threshold {outcome['threshold']}, in {seconds['total']:.1f} s: "
        f"{upload}compute {seconds['compute']:.2f} s, {outcome['rounds']} rounds, {traffic}."
    )


def _heading(show: str) -> str:
    return "clients of all together" if show == "union" else "matches"
