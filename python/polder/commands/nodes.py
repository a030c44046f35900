"""polder node, polder network: what the three organisations that run nodes do."""

import os
from pathlib import Path
from typing import Annotated

import typer

from polder import native, processes
from polder.commands.show import Json, say, say_json
from polder.commands.spaces import say_states
from polder.errors import BadInput

app = typer.Typer(help="Set up, start and run a node.", no_args_is_help=True)
network = typer.Typer(help="Make the network of three nodes.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The node's folder.")]
NetworkFile = Annotated[Path, typer.Option("--network", metavar="FILE", help="The network.json of all three.")]


@app.command()
def init(
    folder: Folder,
    name: Annotated[str, typer.Option(help="The node's name in the network.")],
    api: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where clients reach it.")],
    mesh: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where the two other nodes reach it.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long its certificate is good.")] = 825,
    json: Json = False,
) -> None:
    """Make a node's keys, certificate and settings."""
    card = native.node_init(folder, name, api, mesh, days)
    if json:
        say_json({"name": name, "folder": str(folder), "public": str(card)})
    else:
        say(f"Node '{name}' is in {folder}. Hand {card} to the two others; keep everything else to yourself.")


@app.command()
def start(folder: Folder, network_file: NetworkFile) -> None:
    """Run the node here until it is stopped."""
    program = processes.find("polderd")
    os.execv(program, [program, "--dir", str(folder), "--network", str(network_file)])


@app.command()
def status(network_file: NetworkFile, json: Json = False) -> None:
    """Show whether the nodes of a network answer. Ends with 1 if one does not."""
    say_states({"nodes": native.Client(network_file).status()}, json)


@app.command()
def admit(
    folder: Folder,
    member: Annotated[Path, typer.Argument(metavar="NAME.pub", help="What the organisation handed over.")],
    network_file: NetworkFile,
    json: Json = False,
) -> None:
    """Let an organisation use this node. Its name is bound to its keys for good."""
    card = native.key_show(member)
    client = native.Client(network_file)
    role = client.role_of(folder)
    client.admit(role, folder, [member])
    if json:
        say_json({"admitted": card["name"], "role": role})
    else:
        say(f"'{card['name']}' may use node {role} from now on.")


@network.command()
def create(
    cards: Annotated[list[Path], typer.Argument(metavar="A.node.json B.node.json C.node.json")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the network.")] = Path("network.json"),
    json: Json = False,
) -> None:
    """Make the network.json of three nodes, in role order; all nodes and clients need the same file.

    Beside it, NAME.matching.json has the key under which identifiers are hashed: for the organisations alone.
    """
    if len(cards) != 3:
        raise BadInput(f"a network has three nodes, {len(cards)} given; name the .node.json file of each")
    identity = native.network_create(cards, out)
    key = out.with_suffix(".matching.json")
    if json:
        say_json({"network": identity, "file": str(out), "matching": str(key)})
    else:
        say(f"Network {identity} is in {out}. Hand it to all three nodes and to every organisation.")
        say(f"Hand {key} to every organisation, to lie beside it, and to no node: identifiers are hashed with it.")
