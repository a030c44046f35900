"""polder up, down, status, version: the embedded space on this machine, and how any space is doing."""

from typing import Annotated, Any

import typer

from polder import native, processes, space
from polder.commands.show import Json, SpaceName, say, say_json, say_table


def add_to(app: typer.Typer) -> None:
    for command in (up, down, status, version):
        app.command()(command)


def up(json: Json = False) -> None:
    """Start the embedded data space: three nodes on this machine."""
    started = space.up()
    if json:
        say_json(_status(started))
        return
    say(f"The embedded space runs; its nodes and data are in {started.network.parent}.")
    show_nodes(_status(started))


def down(
    delete: Annotated[bool, typer.Option("--delete", help="Remove its tables and keys too.")] = False,
    json: Json = False,
) -> None:
    """Stop the embedded data space."""
    stopped = space.down(delete=delete)
    if json:
        say_json({"stopped": stopped, "deleted": delete})
        return
    what = f"{stopped} nodes stopped" if stopped else "Nothing ran"
    say(f"{what}; its data is removed." if delete else f"{what}.")


def status(name: SpaceName = space.LOCAL, json: Json = False) -> None:
    """Show the nodes of a space. Ends with 1 if one of them does not answer."""
    say_states(_status(space.find(name)), json)


def version(json: Json = False) -> None:
    """Print the version."""
    if json:
        say_json({"version": native.version()})
    else:
        say(f"polder {native.version()}")


def _status(shown: space.Space) -> dict[str, Any]:
    client = shown.client()
    nodes = client.status()
    for node, folder in zip(nodes, shown.node_folders, strict=False):
        node["process"] = processes.running(folder)
        node["folder"] = str(folder)
    return {"network": client.network, "nodes": nodes}


def say_states(state: dict[str, Any], json: bool) -> None:
    """Shows the nodes, and ends with 1 if one of them is not ready."""
    say_json(state) if json else show_nodes(state)
    if any(node["state"] != "ready" for node in state["nodes"]):
        raise typer.Exit(1)


def show_nodes(state: dict[str, Any]) -> None:
    embedded = any("process" in node for node in state["nodes"])
    headings = ["role", "node", "address", "state"] + (["process"] if embedded else [])
    rows = []
    for node in state["nodes"]:
        why = node.get("why", "").removeprefix(f"node {node['role']} '{node['name']}' ({node['api']})").lstrip(": ")
        what = f"{node['state']}: {why}" if why else node["state"]
        process = [str(node.get("process") or "-")] if embedded else []
        rows.append([str(node["role"]), node["name"], node["api"], what, *process])
    say_table(headings, rows)
