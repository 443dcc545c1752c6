# One target per job. `make` alone lists them.
PY ?= python3
BIN = .venv/bin
# Of tests at once: one more than the cores, since many wait for a process that they began; five at most.
JOBS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n < 4 ? n + 1 : 5)))
# The sample's day is fixed, so that its dates stay possible.
SAMPLE_DAY = 2026-11-24
# Late on a leap day: midnight passes while the tests run, and for UTC it is March already.
DAY = 2028-02-29 23:59:40
ZONE = America/Los_Angeles

# Where it is set, each start compiles 300 modules anew: half a second.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run emails fake-lob fuzz fuzz-histories fuzz-merge fuzz-readers page test test-long test-days test-word test-cups check format bench bench-merge bench-sitting pictures clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort

setup: .venv/ready ## create .venv and install what is needed

.venv/ready: pyproject.toml constraints.txt .ci/setup
	@sh .ci/setup "$(PY)"

run: setup ## run the whole job on the sample firm, in out/
	@MAILER_TODAY=$(SAMPLE_DAY) $(BIN)/mailer tour out

test: setup ## run the tests; ARGS="-k drop" for some of them
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: setup ## the tests at full length: all contacts of the real list, every step of the crash tests
	@MAILER_LONG=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

# libfaketime leaves the monotonic clock alone (FAKETIME_DONT_FAKE_MONOTONIC=1): .ci/days says why.
test-days: setup ## the tests that talk of days, late on 29 February 2028; DAY="2031-07-04 12:00" ZONE=Asia/Tokyo for another
	@sh .ci/days "$(DAY)" "$(ZONE)" $(ARGS)

test-word: setup ## the letters in Word as LibreOffice prints them (Debian: libreoffice-writer)
	@MAILER_TEST_WORD=1 $(BIN)/python -m pytest -q tests/pages/word $(ARGS)

test-cups: setup ## print to a real CUPS server (Debian: cups, cups-client)
	@$(BIN)/python -m pytest -q tests/printroom/test_cups.py tests/printroom/test_printqueue.py $(ARGS)

fuzz: fuzz-histories fuzz-readers fuzz-merge ## all of them

fuzz-histories: setup ## a million random histories of clients, letters, moves and terms (over an hour)
	@$(BIN)/python -m tests.fuzz_histories $${FUZZ:-1000000}

fuzz-merge: setup ## letterheads and letters at random, merged and set by WeasyPrint; FUZZ=1000 letterheads
	@$(BIN)/python -m tests.fuzz_merge $${FUZZ:-200}

check: setup ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## let ruff format and mend what it can
	@$(BIN)/ruff check --fix -q . || true
	@$(BIN)/ruff format -q .

fuzz-readers: setup ## give every reader a lot of nonsense; FUZZ=20000 tries each
	@FUZZ=$${FUZZ:-20000} $(BIN)/python -m pytest -q tests/hostile/test_fuzz.py

bench: setup ## what the commands cost at several sizes, measured now; BENCH_FULL=1 for the long parts too
	@$(BIN)/python -m tests.bench $(ARGS)
	@$(BIN)/python -m tests.bench_documents $(ARGS)
	@$(BIN)/python -m tests.bench_site
	@if [ -n "$$BENCH_FULL" ]; then $(BIN)/python -m tests.bench_delivery $(ARGS); $(BIN)/python -m tests.bench_ledger $(ARGS); fi

bench-sitting: setup ## a mailing to 100,000 in one sitting, 1,000 of its letters compared with WeasyPrint's (10 minutes)
	@$(BIN)/python -m tests.bench_sitting $${CLIENTS:-100000} --compare $${COMPARE:-1000}

bench-merge: setup ## the rate notice by WeasyPrint, Typst, LibreOffice and mailer, side by side
	@$(BIN)/python -m pip install -q -c constraints.txt --editable ".[bench]"
	@$(BIN)/python -m tests.bench_merge $(ARGS)

page: setup ## the sample's client page in the real Chromium (Debian: chromium): widths, axe, keyboard; in out-page/
	@$(BIN)/python -m pip install -q -c constraints.txt --editable ".[page]"
	@test -d out-page || MAILER_TODAY=$(SAMPLE_DAY) $(BIN)/mailer init out-page --sample
	@MAILER_TODAY=$(SAMPLE_DAY) $(BIN)/mailer site build -C out-page
	@$(BIN)/python -m tests.page_in_chromium out-page/site out-page/pictures

emails: setup ## 5,000 e-mails to a mail server of this machine, through kill -9 and lost connections; EMAILS=500
	@MAILER_EMAILS=$${EMAILS:-5000} $(BIN)/python -m pytest -q -s tests/test_crash_email.py $(ARGS)

fake-lob: setup ## a small Lob to try `mailer send` on, at http://127.0.0.1:8130/v1
	@$(BIN)/python -m tests.fakes.lob --port 8130

pictures: setup ## make the README's pictures anew
	@$(BIN)/python -m pip install -q -c constraints.txt --editable ".[pictures]"
	@$(BIN)/python docs/pictures.py

clean: ## remove what was made, but never out/
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
