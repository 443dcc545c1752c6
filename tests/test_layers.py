"""The layout of DESIGN.md, held by reading the source: who imports whom, who may do what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import mailer
from mailer.mailservice.registry import SERVICES

ROOT = Path(mailer.__file__).parent

# Imports go down only. Layers of one line never import each other.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("web",),
    ("evidence", "policies"),
    ("standing",),
    ("printroom", "mailservice"),
    ("making",),
    ("planning",),
    ("store", "pages"),
    ("judgement",),
    ("newsletter",),
    ("campaign",),
    ("clients",),
    ("notice", "ledger"),
    # the base, in its own order
    ("settings",),
    ("profile",),
    ("hours", "segment", "sftp"),
    ("tomlfile", "givenfile", "money", "clock", "shipped", "agreement", "place", "outside"),
    ("errors", "progress", "patience", "spool", "memory"),
    ("__init__",),  # the version
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
PURE = {"notice", "ledger", "judgement"}
LONGEST = 400


@dataclass(frozen=True)
class Module:
    path: Path
    tree: ast.Module

    @property
    def layer(self) -> str:
        return self.path.relative_to(ROOT).parts[0].removesuffix(".py")

    def __str__(self) -> str:
        return self.path.relative_to(ROOT.parent).as_posix()

    @property
    def dotted(self) -> str:
        return str(self).removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every import, inside functions and for types too: its line and dotted name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                package = ROOT.name if not node.module else node.module
                assert node.level == 0, f"{self}:{node.lineno} has a relative import"
                yield from ((node.lineno, f"{package}.{name.name}") for name in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                module, colon, attribute = node.value.partition(":")  # a registry's lazy "module:attribute"
                if colon and module.startswith("mailer.") and attribute.isidentifier():
                    yield node.lineno, module

    def words(self) -> Iterator[tuple[int, str]]:
        """Every name, dotted import and text that is no docstring: what the code says, not what it cites."""
        cited = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        yield from self.names()
        yield from self.imports()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in cited:
                yield node.lineno, node.value
            elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.lineno, node.name
            elif isinstance(node, ast.arg):
                yield node.lineno, node.arg

    def names(self) -> Iterator[tuple[int, str]]:
        """Every name and attribute that is used: "now" and, where it is written so, "datetime.now"."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                yield node.lineno, node.id
            elif isinstance(node, ast.Attribute):
                yield node.lineno, node.attr
                if isinstance(node.value, ast.Name | ast.Attribute):
                    owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                    yield node.lineno, f"{owner}.{node.attr}"


MODULES = [Module(path, ast.parse(path.read_text())) for path in sorted(ROOT.rglob("*.py"))]
COMMANDS = [module for module in MODULES if module.layer == "cli"]


def uses(names: set[str], *, but_in: tuple[str, ...] = ()) -> list[str]:
    """Where any of `names` is used or imported, but in the given layers or files."""
    return [
        f"{module}:{line} uses {name}"
        for module in MODULES
        if module.layer not in but_in and str(module) not in but_in
        for line, name in [
            *module.names(),
            *((line, name.rpartition(".")[2]) for line, name in module.imports()),
        ]
        if name in names
    ]


def test_a_class_name_means_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for module in MODULES:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(f"{module}:{node.lineno}")
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_every_module_has_its_place() -> None:
    assert {module.layer for module in MODULES} <= set(RANK)


def test_imports_go_down_only() -> None:
    wrong = []
    for module in MODULES:
        for line, name in module.imports():
            if not name.startswith("mailer."):
                continue
            other = name.split(".")[1]
            other = other if other in RANK else "__init__"
            if other != module.layer and RANK[other] <= RANK[module.layer]:
                wrong.append(f"{module}:{line} imports {name}")
    assert wrong == []


def test_no_imports_go_round_in_a_circle() -> None:
    """Late ones and those for types too, so that none is late to break a circle."""
    names = {
        str(module).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for module in MODULES
    }
    needs: dict[str, set[str]] = {}
    for module in MODULES:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module in names:
                wanted = {f"{node.module}.{name.name}" for name in node.names} & names or {node.module}
                needs.setdefault(module.dotted, set()).update(wanted - {module.dotted})
    TopologicalSorter(needs).prepare()  # raises CycleError, which names the circle


def test_the_pure_layers_touch_nothing() -> None:
    outside = {
        "sqlalchemy",
        "os",
        "pathlib",
        "io",
        "sys",
        "time",
        "subprocess",
        "socket",
        "tempfile",
        "shutil",
    }
    wrong = [
        f"{module}:{line} imports {name}"
        for module in MODULES
        if module.layer in PURE
        for line, name in module.imports()
        if name.split(".")[0] in outside
    ]
    assert wrong == []
    others = tuple({module.layer for module in MODULES} - PURE)
    touching = {"open", "print", "input", "datetime.now", "date.today", "datetime.utcnow", "datetime.today"}
    assert uses(touching, but_in=others) == []


def test_only_the_clock_reads_the_clock() -> None:
    readings = {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.localtime",
    }
    assert uses(readings, but_in=("clock",)) == []


def test_only_the_edges_make_a_clock() -> None:
    # open_folder makes the command's one clock: it needs the firm's zone, which the folder's profile tells
    edges = ("cli", "web", "clock", "mailer/planning/mailfolder.py")
    calls = [
        f"{module}:{node.lineno}"
        for module in MODULES
        if module.layer not in edges and str(module) not in edges
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Clock"
    ]
    assert calls == []


def test_date_arithmetic_is_in_notice_alone() -> None:
    assert uses({"timedelta", "relativedelta", "toordinal", "fromordinal"}, but_in=("notice",)) == []
    sums = [
        f"{module}:{node.lineno} reckons a date"
        for module in MODULES
        if module.layer != "notice"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _reckons(node)
    ]
    assert sums == []


def _reckons(call: ast.Call) -> bool:
    """Is it `day.replace(month=…)` of whatever is not written out, or `date(year, month + 1, 1)`."""
    match call.func:
        case ast.Attribute(attr="replace"):
            return any(
                one.arg in ("year", "month", "day") and not isinstance(one.value, ast.Constant)
                for one in call.keywords
            )
        case ast.Name(id="date" | "datetime") | ast.Attribute(attr="date" | "datetime"):
            given = [*call.args, *(one.value for one in call.keywords)]
            return any(isinstance(part, ast.BinOp) for one in given for part in ast.walk(one))
    return False


@pytest.mark.parametrize(
    ("text", "reckons"),
    [
        ("day.replace(month=day.month % 12 + 1)", True),
        ("dt.date(year, month + 1, 1)", True),
        ("datetime(year=year + 1, month=1, day=1)", True),
        ("day.replace(day=1)", False),
        ("text.replace(old, new)", False),
        ("date(2026, 11, 24)", False),
    ],
)
def test_a_reckoned_date_is_seen(text: str, reckons: bool) -> None:
    (statement,) = ast.parse(text).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert _reckons(statement.value) is reckons


def test_the_store_alone_knows_the_database() -> None:
    wrong = [
        f"{module}:{line} imports {name}"
        for module in MODULES
        if module.layer != "store"
        for line, name in module.imports()
        if name.split(".")[0] in ("sqlalchemy", "alembic", "psycopg")
        or name.startswith("mailer.store.tables")
    ]
    assert wrong == []
    verbs = (
        "execute",
        "scalars",
        "get",
        "get_one",
        "add",
        "add_all",
        "delete",
        "flush",
        "refresh",
        "connection",
    )
    assert uses({f"session.{verb}" for verb in verbs}, but_in=("store",)) == []


def test_the_ledger_alone_reads_payloads() -> None:
    assert (
        uses({"event.payload", "record.payload", "one.payload", "said.payload"}, but_in=("ledger", "store"))
        == []
    )


def test_every_library_that_is_imported_is_declared_and_no_other() -> None:
    declared = {
        re.split(r"[^\w-]", text)[0].replace("_", "-").lower()
        for text in tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]["dependencies"]
    }
    offered_by = packages_distributions()
    used = {
        name.replace("_", "-").lower()
        for module in MODULES
        for _, imported in module.imports()
        for name in offered_by.get(imported.split(".")[0], ())[:1]
    }
    by_name_alone = {"psycopg", "tzdata"}  # SQLAlchemy's driver, and zoneinfo's zones
    assert used - declared <= {"mailer"}
    assert declared - used == by_name_alone


def test_a_mail_service_is_named_in_its_folder_alone() -> None:
    services = Path("mailer/mailservice")
    wrong = []
    for module in MODULES:
        if str(module) == f"{services}/registry.py":
            continue
        path = Path(str(module))
        others = [name for name in SERVICES if not path.is_relative_to(services / name)]
        wrong += [
            f"{module}:{line} says {word!r}"
            for line, word in module.words()
            for name in others
            if re.search(rf"(?<![a-z]){name}(?![a-z])", word, re.IGNORECASE)
        ]
    assert wrong == []


def test_only_main_exits() -> None:
    exits = {"sys.exit", "os._exit", "SystemExit", "exit", "quit"}
    own_processes = (
        *("mailer/clients/sheets.py", "mailer/pages/drawn.py", "mailer/pages/drawnlogo.py"),
        "mailer/pages/strangepdf.py",
    )
    assert uses(exits, but_in=("mailer/cli/main.py", "__main__", *own_processes)) == []


def test_modules_are_short() -> None:
    lengths = {str(module): len(module.path.read_text().splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


HEAVY = (
    "weasyprint", "sqlalchemy", "pikepdf", "pydantic", "reportlab", "babel", "alembic", "jinja2", "lob",
    "paramiko", "requests", "starlette", "uvicorn",
)  # fmt: skip


def loaded_by(modules: Iterable[str]) -> str:
    """Which heavy libraries a process has that imported these modules."""
    script = f"import sys, {', '.join(modules)}; print([one for one in {HEAVY!r} if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    assert loaded_by(["mailer.cli.main"]) == "[]"


def test_the_help_of_a_command_loads_no_heavy_library() -> None:
    """Nor do the shell's completions: a command imports the rooms that need one when it runs."""
    names = (".".join(module.path.relative_to(ROOT.parent).with_suffix("").parts) for module in COMMANDS)
    assert loaded_by(name.removesuffix(".__init__") for name in names) == "[]"


def test_a_command_imports_late_only_what_may_be_heavy() -> None:
    light = {"notice", "ledger", "judgement", "clients", "money", "clock", "errors", "progress"}
    wrong = [
        f"{module}:{line} imports {name} in a function"
        for module in COMMANDS
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        for line, name in Module(module.path, ast.Module([function], [])).imports()
        if name.split(".")[0] != "mailer" or name.split(".")[1] in light
    ]
    assert wrong == []
