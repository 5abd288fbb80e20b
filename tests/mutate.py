"""Mutation testing of the decision (`make mutants`): mutmut over a copy, with what it needs to see all of our code.

    python tests/mutate.py [--to FOLDER] [module ...]

Modules are named as below `clearcut`, without `.py`: `core/evaluate`. Without any, all of `MODULES` are mutated. The
copy holds the last commit, and nothing outside of it is written. Running it again in the
same folder goes on where it stopped; with other sources or tests, remove the folder first.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path

import libcst as cst
import pytest
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

from mutants_plugin import LIVED, NO_TESTS, Mutants, switch_by_table

ROOT = Path(__file__).resolve().parents[1]
CORE_FIRST = (  # where a mutant that lives could mean a false clear
    "evaluate findings granting coverage caps terms approvals prohibitions exemptions doubts answers assemble "
    "demand demands handwriting case signature moments places languages shot_reasons name_globs scene_uses gathering identify"
)
MODULES = (*(f"core/{name}" for name in CORE_FIRST.split()), "check")
TESTS = ("tests/core", "tests/test_check.py")
HARMLESS = (LIVED, NO_TESTS)  # what a mutant comes to that no test minds

_CONFIGURATION = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
also_copy = ["README.md", "docs", "plugins", "hosts", "Makefile"]
"""
# A mutant is killed by the first example that fails; to make that one small would take most of the time.
_CONFTEST = """
from hypothesis import Phase

settings.register_profile(
    "mutants", settings.get_profile("bounded"), max_examples=25, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("mutants")
"""


class Undecorated(cst.CSTTransformer):
    """`@property def f` becomes `def f` and `f = property(f)`: mutmut leaves decorated functions as they are.

    `lru_cache` goes: mutants run in forks of a process that has run the tests, and would be handed its answers.
    """

    def leave_FunctionDef(  # libcst's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        if len(updated_node.decorators) != 1:
            return updated_node
        decorator, name = updated_node.decorators[0].decorator, updated_node.name.value
        if isinstance(decorator, cst.Name) and decorator.value in ("classmethod", "staticmethod"):
            return updated_node
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        if isinstance(called, cst.Name) and called.value in ("lru_cache", "cache"):
            return updated_node.with_changes(decorators=())
        applied = cst.Assign(
            [cst.AssignTarget(cst.Name(name))], cst.Call(decorator, [cst.Arg(cst.Name(name))])
        )
        return cst.FlattenSentinel(
            [updated_node.with_changes(decorators=()), cst.SimpleStatementLine([applied])]
        )


def prepare(folder: Path, modules: Iterable[str]) -> None:
    """Copies the last commit to `folder` and sets mutmut up there."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-xf", "-"], cwd=folder, check=True, input=archive)
    files = [f"src/clearcut/{module}.py" for module in modules]
    for path in {*(folder / "src/clearcut/core").glob("*.py"), *(folder / name for name in files)}:
        tree = cst.parse_module(path.read_text(encoding="utf-8"))
        path.write_text(tree.visit(Undecorated()).code, encoding="utf-8")
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(_CONFIGURATION.format(modules=json.dumps(files)))
    with (folder / "tests/conftest.py").open("a", encoding="utf-8") as file:
        file.write(_CONFTEST)


def spare_prose() -> None:
    """Leaves strings with blanks in them alone: how a message is worded is no behaviour. Codes and keys are.

    So is the `strict` of `zip`: it asks whether lengths agree that always do.
    """
    from mutmut.mutation import mutators

    def is_prose(node: cst.CSTNode) -> bool:
        if isinstance(node, cst.ConcatenatedString | cst.IfExp | cst.BinaryOperation):
            return any(map(is_prose, node.children))
        return isinstance(node, cst.FormattedString) or (
            isinstance(node, cst.SimpleString) and " " in node.value
        )

    def operator_word(node: cst.BaseString) -> Iterable[cst.BaseString]:
        return () if is_prose(node) else mutators.operator_string(node)

    def operator_argument(node: cst.Call) -> Iterable[cst.Call]:
        for at, arg in enumerate(node.args):
            if is_prose(arg.value) or (arg.keyword is not None and arg.keyword.value == "strict"):
                continue
            before, after = node.args[:at], node.args[at + 1 :]
            if arg.star == "" and not (isinstance(arg.value, cst.Name) and arg.value.value == "None"):
                yield node.with_changes(args=[*before, arg.with_changes(value=cst.Name("None")), *after])
            if len(node.args) > 1:
                yield node.with_changes(args=[*before, *after])

    instead = {mutators.operator_string: operator_word, mutators.operator_arg_removal: operator_argument}
    operators = mutators.mutation_operators
    operators[:] = [(kind, instead.get(each, each)) for kind, each in operators]


def generate() -> list[SourceFileMutationData]:
    """Makes the mutants in `mutants` here, those that are not made yet; what is known of them."""
    from mutmut import __main__ as mutmut

    spare_prose()
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        mutmut.create_mutants(max_children=1)
    return known()


def known() -> list[SourceFileMutationData]:
    """The results so far, by file."""
    files = [SourceFileMutationData(path=path) for path in sorted(Path("src/clearcut").rglob("*.py"))]
    files = [file for file in files if file.meta_path.exists()]
    for file in files:
        file.load()
        file.meta_path = file.meta_path.absolute()  # the tests run elsewhere
    return files


def again(to: Path) -> None:
    """Forgets who lived, and takes the tests as they are in the working tree."""
    shutil.copytree(ROOT / "tests", to / "tests", dirs_exist_ok=True, ignore=_not_the_conftest)
    os.chdir(to)
    for file in known():
        codes = file.exit_code_by_key
        codes.update(dict.fromkeys([name for name, code in codes.items() if code in HARMLESS]))
        file.save()


def _not_the_conftest(folder: str, names: list[str]) -> list[str]:
    return ["conftest.py", "__pycache__"] if Path(folder) == ROOT / "tests" else ["__pycache__"]


def report() -> int:
    """Prints the counts per module and the difference that each survivor makes; how many survived."""
    lived: list[str] = []
    sums: Counter[str] = Counter()
    for file in known():
        counts = Counter(status_by_exit_code[code] for code in file.exit_code_by_key.values())
        sums.update(counts)
        print(f"{file.path}: {sum(counts.values())} mutants, {dict(sorted(counts.items()))}")
        lived += [name for name, code in file.exit_code_by_key.items() if code in HARMLESS]
    print(f"all: {sum(sums.values())} mutants, {dict(sorted(sums.items()))}\n")
    for name in lived:
        print(get_diff_for_mutant(name))
    return len(lived)


def main() -> None:
    parser = argparse.ArgumentParser(description="mutation testing of the decision")
    parser.add_argument("--to", type=Path, default=ROOT / "out/mutants")
    parser.add_argument("--report", action="store_true", help="only tell what is known so far")
    parser.add_argument(
        "--again", action="store_true", help="only those that lived, with the tests as they are"
    )
    parser.add_argument("--seconds", type=float, default=10, help="of tests for each mutant (default: 10)")
    parser.add_argument("--tests", nargs="*", default=TESTS)
    parser.add_argument("modules", nargs="*", default=MODULES)
    options = parser.parse_args()
    to = options.to.absolute()
    if options.again:
        again(to)
    elif not options.report and not (to / "mutants").exists():
        prepare(to, options.modules)
    os.chdir(to)
    if not options.report:
        files = generate()
        switch_by_table()
        os.chdir("mutants")
        arguments = ["-q", "--tb=native", "-p", "no:cacheprovider", *options.tests]
        code = pytest.main(arguments, plugins=[Mutants(files, options.seconds)])
        os.chdir(to)
        if code:
            sys.exit(int(code))
    report()


if __name__ == "__main__":
    main()
