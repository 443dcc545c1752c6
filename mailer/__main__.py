"""`mailer`, and `python -m mailer`. Until it is loaded Ctrl-C ends it without a word: nothing is begun."""

import signal
import sys
import warnings

from mailer.memory import too_little

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """Run the command line and exit."""
    if wrong := too_little():
        raise SystemExit(f"mailer: {wrong}")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what a library has to say to its programmers
    try:
        from mailer.cli.main import main as run  # noqa: PLC0415 (it may be what there is no memory for)
    except OverflowError:  # Python's logging asks for the time
        raise SystemExit(
            "mailer: this machine's clock is past the year 2262. Set it right, and repeat the command."
        ) from None
    run()


if __name__ == "__main__":
    main()
