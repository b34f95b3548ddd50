"""The house rules that no tool checks: what a declaration is, how long a function may be, what may stand in a file."""

import ast
import functools
import itertools
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOT_MODULES = tuple(sorted(path.name for path in ROOT.glob("*.py")))
"""The doors and what they share: app.py, cli*.py and the others beside them."""
LONGEST_FUNCTION = 40
LONGEST_MODULE = 300
LONGEST_DECISION = 30

# The dots stand in brackets, so that this file does not hold what it looks for.
NETWORK_AND_MACHINE = re.compile(
    r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|debian[.]org|ubuntu[.]com|(?<![\w.)\]}])/(?:work|root|home|tmp)/\w+"
)
FOLDERS = ("work", "root", "home", "tmp")
SIGNS = (b"pypi", b"pythonhosted", b"npmjs", b"debian", b"ubuntu", *(f"/{name}/".encode() for name in FOLDERS))
"""One of these stands wherever the pattern is found: most files are told without it."""
EMPTY_NAMES = re.compile(r"(?:^|_)(?:process|handle|manage|manager|util|utils|helper|helpers|misc)(?:_|$)")
BLAMING_WORDS = re.compile("非法|无效|错误代码|您忘了")


@functools.cache
def tracked_files() -> tuple[Path, ...]:
    """What is in the repository, or would be with the next `git add`: cache, output and environment are ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(path for name in sorted(set(listed)) if name and (path := ROOT / name).is_file())


def sources(*roots: str) -> tuple[Path, ...]:
    """The Python files under the given folders, or all."""
    chosen = (path for path in tracked_files() if path.suffix == ".py")
    return tuple(path for path in chosen if not roots or path.relative_to(ROOT).parts[0] in roots)


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a Python file: parsed and walked once for all the rules."""
    return tuple(ast.walk(ast.parse(path.read_bytes(), str(path))))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported_modules(path: Path) -> Iterator[tuple[ast.AST, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or ""


def test_a_declaration_is_a_literal_without_functions_conditions_or_loops() -> None:
    code = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Lambda,
        ast.If,
        ast.IfExp,
        ast.For,
        ast.While,
        ast.comprehension,
    )
    declarations = sources("forms")
    found = [
        f"{place(path, node)} {type(node).__name__}"
        for path in declarations
        for node in nodes(path)
        if isinstance(node, code)
    ]
    assert declarations
    assert found == []


def test_a_function_fits_on_a_screen() -> None:
    found = [
        f"{place(path, node)} {node.name}: {length} lines"
        for path in sources()
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert found == []


def test_a_module_is_short_unless_it_is_a_declaration_or_tests() -> None:
    code = (path for path in sources() if path.relative_to(ROOT).parts[0] not in {"forms", "tests"})
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_only_the_web_knows_flask() -> None:
    found = [
        f"{place(path, node)} {module}"
        for path in sources()
        for node, module in imported_modules(path)
        if module.split(".")[0] in {"flask", "werkzeug"}
        and path.relative_to(ROOT).parts[0] not in {"app.py", "web", "tests", "bench"}
    ]
    assert found == []


def test_nothing_below_imports_a_door() -> None:
    below = {
        "forms": {"app", "cli", "web"},
        "services": {"app", "cli", "web"},
        "web": {"app", "cli"},
        "cli.py": {"web"},
        "cli_batch.py": {"web"},
        "cli_bind.py": {"web"},
        "cli_compare.py": {"web"},
        "cli_nation.py": {"web"},
        "cli_survey.py": {"web"},
    }
    found = [
        f"{place(path, node)} {module}"
        for path in sources(*below)
        for node, module in imported_modules(path)
        if module.split(".")[0] in below[path.relative_to(ROOT).parts[0]]
    ]
    assert found == []


def test_every_module_of_the_services_stands_in_a_layer() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    layered = set(itertools.chain.from_iterable(re.findall(r"services\.(\w+)", layer) for layer in contract["layers"]))
    present = {path.relative_to(ROOT / "services").parts[0].removesuffix(".py") for path in sources("services")}
    assert present - {"__init__"} <= layered


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_commands_of_the_readme_exist(name: str) -> None:
    from cli import main  # noqa: PLC0415 - a readme without commands is judged without the command

    text = (ROOT / name).read_text(encoding="utf-8")
    words = set(re.findall(r"\./dev ([a-z]+)", text))
    commands = set(re.findall(r"(?:\./dev |^)census ([a-z]+)", text, flags=re.MULTILINE))
    told = subprocess.run([ROOT / "dev", "help"], check=True, capture_output=True, text=True).stdout
    assert {"serve", "test"} <= words
    assert words <= set(re.findall(r"\./dev (\w+)", told))
    assert commands
    assert commands <= set(main.commands)


def main_job(name: str) -> str:
    """The commands of the readme's main job, without their comments."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    (job,) = (block for block in blocks if "./dev census sample" in block)
    return re.sub(r" +#.*", "", job)


def test_both_readmes_tell_the_same_commands() -> None:
    assert main_job("README.zh.md") == main_job("README.md")


def test_no_name_says_nothing() -> None:
    found = [
        f"{place(path, node)} {node.name}"
        for path in sources(
            *ROOT_MODULES,
            "web",
            "forms",
            "services",
            "scripts",
        )
        for node in functions(path)
        if EMPTY_NAMES.search(node.name)
    ]
    files = [str(path) for path in sources() if EMPTY_NAMES.search(path.stem)]
    assert found + files == []


def test_no_message_blames_the_clerk() -> None:
    # Not in forms/: what is printed there is the form's own wording (许可证过期或…).
    spoken = [
        path
        for path in tracked_files()
        if path.relative_to(ROOT).parts[0]
        in {
            *ROOT_MODULES,
            "web",
            "services",
        }
        and path.suffix in {".py", ".html", ".js", ".toml", ".typ"}
    ]
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in spoken
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if BLAMING_WORDS.search(line)
    ]
    assert spoken
    assert found == []


def texts_within(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file that may name a machine, with their places; of a zip (docx, xlsx) those of its parts."""
    members: list[tuple[str, bytes]] = [(str(path.relative_to(ROOT)), path.read_bytes())]
    if path.suffix != ".py" and zipfile.is_zipfile(path):
        members = named_parts(path)
    for name, data in members:
        if not any(sign in data for sign in SIGNS):
            continue
        try:
            yield name, data.decode("utf-8")
        except UnicodeDecodeError:
            continue


def named_parts(path: Path) -> list[tuple[str, bytes]]:
    """The parts of a zip; a damaged one, kept as bad input, has none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            small = [part for part in archive.infolist() if part.file_size < 2**22 and not part.flag_bits & 1]
            return [(f"{path.relative_to(ROOT)}!{part.filename}", archive.read(part)) for part in small]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError):
        return []


def test_no_file_names_a_registry_or_this_machine() -> None:
    found = [
        f"{name}: {match[0]}"
        for path in tracked_files()
        for name, text in texts_within(path)
        for match in NETWORK_AND_MACHINE.finditer(text)
    ]
    assert found == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    words = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        f"{place(path, node)} {node.attr}"
        for path in sources("tests")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in words
    ]
    assert found == []


def test_a_decision_is_told_on_one_page() -> None:
    notes = [path for path in tracked_files() if path.parent == ROOT / "docs" / "decisions"]
    long = {
        path.name: count for path in notes if (count := len(path.read_text("utf-8").splitlines())) > LONGEST_DECISION
    }
    assert notes
    assert long == {}
