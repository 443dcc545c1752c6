"""`mailer`, and `python -m mailer`. Until it is loaded Ctrl-C ends it without a word: nothing is begun."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from mailer.cli.main import main

if __name__ == "__main__":
    main()
