"""polder key: an organisation's own keys."""

import time
from typing import Annotated

import typer

from polder import folders, home, native, space
from polder.commands.show import Json, SpaceName, say, say_away, say_json, say_table
from polder.errors import Forbidden

app = typer.Typer(help="Make and show an organisation's keys.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The organisation's name, as all will see it.")]


@app.command()
def new(name: Name, json: Json = False) -> None:
    """Make the keys that sign uploads and open results. They stay on this machine."""
    public = native.key_new(home.keys(), name)
    if json:
        say_json({**native.key_show(public), "file": str(public)})
    else:
        card = native.key_show(public)
        say(f"The keys of '{name}' are in {home.keys()}; back up the .key file and keep it to yourself.")
        say(f"Hand {public} to an operator, and compare this fingerprint with theirs by telephone:")
        say(f"  {card['fingerprint']}")


@app.command()
def show(name: Name, json: Json = False) -> None:
    """Show the public part of a key."""
    public = native.key_show(home.keys() / f"{name}.pub")
    if json:
        say_json(public)
    else:
        say_table(["name", "fingerprint"], [[public["name"], public["fingerprint"]]])


@app.command()
def renew(name: Name, where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """Make new keys for an organisation and have the nodes take them, signed with the old ones.

    The old keys are kept in the folder old: results that were sealed to them are opened with them. A command that
    broke off is run again. If the old key is lost, an operator does it: polder node replace.
    """
    used = space.find(where)
    old = used.key(name)
    fresh = folders.made(used.keys / "new")
    public = fresh / f"{name}.pub"
    if not public.exists():
        native.key_new(fresh, name)
    try:
        told = used.client().replace(old, public)
    except Forbidden:  # the nodes may have the new keys already, if the command broke off just then
        used.client().tables(fresh / f"{name}.key")
        told = {"away": []}
    kept = folders.made(used.keys / "old") / f"{name}.{int(time.time())}.key"
    old.rename(kept)
    (fresh / f"{name}.key").rename(old)
    public.rename(used.keys / f"{name}.pub")
    card = native.key_show(used.keys / f"{name}.pub")
    if json:
        say_json({**card, "old": str(kept), **told})
        return
    say(f"'{name}' has new keys; the old ones are in {kept}. The new fingerprint:")
    say(f"  {card['fingerprint']}")
    say_away(told)
