"""polder upload, polder tables: what an organisation has in a space."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from polder import analyses, native, space
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
from polder.commands.show import Json, SpaceName, count, progress, say, say_away, say_json, say_table
from polder.errors import BadInput, NotFound

app = typer.Typer(help="List and remove uploaded tables.", invoke_without_command=True)


def add_to(parent: typer.Typer) -> None:
    parent.command()(upload)
    parent.command()(result)
    parent.command()(runs)
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
    serves: Annotated[str, typer.Option(metavar="match,lookup", help="What it may be used for.")] = "match,lookup",
    partners: Annotated[
        list[str] | None, typer.Option("--for", metavar="ORG", help="Who may use it; repeat it.  [default: any member]")
    ] = None,
    min_threshold: Annotated[
        int | None, typer.Option(metavar="T", min=1, help="The least threshold of a match with it.  [default: 2]")
    ] = None,
    min_at_least: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="A number is of N matches or more.  [default: 10 with --attribute]"),
    ] = None,
    rows_a_day: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="Rows a member may ask of it; 0: any.  [default: 4 × its own, 100000]"),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When it ends and is removed.  [default: never]")
    ] = None,
    delimiter: Delimiter = "",
    header_row: HeaderRow = 0,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Split a file into shares here and send one to each node. A broken upload goes on when repeated.

    What the table may be used for is signed with it, and each node checks it on every run.
    """
    used = space.find(where)
    key = used.key(owner)
    rules = native.Rules(
        uses=[word.strip() for word in serves.split(",")],
        partners=partners or [],
        threshold=min_threshold,
        at_least=min_at_least,
        rows_a_day=rows_a_day,
        until=int(until.timestamp() * 1000) if until else 0,
    )
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
        table = used.client().upload(file, name or file.stem, key, read, used.tables, shown, rules)
    if json:
        say_json(table)
        return
    show_files([table])
    listed = used.client().tables(key)["tables"]
    same = [each for each in listed if (each["name"], each["owner"]) == (table["name"], table["owner"])]
    if len(same) > 1:
        say(f"{len(same)} tables are called so; this one is used. polder tables rm HANDLE removes one.")
    say(f"{table['name']}@{table['owner']}: {count(table['rows'])} identifiers. Handle {table['handle']}.")
    say(f"It serves {_rule(table['serves'])}.")


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
            ", ".join(_columns(table)),
            _rule(table["serves"]),
            datetime.fromtimestamp(table["created"] / 1000).strftime("%Y-%m-%d %H:%M"),
            table["handle"],
        ]
        for table in found["tables"]
    ]
    say_table(["table", "rows", "columns", "serves", "uploaded", "handle"], rows)
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
    table: Annotated[
        str, typer.Argument(metavar="[TABLE]", help="Of a match: the own table in it, NAME@OWNER or a handle.")
    ] = "",
    member: Annotated[str, typer.Option("--as", metavar="NAME", help="Of a plan: whose result it is.")] = "",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where NAME.csv goes.")] = Path("matches"),
    force: Force = False,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Open the own result of a match or a plan that another party asked for."""
    used = space.find(where)
    if bool(table) == bool(member):
        raise BadInput("name the own TABLE of a match, or --as NAME who learns something of a plan")
    if member:
        opened = analyses.result_at(used, session, member)
        if json:
            say_json(opened.value())
        else:
            say(opened.text())
        return
    own = _one_table(used.tables_everywhere()["tables"], table)
    learned = used.client().open_result(session, own["handle"], used.key(own["owner"]), used.tables, out, replace=force)
    if json:
        say_json(learned)
        return
    written = f", written to {learned['file']}" if "file" in learned else ""
    told = [f"{count(learned[what])} {what}" for what in ("matches", "sum", "mean") if learned.get(what) is not None]
    say(f"{own['owner']}: {', '.join(told) or 'no mean, as nothing matched'}{written}.")
    say(f"All three nodes say: {learned['requester']} asked for a {run_text(learned['plan'])}.")
    say(f"Run {learned['run']}: every other recipient must see the same.")


def runs(
    member: Annotated[str, typer.Option("--as", metavar="NAME", help="Whose: that organisation's key asks.")],
    most: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="How many, the latest first.")] = 50,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """List the runs that an organisation asked for, on its tables, or with a result for it."""
    used = space.find(where)
    listed = used.client().runs(used.key(member), most)
    if json:
        say_json({"runs": listed})
        return
    rows = [
        [
            datetime.fromtimestamp(run["began"] / 1000).strftime("%Y-%m-%d %H:%M"),
            run["requester"],
            run_text(run["plan"]),
            run["state"] if len(run["nodes"]) == 3 else f"{run['state']}, at nodes {run['nodes']} alone",
            run["session"],
        ]
        for run in listed
    ]
    say_table(["began", "asked by", "what", "state", "session"], rows)


def run_text(plan: dict[str, Any]) -> str:
    """One line of what a run computes and who learns it."""
    parties, to = ", ".join(plan["parties"]), ", ".join(plan["to"])
    if plan["kind"] == "lookup":
        report = f" with '{plan['report']}'" if "report" in plan else ""
        return f"look-up by {plan['parties'][0]} in {plan['parties'][1]}'s register{report}"
    if plan["kind"] == "tables":
        return f"plan {plan['fingerprint']} on tables of {parties}; to {to}"
    if plan["kind"] == "ingest":
        return f"check of a table of {parties}"
    shown = plan["show"] + (f" of '{plan['attribute']}'" if "attribute" in plan else "")
    floor = f", at least {plan['at_least']}" if plan.get("at_least") else ""
    return (
        f"match of {parties}: threshold {plan['threshold']}, flagged by {plan['min_flags']}; {shown}{floor} to {to}"
    )


def _rule(serves: dict[str, Any]) -> str:
    """One line of what a table may be used for."""
    uses = []
    if "match" in serves["uses"]:
        number = f", numbers of {serves['at_least']} or more" if serves["at_least"] else ""
        uses.append(f"matches from threshold {serves['threshold']}{number}")
    if "lookup" in serves["uses"]:
        uses.append("look-ups")
    if "analysis" in serves["uses"]:
        by = "each approved by its owner" if serves["approval"] else f"groups of {serves['at_least']} rows or more"
        uses.append(f"analyses, {by},")
    who = ", ".join(serves["partners"]) or "any member"
    rows = f"; {count(serves['rows_a_day'])} rows a day" if serves["rows_a_day"] else ""
    end = datetime.fromtimestamp(serves["until"] / 1000).strftime("; until %Y-%m-%d") if serves["until"] else ""
    return f"{' and '.join(uses)} for {who}{rows}{end}"


def _columns(table: dict[str, Any]) -> list[str]:
    return [name for name, _ in table["schema"]] if "schema" in table else [each["name"] for each in table["columns"]]


def _one_table(tables: list[dict[str, Any]], name: str) -> dict[str, Any]:
    found = [table for table in tables if name in (f"{table['name']}@{table['owner']}", table["handle"])]
    if not found:
        raise NotFound(f"there is no table '{name}'; polder tables lists them")
    if len(found) > 1:
        raise BadInput(f"{len(found)} tables are called '{name}'; name one by its handle")
    return found[0]
