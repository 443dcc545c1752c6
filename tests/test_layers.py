"""The layout of DESIGN.md, held by reading the source: who imports whom, who may do what."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import mailer

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


def test_only_main_exits() -> None:
    exits = {"sys.exit", "os._exit", "SystemExit", "exit", "quit"}
    assert uses(exits, but_in=("mailer/cli/main.py", "__main__")) == []


def test_modules_are_short() -> None:
    lengths = {str(module): len(module.path.read_text().splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


HEAVY = (
    "weasyprint", "sqlalchemy", "pikepdf", "pydantic", "reportlab", "babel", "alembic", "jinja2", "lob",
    "requests", "starlette", "uvicorn",
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
