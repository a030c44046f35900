"""polder upload, polder tables: what an organisation has in a space."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from polder import native, space
from polder.commands.match import (
    Delimiter,
    Force,
    HeaderRow,
    IdColumns,
    KeepPlaceholders,
    Kind,
    NoFlag,
    Strict,
    columns,
    show_files,
)
from polder.commands.show import Json, SpaceName, count, progress, say, say_json, say_table
from polder.errors import BadInput, NotFound

app = typer.Typer(help="List and remove uploaded tables.", invoke_without_command=True)


def add_to(parent: typer.Typer) -> None:
    parent.command()(upload)
    parent.command()(result)
    parent.add_typer(app, name="tables")


def upload(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")],
    owner: Annotated[str, typer.Option(help="The organisation that owns it; its key signs the upload.")],
    name: Annotated[str, typer.Option(help="The table's name; without it, the file's.")] = "",
    id_columns: IdColumns = "",
    flag: Annotated[str, typer.Option(metavar="COL", help="The flag column.")] = "flagged",
    no_flag: NoFlag = False,
    attribute: Annotated[str, typer.Option(metavar="COL", help="A column of whole numbers for sums.")] = "",
    report: Annotated[str, typer.Option(metavar="COL", help="Approve that these texts are given in look-ups.")] = "",
    strict: Strict = False,
    kind: Kind = "text",
    keep_placeholders: KeepPlaceholders = False,
    delimiter: Delimiter = "",
    header_row: HeaderRow = 0,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Split a file into shares here and send one to each node. A broken upload goes on when repeated."""
    used = space.find(where)
    key = used.key(owner)
    read = columns(
        id_columns,
        flag=None if no_flag else flag,
        attribute=attribute,
        strict=strict,
        report=report,
        kind=kind,
        keep_placeholders=keep_placeholders,
        delimiter=delimiter,
        header_row=header_row,
    )
    with progress(quiet=json) as shown:
        table = used.client().upload(file, name or file.stem, key, read, used.tables, shown)
    if json:
        say_json(table)
        return
    show_files([table])
    same = [each for each in used.client().tables() if (each["name"], each["owner"]) == (table["name"], table["owner"])]
    if len(same) > 1:
        say(f"{len(same)} tables are called so; this one is used. polder tables rm HANDLE removes one.")
    say(f"{table['name']}@{table['owner']}: {count(table['rows'])} identifiers. Handle {table['handle']}.")


@app.callback()
def show(context: typer.Context, where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """List and remove uploaded tables."""
    if context.invoked_subcommand is None:
        ls(where, json)


@app.command()
def ls(where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """List the tables that are uploaded."""
    tables = space.find(where).client().tables()
    if json:
        say_json({"tables": tables})
        return
    rows = [
        [
            f"{table['name']}@{table['owner']}",
            table["rows"],
            ", ".join(column["name"] for column in table["columns"]),
            datetime.fromtimestamp(table["created"] / 1000).strftime("%Y-%m-%d %H:%M"),
            table["handle"],
        ]
        for table in tables
    ]
    say_table(["table", "rows", "columns", "uploaded", "handle"], rows)


@app.command()
def rm(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="NAME@OWNER or a handle.")],
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Remove a table from all three nodes."""
    used = space.find(where)
    client = used.client()
    found = _one_table(client, table)
    client.remove_table(found["handle"], used.key(found["owner"]))
    (used.tables / found["handle"]).unlink(missing_ok=True)
    if json:
        say_json({"removed": found["handle"]})
    else:
        say(f"{table} is removed from all three nodes.")


def result(
    session: Annotated[str, typer.Argument(help="What `polder match` of the one who asked has printed.")],
    table: Annotated[str, typer.Argument(metavar="TABLE", help="The own table in it: NAME@OWNER or a handle.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where NAME.csv goes.")] = Path("matches"),
    force: Force = False,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Open the own result of a match that another party asked for."""
    used = space.find(where)
    client = used.client()
    own = _one_table(client, table)
    learned = client.open_result(session, own["handle"], used.key(own["owner"]), used.tables, out, replace=force)
    if json:
        say_json(learned)
        return
    written = f", written to {learned['file']}" if "file" in learned else ""
    say(f"{own['owner']}: {count(learned['matches'])} matches{written}.")


def _one_table(client: native.Client, name: str) -> dict[str, Any]:
    found = [table for table in client.tables() if name in (f"{table['name']}@{table['owner']}", table["handle"])]
    if not found:
        raise NotFound(f"there is no table '{name}'; polder tables lists them")
    if len(found) > 1:
        raise BadInput(f"{len(found)} tables are called '{name}'; name one by its handle")
    return found[0]
