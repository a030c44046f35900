"""The `polder` command.

Exit codes: 0 done; 1 the run failed (a node down, busy, out of time, tampered with …); 2 wrong use or input (options,
files, values, names that are not there); 3 not allowed (keys, certificates, rights); 130 stopped with Ctrl-C.
"""

import contextlib
import errno
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from polder import home
from polder.commands import analyses, keys, lookup, match, nodes, peers, spaces, tables
from polder.commands.show import say_error
from polder.errors import BadInput, BadSchema, Busy, Cancelled, Forbidden, Internal, NotFound, PolderError

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
analyses.add_to(app)
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
        _check_arguments(sys.argv[1:])
        try:
            app(prog_name="polder")
        finally:
            sys.stdout.flush()  # here, where it is said if that fails
    except PolderError as error:
        _end_with(str(error), error.code, exit_code(error))
    except BrokenPipeError:
        _end_with(f"the reader of the output has gone; {_DONE}", Busy.code, FAILED)
    except OSError as error:
        _end_with(*_of_system(error))
    except Exception as error:
        what = f"{type(error).__name__}: {error}; {_keep_traceback()} says where"
        _end_with(f"a mistake in Polder itself: {what}", Internal.code, FAILED)


_DONE = "what was to be written to files is written"


def _check_arguments(arguments: list[str]) -> None:
    """What no command can take is refused before one looks at it."""
    try:
        os.getcwd()
    except FileNotFoundError as error:
        raise NotFound("the folder in which polder was started is gone; change to one that is there") from error
    for place, argument in enumerate(arguments, 1):
        shown = argument.encode("utf-8", "replace").decode()
        if not argument or argument.endswith("=") and argument.startswith("--"):
            before = arguments[place - 2] if place > 1 else ""
            of = argument[:-1] or (before if before.startswith("-") else f"argument {place}")
            raise BadInput(f"{of} is empty; give it a value, or leave it out")
        if arguments[0] == "lookup" and _is_identifier(argument, arguments[: place - 1]):
            raise BadInput(f"argument {place} begins with - and is no option; write -- before such identifiers")
        if shown != argument:
            raise BadInput(
                f"argument {place}, '{shown}', is not UTF-8; if it is a file's name, rename the file, else set the "
                "terminal to UTF-8"
            )


def _is_identifier(argument: str, before: list[str]) -> bool:
    """Whether it begins with - and a digit, where neither an option's value nor -- is before it."""
    looks_so = len(argument) > 1 and argument[0] == "-" and argument[1].isdigit()
    return looks_so and "--" not in before and not before[-1].startswith("-")


def _of_system(error: OSError) -> tuple[str, str, int]:
    """Words, code and exit code of what the system refused."""
    why = error.strerror or str(error)
    if error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EPIPE, errno.EDQUOT):
        return f"the output cannot be written: {why}; {_DONE}", Busy.code, FAILED
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{error.filename or 'the system'}: {why}", Busy.code, FAILED
    return f"{error.filename or 'the system'}: {why}", BadInput.code, WRONG_INPUT


def _end_with(message: str, code: str, exit_with: int) -> NoReturn:
    """One line, and nothing more if the output does not take it."""
    with contextlib.suppress(OSError, ValueError):
        say_error(message, code)
    for stream in (sys.stdout, sys.stderr):  # nothing is tried again when Python ends
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(exit_with)


def _keep_traceback() -> Path:
    file = home.home() / "traceback"
    file.write_text(traceback.format_exc())
    return file


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not interrupt the cleaning up
    raise Cancelled("stopped; nothing was written")


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
