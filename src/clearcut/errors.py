"""Every exception Clearcut raises on purpose, in one tree.

::

    ClearcutError                 code, what happened, where, who fixes it, how
    +-- UsageError                wrong words on the command line, a file that is not there  (exit 2)
    +-- ConflictError             the registry is not what the change was made for            (exit 2)
    +-- MissingError              the record that is named is not there                       (exit 2)
    +-- NotAllowedError           somebody who may not do this by the rules of the house      (exit 2)
    +-- FaultsError               a file with faults, all of them, each with its path       (exit 2)
    |   +-- RegistryError         a `clearcut.registry/1` file
    |   +-- RulesError            a `clearcut.toml` file
    +-- CannotTellError           we could not find out: the use is `unknown`, and blocks   (exit 3)
        +-- EditError             cut-missing, cut-unreadable, rate-unknown
        +-- SceneError            scene-unreadable, scene-incomplete
        +-- BackendError          backend-unavailable, backend-unauthorised, backend-invalid-answer
            +-- RecognitionChanged  the registry's assets changed since they were recognised: ask again

A denial is a result (`core.verdict`), never an exception: an exception means "could not find out".
Messages never hold a token or a performer's private data.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong in a file: `path` is where in it (`licences[2].scope.territories[0]`), `message` what."""

    path: str
    message: str

    def __str__(self) -> str:
        """Path and message, as printed to people."""
        return f"{self.path}: {self.message}" if self.path else self.message


class ClearcutError(Exception):
    """The root: what a person reads always has the same parts.

    `code` is stable and kebab-case, `where` a file, line, shot or node ("" if nowhere), `who` the role that can
    fix it and `remedy` how, verb first.
    """

    code = "error"
    who = "pipeline TD"
    remedy = ""

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        code: str | None = None,
        who: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        if code is not None:
            self.code = code
        if who is not None:
            self.who = who
        if remedy is not None:
            self.remedy = remedy

    def __str__(self) -> str:
        """What happened, and where."""
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(ClearcutError):
    """Wrong words on the command line, or a setting that makes no sense."""

    code = "usage"


class ConflictError(ClearcutError):
    """The registry is not what the change was made for: nothing was changed, and a person must look first.

    `conflicts` says each thing that stands against it, in words; empty when the message says it all.
    """

    code = "conflict"
    who = "clearance"
    remedy = "export the registry again, and make the change in that"

    def __init__(self, message: str, conflicts: tuple[str, ...] = (), *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.conflicts = conflicts

    def __str__(self) -> str:
        """What happened, then a line for each conflict."""
        return "\n".join([super().__str__(), *(f"  {one}" for one in self.conflicts)])


class MissingError(ClearcutError):
    """The record that is named is not there."""

    code = "not-found"
    who = "clearance"
    remedy = "look at the list of what is there"


class NotAllowedError(ClearcutError):
    """Somebody who may not do this: what their role allows is not enough by itself."""

    code = "forbidden"
    who = "clearance"


class FaultsError(ClearcutError):
    """A file with faults: all of them at once, each with its path, in the order of the file."""

    code = "faults"

    def __init__(self, faults: tuple[Fault, ...], *, where: str = "") -> None:
        count = len(faults)
        super().__init__(f"{count} fault{'' if count == 1 else 's'}", where=where)
        self.faults = faults

    def __str__(self) -> str:
        """The count, then a line for each fault."""
        lines = [super().__str__(), *(f"  {fault}" for fault in self.faults)]
        return "\n".join(lines)


class RegistryError(FaultsError):
    """A registry file that says something it may not say."""

    code = "registry-faults"
    who = "clearance"
    remedy = "mend each place named above"


class RulesError(FaultsError):
    """A rule file that says something it may not say."""

    code = "rules-faults"
    remedy = "mend each place named above"


class CannotTellError(ClearcutError):
    """Something could not be looked at. `code` is a reason code, and the use becomes `unknown`."""

    code = "evaluation-error"


class EditError(CannotTellError):
    """The edit could not be read: cut-missing, cut-unreadable or rate-unknown."""

    code = "cut-unreadable"
    who = "editor"
    remedy = "export the edit again"


class SceneError(CannotTellError):
    """A comp or scene could not be read: scene-unreadable or scene-incomplete."""

    code = "scene-unreadable"
    remedy = "save the scene again, or name the file that is meant"


class BackendError(CannotTellError):
    """Nobody answered, or not with an answer: backend-unavailable, -unauthorised or -invalid-answer."""

    code = "backend-unavailable"
    who = "render wrangler"
    remedy = "try again; `clearcut doctor` says what is wrong"


class RecognitionChanged(BackendError):  # noqa: N818 - it names what happened
    """The request rests on assets that are no longer the current ones: recognise again, once."""

    code = "backend-invalid-answer"
    remedy = "try again: the registry changed while the cut was being checked"
