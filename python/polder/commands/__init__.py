"""The `polder` command.

Exit codes: 0 done; 1 the run failed (a node down, busy, out of time, tampered with …); 2 wrong use or input (options,
files, values, names that are not there); 3 not allowed (keys, certificates, rights); 130 stopped with Ctrl-C.
"""

import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from polder import home
from polder.commands import keys, lookup, match, nodes, peers, spaces, tables
from polder.commands.show import say_error
from polder.errors import BadInput, BadSchema, Cancelled, Forbidden, Internal, NotFound, PolderError

app = typer.Typer(
    name="polder",
    help="Compute together on data that nobody shows.",
    epilog="Exit codes: 0 done; 1 the run failed; 2 wrong use or input; 3 not allowed; 130 stopped with Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
spaces.add_to(app)
match.add_to(app)
lookup.add_to(app)
tables.add_to(app)
app.add_typer(keys.app, name="key")
app.add_typer(nodes.app, name="node")
app.add_typer(nodes.network, name="network")
app.add_typer(peers.app, name="peer")

FAILED, WRONG_INPUT, NOT_ALLOWED, STOPPED = 1, 2, 3, 130


def exit_code(error: PolderError) -> int:
    """What the process answers with for an error."""
    if isinstance(error, BadInput | BadSchema | NotFound):
        return WRONG_INPUT
    if isinstance(error, Forbidden):
        return NOT_ALLOWED
    return STOPPED if isinstance(error, Cancelled) else FAILED


def main() -> None:
    """Runs the command line and ends the process."""
    signal.signal(signal.SIGINT, _interrupt)  # all of these so that what was started is stopped on the way out
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        app(prog_name="polder")
    except PolderError as error:
        say_error(str(error), error.code)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: no word about it
        sys.exit(FAILED)
    except OSError as error:
        say_error(f"{error.filename or 'the system'}: {error.strerror or error}", BadInput.code)
        sys.exit(WRONG_INPUT)
    except Exception as error:
        what = f"{type(error).__name__}: {error}; {_keep_traceback()} says where"
        say_error(f"a mistake in Polder itself: {what}", Internal.code)
        sys.exit(FAILED)


def _keep_traceback() -> Path:
    file = home.home() / "traceback"
    file.write_text(traceback.format_exc())
    return file


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not interrupt the cleaning up
    raise Cancelled("stopped; nothing was written")


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
