"""The code keeps the house rules."""

import importlib
import pkgutil

import pytest

import blueprints
from blueprints.registry import FEATURES
from tests.architecture.house import LATE_IMPORTS, PRODUCT, ROOT, RULES, Rule, sources


@pytest.fixture(scope="module")
def findings() -> dict[Rule, list[str]]:
    """File by file and not rule by rule: all their trees at once would fill the memory for every test that follows."""
    found: dict[Rule, list[str]] = {rule: [] for rule in RULES}
    for source in sources(*PRODUCT, "tests"):
        for rule in RULES:
            found[rule] += map(str, rule(source))
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: Rule, findings: dict[Rule, list[str]]) -> None:
    assert not findings[rule], f"{rule.__doc__}\n" + "\n".join(findings[rule])


def test_platform_does_not_shadow_pythons_own_module() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_late_imports_are_allowed_only_where_something_is() -> None:
    assert [path for path in LATE_IMPORTS if (ROOT / path).exists()], "the allow list names no existing file"
    assert all(reason for reason in LATE_IMPORTS.values())


def test_every_feature_is_registered_once() -> None:
    packages = {
        module.name
        for module in pkgutil.iter_modules(blueprints.__path__)
        if module.ispkg and (ROOT / "blueprints" / module.name / "feature.py").exists()
    }
    names = [feature.name for feature in FEATURES]
    assert sorted(names) == sorted(set(names))
    declared = {name: importlib.import_module(f"blueprints.{name}.feature").FEATURE for name in packages}
    missing = [name for name, feature in declared.items() if feature not in FEATURES]
    assert not missing, f"not in blueprints.registry.FEATURES: {missing}"
    assert {name for name, feature in declared.items() if feature.name != name} == set()


def test_every_package_of_blueprints_is_a_feature_or_says_why() -> None:
    empty = [
        folder.name
        for folder in (ROOT / "blueprints").iterdir()
        if folder.is_dir() and any(folder.glob("*.py")) and not (folder / "feature.py").exists()
    ]
    assert not empty, f"a package without feature.py plugs into nothing: {empty}"
