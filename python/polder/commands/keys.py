"""polder key: an organisation's own keys."""

from typing import Annotated

import typer

from polder import home, native
from polder.commands.show import Json, say, say_json, say_table

app = typer.Typer(help="Make and show an organisation's keys.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The organisation's name, as all will see it.")]


@app.command()
def new(name: Name, json: Json = False) -> None:
    """Make the keys that sign uploads and open results. They stay on this machine."""
    public = native.key_new(home.keys(), name)
    if json:
        say_json({**native.key_show(public), "file": str(public)})
    else:
        say(f"The keys of '{name}' are in {home.keys()}; back up the .key file. Hand {public} to the nodes' operators.")


@app.command()
def show(name: Name, json: Json = False) -> None:
    """Show the public part of a key."""
    public = native.key_show(home.keys() / f"{name}.pub")
    if json:
        say_json(public)
    else:
        say_table(["name", "signs with", "receives with"], [[public["name"], public["sign"], public["seal"]]])
