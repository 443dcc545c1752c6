"""The `mailer` command. Only this module exits.

Commands are imported when they are called, so that `mailer --help` answers at once; their
one-line summaries stand in the table below.
"""

from __future__ import annotations

import _thread
import difflib
import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from mailer import __version__
from mailer.cli.printable import is_text, printable, screens
from mailer.cli.reports import VERBOSE
from mailer.cli.streams import complain, let_go, open_streams
from mailer.cli.terminal import folder_option
from mailer.errors import MailerError, UsageProblem
from mailer.outside import outside

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    # name: (module:attribute, summary)
    "tour": ("mailer.cli.tour:tour", "Run the whole job on the sample firm, offline."),
    "init": ("mailer.cli.init:init", "Make a mail folder: profile, campaigns, letterhead."),
    "clients": ("mailer.cli.clients:clients", "Import, list, show, correct, verify, export clients."),
    "new": ("mailer.cli.new:new", "Write a commented campaign definition that loads."),
    "newsletter": ("mailer.cli.newsletter:newsletter", "Begin an issue; take its texts from Word."),
    "profile": ("mailer.cli.profile:profile", "Voice mail, reply, door sign from mailer.toml."),
    "letterhead": ("mailer.cli.letterhead:letterhead", "Look at letterhead and brand, with every zone."),
    "policy": ("mailer.cli.policy:policy", "List policies, show one, say who was given it."),
    "site": ("mailer.cli.site:site", "Make the client page: hours, policies, newsletters."),
    "month": ("mailer.cli.month:month", "Make, plan and proof all that a month needs."),
    "go": ("mailer.cli.go:go", "Approve what the month showed, then print or send it."),
    "handed-over": ("mailer.cli.handed_over:handed_over", "Record that what was printed is in the post."),
    "plan": ("mailer.cli.plan:plan", "Show who gets a letter, and by when each step is due."),
    "proof": ("mailer.cli.proof:proof", "Show the letters most likely to go wrong, as PDF."),
    "word": ("mailer.cli.word:word", "Write letters for Word, and take texts from it."),
    "approve": ("mailer.cli.approve:approve", "Render every piece and approve exactly these bytes."),
    "move": ("mailer.cli.move:move", "Move a campaign to another effective date."),
    "print": ("mailer.cli.print:print_", "Make the print room's job folder; --to PRINTER."),
    "scan": ("mailer.cli.scan:scan", "Find what is missing, doubled or mixed up in a job."),
    "reprint": ("mailer.cli.reprint:reprint", "Print one piece anew: spoiled, returned or lost."),
    "destroy": ("mailer.cli.destroy:destroy", "Record that a printed job was destroyed, not mailed."),
    "drop": ("mailer.cli.drop:drop", "Record the hand-over of a job to the post."),
    "receipt": ("mailer.cli.receipt:receipt", "Add the post's receipt to a hand-over afterwards."),
    "certified": ("mailer.cli.certified:certified", "Enter the post's numbers of certified mail."),
    "send": ("mailer.cli.send:send", "Send a mailing by the print-and-mail service."),
    "cancel": ("mailer.cli.cancel:cancel", "Take pieces back from the mail service in time."),
    "track": ("mailer.cli.track:track", "Ask the mail service where the pieces are."),
    "webhooks": ("mailer.cli.webhooks:webhooks", "Receive what the mail service tells."),
    "status": ("mailer.cli.status:status", "Show what is due next; with NAME, each piece's story."),
    "check": ("mailer.cli.check:check", "Say whether every client has notice in time."),
    "rates": ("mailer.cli.rates:rates", "Say what a day's work may be billed at, and why."),
    "returned": ("mailer.cli.returned:returned", "Record pieces that came back."),
    "received": ("mailer.cli.received:received", "Record that pieces were received, with what proves it."),
    "remedy": ("mailer.cli.remedy:remedy", "Make the follow-up for those a mailing did not serve."),
    "exception": ("mailer.cli.exception:exception", "Record a deviation from the firm's own policy."),
    "evidence": ("mailer.cli.evidence:evidence", "Prove a mailing: the pack, one client's proof, verify."),
    "notice": ("mailer.cli.notice:notice", "List the rules of notice; answer one question of dates."),
    "ledger": ("mailer.cli.ledger:ledger", "Verify the record of events."),
    "backup": ("mailer.cli.backup:backup", "Write the whole mail folder into one archive."),
    "restore": ("mailer.cli.restore:restore", "Make a mail folder again from a backup."),
    "settle": ("mailer.cli.settle:settle", "Find out what a restored folder does not know."),
    "completion": ("mailer.cli.completion:completion", "Let the shell complete commands and names."),
    "database": ("mailer.cli.database:database", "Upgrade the database's schema."),
}
_SECTIONS: Final = {  # the command that a section of the help begins with
    "tour": "Begin",
    "month": "A month",
    "plan": "Make",
    "print": "Print room",
    "send": "Mail service",
    "status": "Afterwards",
    "notice": "Rules and records",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        _everywhere(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        parts: list[tuple[str, list[tuple[str, str]]]] = []
        for name, (_, summary) in COMMANDS.items():
            if name in _SECTIONS:
                parts.append((_SECTIONS[name], []))
            parts[-1][1].append((name, summary))
        for heading, rows in parts:
            with formatter.section(heading):
                formatter.write_dl(rows, col_max=14)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Click's own, with a suggestion for a mistyped name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Perhaps you meant {close[0]!r}." if close else ""
            raise click.UsageError(f"{error.message}{hint}", ctx) from None


def _wordy(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.meta[VERBOSE] = True  # one for the command and those that it stands in


_verbose: Final = click.option(
    "-v", "verbose", is_flag=True, expose_value=False, callback=_wordy, help="Say everything."
)


def _campaigns(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The campaigns of this mail folder that begin so; none outside one."""
    from mailer.campaign.loading import campaign_names
    from mailer.settings import find_root

    try:
        names = campaign_names(find_root((ctx.params.get("folder") or Path()).resolve()))
    except MailerError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def _everywhere(command: click.Command) -> None:
    """Every command takes -v, as it takes -C, and completes the names of campaigns."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _everywhere(below)
    elif not any(parameter.name == "verbose" for parameter in command.params):
        _verbose(command)
        for parameter in command.params:
            if isinstance(parameter, click.Argument) and parameter.name in ("name", "names"):
                parameter._custom_shell_complete = _campaigns  # noqa: SLF001 (what shell_complete= sets)


@click.group(
    cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="mailer")
@folder_option
@_verbose
@click.pass_context
def cli(ctx: click.Context, folder: Path) -> None:
    """Newsletters and notices on paper, with notice periods that hold.

    \b
    Try it:  mailer tour
    Begin:   mailer init our-mail && cd our-mail
    Then:    mailer            what is due, and the command to go on with
    """
    if ctx.invoked_subcommand is None:
        from mailer.cli.due import show_due

        if not show_due(folder):
            click.echo(ctx.get_help())


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 problem found, 2 usage, 3 notice, 4 service."""
    gc.set_threshold(500_000, 50, 50)  # imports make many objects that stay: to look through them is a tenth
    os.environ.pop("SOURCE_DATE_EPOCH", None)  # the pages' dates are their own, whatever builds this machine
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none of them is ours; looking takes 10 ms
    logging.getLogger().addHandler(logging.NullHandler())  # what libraries note is for their programmers
    open_streams()
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # mailer.__main__
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.unraisablehook = _ctrl_c_again
    try:
        sys.exit(run(arguments))
    except Exception as error:  # noqa: BLE001 (all of it is kept)
        from mailer.cli.unforeseen import unforeseen

        known = unforeseen(error)
        complain(f"mailer: {printable(str(known))}")
        sys.exit(known.exit_code)
    finally:
        let_go()


def _ctrl_c_again(lost: sys.UnraisableHookArgs) -> None:
    """Ctrl-C that fell into what cannot raise, as the end of an import does, comes a moment later."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        threading.Timer(0.05, _interrupt).start()
    else:
        sys.__unraisablehook__(lost)


def _interrupt() -> None:
    """Ctrl-C for the main thread, which may be waiting; Windows can only tell it."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _require_text(arguments: list[str]) -> None:
    """Raises UsageProblem for an argument that is no text: a terminal in Latin-1 sends such bytes."""
    for argument in arguments:
        if not is_text(argument):
            shown = argument.encode(errors="replace").decode()
            raise UsageProblem(f"{shown!r} is not UTF-8 text.", todo="Set the terminal to UTF-8.")


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; its exit code. What it writes is for its owner alone, what it says is text."""
    mask = os.umask(0o077)
    try:
        with screens():
            return _ended(arguments)
    finally:
        os.umask(mask)


def _interrupted() -> int:
    complain("\nInterrupted. Nothing is half done: run the same command again to go on.")
    return 130


def _unanswered() -> int:
    complain(
        "\nNothing was done: the question was not answered. Answer it at the keyboard, or say it in the "
        "command: with --help it names its options."
    )
    return 1


def _failed(error: Exception) -> int | None:
    """Say what went wrong outside, and with which exit code; None of what nobody knows."""
    if "KeyboardInterrupt" in str(error):  # so pydantic says it, where it is building a validator
        return _interrupted()
    known = outside(error)
    if known is None:
        return None
    complain(f"mailer: {known}")
    return known.exit_code


def _ended(arguments: list[str] | None) -> int:
    screen = sys.stdout
    try:
        _require_text(sys.argv[1:] if arguments is None else arguments)
        result = cli.main(arguments, standalone_mode=False)
        screen.flush()
    except click.ClickException as error:
        with suppress(OSError):  # as `complain`
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        return _unanswered() if isinstance(error.__context__, EOFError) else _interrupted()
    except MailerError as error:
        complain(f"mailer: {error}")
        return error.exit_code
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()
        elif sys.stdout is screen:
            raise
        return 0  # the reader had enough; click puts its own stream in place then, and exits
    except Exception as error:
        if (code := _failed(error)) is None:
            raise
        return code
    return result if isinstance(result, int) else 0
