"""What can go wrong, one class a code; the message says what failed, where, and what to do."""

from typing import ClassVar


class PolderError(Exception):
    """Any error of Polder. `code` is the name that programs see."""

    code: ClassVar[str] = "internal"


class BadInput(PolderError):
    """A value, file or request that is wrong in itself."""

    code = "bad_input"


class BadSchema(PolderError):
    """Columns or types that do not fit."""

    code = "bad_schema"


class NotFound(PolderError):
    """A table, session, file or party that is not there."""

    code = "not_found"


class Forbidden(PolderError):
    """A key, role or policy that does not allow it."""

    code = "forbidden"


class Busy(PolderError):
    """No memory, disk or place for it now."""

    code = "busy"


class Cancelled(PolderError):
    """Somebody asked to stop."""

    code = "cancelled"


class TimedOut(PolderError):
    """A deadline passed."""

    code = "timed_out"


class PeerLost(PolderError):
    """A connection broke or a process died."""

    code = "peer_lost"


class PeerAborted(PolderError):
    """Another party stopped the run and said so."""

    code = "peer_aborted"


class Cheating(PolderError):
    """Shares or frames that an honest party would not have sent."""

    code = "cheating"


class Internal(PolderError):
    """A mistake in Polder itself."""

    code = "internal"


class SchemaError(BadSchema):
    """A plan that does not fit its tables: a name, a type or a bound."""


class OverflowRisk(BadSchema):
    """A number could be beyond 2^62; it says of what, and how large."""


class NotApproved(Forbidden):
    """Owners whose approval a plan lacks at a node; `missing` says of each why."""

    def __init__(self, message: str, missing: dict[str, str]) -> None:
        super().__init__(message)
        self.missing = missing


class PrivacyError(BadSchema):
    """An opening that the rules do not allow."""


_BY_PROBLEM = {"overflow": OverflowRisk, "opening": PrivacyError}


def of_problem(problem: str) -> type[BadSchema]:
    """The class of a complaint about a plan."""
    return _BY_PROBLEM.get(problem, SchemaError)


_BY_CODE = {error.code: error for error in PolderError.__subclasses__()}


def of_code(code: str) -> type[PolderError]:
    """The class of a code; Internal if there is none."""
    return _BY_CODE.get(code, Internal)
