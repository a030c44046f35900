"""polder upload, polder tables: what an organisation has in a space."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from polder import space
from polder.commands.match import IdColumns, NoFlag, Strict, columns
from polder.commands.show import Json, SpaceName, count, progress, say, say_away, say_json, say_table
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
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Split a file into shares here and send one to each node. A broken upload goes on when repeated."""
    used = space.find(where)
    key = used.key(owner)
    read = columns(id_columns, flag, no_flag, attribute, strict, report)
    with progress(quiet=json) as shown:
        table = used.client().upload(file, name or file.stem, key, read, used.tables, shown)
    if json:
        say_json(table)
        return
    left_out = f"; {count(table['empty_rows'])} rows without an identifier left out" if table["empty_rows"] else ""
    say(f"{table['name']}@{table['owner']}: {count(table['rows'])} identifiers{left_out}. Handle {table['handle']}.")


@app.callback()
def show(context: typer.Context, where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """List and remove uploaded tables."""
    if context.invoked_subcommand is None:
        ls(where, json)


@app.command()
def ls(where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """List the tables that are uploaded."""
    found = space.find(where).tables_everywhere()
    if json:
        say_json(found)
        return
    asked = {0, 1, 2} - set(found["away"])
    rows = [
        [
            f"{table['name']}@{table['owner']}",
            table["rows"],
            ", ".join(column["name"] for column in table["columns"]),
            datetime.fromtimestamp(table["created"] / 1000).strftime("%Y-%m-%d %H:%M"),
            table["handle"],
        ]
        for table in found["tables"]
    ]
    say_table(["table", "rows", "columns", "uploaded", "handle"], rows)
    for role in found["away"]:
        say(f"Node {role} could not be asked.")
    for table in found["tables"]:
        missing = sorted(asked - set(table["nodes"]))
        if missing:
            nodes = " and ".join(map(str, missing))
            say(
                f"Careful: {table['handle']} ({table['name']}@{table['owner']}) is not at node {nodes}. If it was "
                "removed, wait a minute; else its owner removes it (polder tables rm) and uploads it again."
            )


@app.command()
def rm(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="NAME@OWNER or a handle.")],
    where: SpaceName = space.LOCAL,
    node: Annotated[
        Path | None, typer.Option("--as-operator", metavar="DIR", help="Sign with the key of the node in DIR.")
    ] = None,
    json: Json = False,
) -> None:
    """Remove a table from all three nodes. Its owner may, or the operator of a node."""
    used = space.find(where)
    tables = used.client().tables(node)["tables"] if node else used.tables_everywhere()["tables"]
    found = _one_table(tables, table)
    told = used.client().remove_table(found["handle"], node or used.key(found["owner"]))
    (used.tables / found["handle"]).unlink(missing_ok=True)
    if json:
        say_json({"removed": found["handle"], **told})
        return
    say(f"{table} is removed from all three nodes." if not told["away"] else f"{table} is removed.")
    say_away(told)


def result(
    session: Annotated[str, typer.Argument(help="What `polder match` of the one who asked has printed.")],
    table: Annotated[str, typer.Argument(metavar="TABLE", help="The own table in it: NAME@OWNER or a handle.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where NAME.csv goes.")] = Path("matches"),
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Open the own result of a match that another party asked for."""
    used = space.find(where)
    client = used.client()
    own = _one_table(used.tables_everywhere()["tables"], table)
    learned = client.open_result(session, own["handle"], used.key(own["owner"]), used.tables, out)
    if json:
        say_json(learned)
        return
    written = f", written to {learned['file']}" if "file" in learned else ""
    say(f"{own['owner']}: {count(learned['matches'])} matches{written}.")


def _one_table(tables: list[dict[str, Any]], name: str) -> dict[str, Any]:
    found = [table for table in tables if name in (f"{table['name']}@{table['owner']}", table["handle"])]
    if not found:
        raise NotFound(f"there is no table '{name}'; polder tables lists them")
    if len(found) > 1:
        raise BadInput(f"{len(found)} tables are called '{name}'; name one by its handle")
    return found[0]
