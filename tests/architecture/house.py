"""The house rules as functions: each reads one source file and tells what in it breaks the rule, in a sentence.

Import directions between packages are held by import-linter (pyproject.toml); here stands what it cannot say.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("platform/shopbell", "tenants", "blueprints", "workers", "infra")
LONGEST_FILE = 400
DOORS = {"api", "events"}

# Where an import inside a function is meant, and why.
LATE_IMPORTS = {
    "infra/cli.py": "each command loads only what it needs, so that help and version answer at once",
    "infra/cli/": "each command loads only what it needs, so that help and version answer at once",
}
# Who may end a transaction besides the edge: none of these runs inside a request or a job.
ENDS_TRANSACTIONS = (
    "platform/shopbell/db.py",
    "platform/shopbell/embedded/",
    "platform/shopbell/testing/",
    "infra/migrations/",
    "infra/migrations_tool.py",
    "infra/bench/",
)
# What a layer of a feature must not know.
STRANGERS = {
    "rules": {"flask", "flask_smorest", "sqlalchemy", "psycopg", "redis", "rq", "requests", "urllib3"},
    "gate": {"flask", "flask_smorest", "sqlalchemy", "psycopg", "redis", "rq", "requests", "urllib3"},
    "events": {"flask", "sqlalchemy"},
    "models": {"flask", "flask_smorest", "redis", "rq"},
    "queries": {"flask", "flask_smorest", "redis", "rq"},
    "service": {"flask", "flask_smorest", "redis", "rq"},
}


@dataclass(frozen=True)
class Finding:
    """Where a rule is broken and what to do instead."""

    where: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line} {self.sentence}"


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root of the repository, and its text."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the file, once: walking is the slow part."""
        return tuple(ast.walk(self.tree))

    @property
    def feature(self) -> str | None:
        """The feature the file belongs to."""
        parts = self.path.parts
        return parts[1] if parts[0] == "blueprints" and len(parts) > 2 else None

    @property
    def layer(self) -> str | None:
        """The file's place in its feature: `service` for service.py and for everything in service/."""
        return PurePosixPath(self.path.parts[2]).stem if self.feature else None

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every dotted name that is imported, with its line; relative ones resolved."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = ".".join(self.path.parts[: -node.level]) if node.level else ""
                module = ".".join(part for part in (base, node.module) if part)
                yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)

    def finding(self, line: int, sentence: str) -> Finding:
        return Finding(str(self.path), line, sentence)


Rule = Callable[[Source], Iterator[Finding]]


def features_meet_at_the_door(source: Source) -> Iterator[Finding]:
    """A feature asks another's `api` or hears its `events`; tables, services and pages of others are theirs."""
    if source.feature is None:
        return
    for name, line in source.imports():
        parts = name.split(".")
        if parts[0] != "blueprints" or len(parts) < 2 or parts[1] == source.feature:
            continue
        if len(parts) < 3 or parts[2] not in DOORS:
            yield source.finding(line, f"imports {name}: ask blueprints.{parts[1]}.api or hear its events")


def events_know_the_kit_alone(source: Source) -> Iterator[Finding]:
    """That one rule keeps reactions free of cycles."""
    if source.layer != "events":
        return
    for name, line in source.imports():
        top = name.split(".")[0]
        own = name.startswith(f"blueprints.{source.feature}.events")
        if top != "shopbell" and top not in sys.stdlib_module_names and not own:
            yield source.finding(line, f"imports {name}: events import nothing but shopbell")


def layers_know_no_strangers(source: Source) -> Iterator[Finding]:
    """Rules are pure, services know no request, models no web."""
    unwanted = STRANGERS.get(source.layer or "", set())
    for name, line in source.imports():
        if name.split(".")[0] in unwanted:
            yield source.finding(line, f"imports {name}, which {source.layer} must not know")


def only_the_edge_commits(source: Source) -> Iterator[Finding]:
    """One request or one job is one transaction, ended by shopbell.db.Database.transaction()."""
    if str(source.path).startswith(ENDS_TRANSACTIONS) or source.path.parts[0] == "tests":
        return
    for node in source.nodes:
        called = node.func if isinstance(node, ast.Call) and not node.args else None
        if isinstance(called, ast.Attribute) and called.attr in {"commit", "rollback"}:
            yield source.finding(called.lineno, f"calls .{called.attr}(): the edge ends the transaction")


def imports_stand_at_the_top(source: Source) -> Iterator[Finding]:
    """An import inside a function hides a cycle; break the cycle."""
    if str(source.path).startswith(tuple(LATE_IMPORTS)) or source.path.parts[0] == "tests":
        return
    for function in source.nodes:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield source.finding(node.lineno, f"imports inside {function.name}(): move it to the top")


def sql_names_its_columns(source: Source) -> Iterator[Finding]:
    """`select *` changes its meaning while a migration runs; a search_path set for a session outlives its tenant."""
    if source.path.parts[0] == "tests":
        return
    for text, line in _sql(source.nodes):
        if re.search(r"\bselect\s+(\w+\.)?\*", text, re.IGNORECASE):
            yield source.finding(line, "selects *: name the columns")
        if re.search(r"\bset\s+(session\s+)?search_path\b", text, re.IGNORECASE):
            yield source.finding(line, "sets search_path for the session: SET LOCAL, in shopbell.db alone")
        if re.search(r"set_config\(\s*'search_path'[^)]*\bfalse\b", text, re.IGNORECASE):
            yield source.finding(line, "sets search_path for the session: SET LOCAL, in shopbell.db alone")


def _sql(nodes: tuple[ast.AST, ...]) -> Iterator[tuple[str, int]]:
    """Every string that is no docstring; the fixed parts of an f-string together."""
    prose = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value, node.lineno
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            yield "".join(str(part) for part in parts), node.lineno


def files_stay_short(source: Source) -> Iterator[Finding]:
    """A file that passes about 300 lines becomes a folder of the same public name; at 400 it must."""
    lines = source.text.count("\n")
    # A revision is a record: once released, it is never touched again.
    if lines > LONGEST_FILE and "versions" not in source.path.parts:
        yield source.finding(lines, f"has {lines} lines, more than {LONGEST_FILE}: make it a folder of the same name")


def names_say_something(source: Source) -> Iterator[Finding]:
    """`utils` says nothing about what is inside; an empty file says nothing at all."""
    if source.path.stem in {"utils", "util", "helpers", "helper", "manager", "common", "misc"}:
        yield source.finding(1, f"is called {source.path.stem}: name it after what it holds")
    if not source.text.strip():
        yield source.finding(1, "is empty: a package says in a docstring what it is")


def nothing_is_left_undone(source: Source) -> Iterator[Finding]:
    """What is written is finished: no reminders, no holes, no tests put aside, no waiting for luck."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"\x23.*\b(TODO|FIXME|XXX)\b", line):
            yield source.finding(number, "leaves a reminder: do it or let it be")
    for node in source.nodes:
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node):
            yield source.finding(node.lineno, "raises NotImplementedError: write it or leave it out")
        if isinstance(node, ast.Attribute | ast.Name):
            name = ast.unparse(node)
            if name in {"time.sleep", "pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}:
                yield source.finding(node.lineno, f"uses {name}: wait for what happens, and run every test")


RULES: tuple[Rule, ...] = (
    features_meet_at_the_door,
    events_know_the_kit_alone,
    layers_know_no_strangers,
    only_the_edge_commits,
    imports_stand_at_the_top,
    sql_names_its_columns,
    files_stay_short,
    names_say_something,
    nothing_is_left_undone,
)


def sources(*folders: str, root: Path = ROOT) -> Iterator[Source]:
    """Every Python file below the folders."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield Source(PurePosixPath(path.relative_to(root).as_posix()), path.read_text(encoding="utf-8"))
