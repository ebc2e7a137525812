"""How every command ends on what it cannot mend itself: one sentence on standard error, and status 2 or 3."""

from __future__ import annotations

import errno
from typing import Any

import typer
from typer.core import TyperGroup

from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import INCOMPLETE, USAGE
from pipeline.commands.shared.refusal import complain
from storage.errors import StorageError, StoreMisconfiguredError

_MACHINE = {
    errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN,
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
}  # fmt: skip
"""What the machine refuses. Any other OSError is a fault of ours, and shows where."""


class Guarded(TyperGroup):
    """The commands of ``evidence``. One that meets a store or a machine which does not serve it ends with a sentence."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that ``ctx`` names."""
        try:
            return super().invoke(ctx)
        except StorageError as error:
            status = USAGE if isinstance(error, StoreMisconfiguredError) else INCOMPLETE
            raise typer.Exit(complain(f"{error}.", status)) from error
        except _jail_error() as error:  # looked up only where something was raised: loading it takes a while
            raise typer.Exit(complain(f"{error}.", INCOMPLETE)) from error
        except OSError as error:
            if error.errno not in _MACHINE:
                raise
            raise typer.Exit(complain(machine_says(error), INCOMPLETE)) from error


def machine_says(error: OSError) -> str:
    """The sentence for what the machine refuses."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return text("refused.open_files")
    if error.filename is None:
        return text("refused.machine", reason=error.strerror or str(error))
    return text("refused.machine_at", reason=error.strerror, path=str(error.filename))


def _jail_error() -> type[Exception]:
    from pipeline.opening.host.child_endings import JailError  # noqa: PLC0415

    return JailError
