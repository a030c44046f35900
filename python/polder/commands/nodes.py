"""polder node, polder network: what the three organisations that run nodes do."""

import os
from pathlib import Path
from typing import Annotated

import typer

from polder import native, processes
from polder.commands.show import Json, say, say_away, say_json, say_table
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
    """Let an organisation use all three nodes. Its name is bound to its keys."""
    card = native.key_show(member)
    told = _client_of(network_file, folder).admit(folder, [member])
    if json:
        say_json({"admitted": card["name"], "fingerprint": card["fingerprint"], **told})
        return
    say(f"'{card['name']}' may use the network from now on. Compare by telephone what its `polder key show` says:")
    say(f"  {card['fingerprint']}")
    for other in told["alike"]:
        say(f"Careful: this name looks like '{other}', who is a member; if it is a mistake, polder node expel it.")
    say_away(told)


@app.command()
def members(folder: Folder, network_file: NetworkFile, json: Json = False) -> None:
    """List the organisations that are known, their fingerprints, and whether all nodes agree."""
    found = _client_of(network_file, folder).members(folder)
    if json:
        say_json({"members": found})
        return
    rows = []
    for member in found:
        states = [state for state in member["states"] if state]
        agree = len(set(states)) == 1
        said = " / ".join(state or "unknown" for state in member["states"])
        rows.append([member["name"], states[0] if agree else said, member["fingerprint"]])
    say_table(["member", "state", "fingerprint"], rows)


@app.command()
def metrics(folder: Folder, network_file: NetworkFile) -> None:
    """Print a running node's metrics, as Prometheus gets them at listen_metrics."""
    print(_client_of(network_file, folder).answer(folder, "/v1/metrics"), end="")


@app.command()
def expel(
    folder: Folder,
    member: Annotated[str, typer.Argument(metavar="NAME", help="As `polder node members` shows it.")],
    network_file: NetworkFile,
    json: Json = False,
) -> None:
    """Take an organisation out: its requests are refused, its sessions end, its tables are hidden.

    Any of the three operators may, for all three nodes; `polder node admit` takes it back. To free the space of its
    tables, remove them first: polder tables rm TABLE --as-operator DIR.
    """
    told = _client_of(network_file, folder).expel(folder, member)
    if json:
        say_json({"expelled": member, **told})
        return
    say(f"'{member}' is expelled: what it asks is refused, and its tables are hidden.")
    say_away(told)


@app.command()
def replace(
    folder: Folder,
    member: Annotated[Path, typer.Argument(metavar="NAME.pub", help="The member's new public keys.")],
    network_file: NetworkFile,
    json: Json = False,
) -> None:
    """Give a member new keys, after it lost its own or they were stolen. Its tables stay."""
    card = native.key_show(member)
    told = _client_of(network_file, folder).replace(folder, member)
    if json:
        say_json({"replaced": card["name"], "fingerprint": card["fingerprint"], **told})
        return
    say(f"'{card['name']}' has new keys; the old ones are refused. Compare the new fingerprint by telephone:")
    say(f"  {card['fingerprint']}")
    say_away(told)


def _client_of(network_file: Path, folder: Path) -> native.Client:
    """Speaks with a network that the node in a folder belongs to."""
    client = native.Client(network_file)
    client.role_of(folder)
    return client


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
        say(f"Network {identity} is in {out}. Hand it to all three nodes and to every member.")
        say(f"Hand {key} to every member, to lie beside it, and to no node: identifiers are hashed with it.")
