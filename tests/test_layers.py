"""The layout of DESIGN.md, held by reading the source: who imports whom, who may do what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import mailer
from mailer.mailservice.services import SERVICES

ROOT = Path(mailer.__file__).parent

# Imports go down only. Layers of one line never import each other.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("web",),
    ("evidence",),
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
    ("hours",),
    ("tomlfile", "money", "clock", "shipped"),
    ("errors", "progress"),
    ("__init__",),  # the version
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
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
        if module.layer in ("notice", "ledger")
        for line, name in module.imports()
        if name.split(".")[0] in outside
    ]
    assert wrong == []
    others = tuple({module.layer for module in MODULES} - {"notice", "ledger"})
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


def test_a_mail_service_is_named_in_its_folder_alone() -> None:
    services = Path("mailer/mailservice")
    wrong = []
    for module in MODULES:
        if str(module) == f"{services / 'services.py'}":  # the registry
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


@pytest.mark.parametrize("room", ["printroom", "mailservice", "web"])
def test_the_store_alone_knows_the_database(room: str) -> None:
    asking = {"execute", "scalars", "get_one", "add_all", "merge", "flush", "refresh", "expunge_all"}
    wrong = [
        f"{module}:{line} imports {name}"
        for module in MODULES
        if module.layer == room
        for line, name in module.imports()
        if name.split(".")[0] == "sqlalchemy" or name.startswith("mailer.store.tables")
    ]
    calls = [
        f"{module}:{line} uses {name}"
        for module in MODULES
        if module.layer == room
        for line, name in module.names()
        if name in {f"session.{one}" for one in asking} or name == "payload_of"
    ]
    assert wrong + calls == []


def test_a_class_name_means_one_thing() -> None:
    defined = [
        (node.name, module)
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    told_apart = {"printroom", "mailservice", "web"}  # of each of two that share a name, one is elsewhere
    twice = {name for name, count in Counter(name for name, _ in defined).items() if count > 1}
    assert [
        f"{module}: {name}" for name, module in defined if name in twice and module.layer in told_apart
    ] == []


def test_only_main_exits() -> None:
    exits = {"sys.exit", "os._exit", "SystemExit", "exit", "quit"}
    assert uses(exits, but_in=("mailer/cli/main.py", "__main__")) == []


def test_modules_are_short() -> None:
    lengths = {str(module): len(module.path.read_text().splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    heavy = ("weasyprint", "sqlalchemy", "pikepdf", "pydantic", "reportlab", "babel", "alembic")
    script = f"import sys, mailer.cli.main; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == "[]"
