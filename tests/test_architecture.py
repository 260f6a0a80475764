"""What must always hold in the code, beyond the import contracts that Import Linter checks."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
SOURCES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted(path for path in PACKAGE.rglob("*") if path.suffix in {".js", ".html"})


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def written_out(node: ast.expr) -> str:
    return ast.unparse(node)


@pytest.mark.parametrize(("folder", "allowed"), [("domain", set()), ("framework", {"numpy"})])
def test_the_ideas_of_the_studies_lean_on_no_library_with_opinions(folder: str, allowed: set[str]) -> None:
    for path in (PACKAGE / folder).rglob("*.py"):
        roots = {module.split(".")[0] for module in imported(tree_of(path))}
        assert roots <= sys.stdlib_module_names | {"assistant"} | allowed, name_of(path)


BANNED_IMPORTS = {
    r"(pickle|marshal|shelve|dill|cloudpickle)\b": "data that becomes code when it is read",
    r"(xml\.(sax|dom|parsers)|lxml|defusedxml)\b": "XML has no safe reader here yet",
    r"(requests|urllib3|aiohttp|http\.client|urllib\.request)\b": "nothing fetches anything",
    r"langchain_core\.load\b": "revives objects from data",
    r"langchain.*\bload_(prompt|chain)\b": "reads any path",
    r"(torch\.load|joblib)\b": "data that becomes code when it is read",
}
BANNED_CALLS = {
    r"(eval|exec|__import__)": "runs data as code",
    r"os\.(system|popen)|subprocess\..*": "starts other programs",
    r"yaml\.(load|unsafe_load|full_load|load_all)": "use yaml.safe_load",
    r"(.*\.)?(ElementTree|ET)\.(parse|iterparse|fromstring|fromstringlist|XML|XMLParser)": "reads XML",
    r"(.*\.)?(ZipFile|PyZipFile)|tarfile\.open|.*\.(extract|extractall|unpack_archive)": "opens archives",
    r"(gr|gradio)\.(HTML|load|FileExplorer|DeepLinkButton)": "see SECURITY.md",
    r".*\.load_local": "runs data as code",
    r"(chromadb\.)?HttpClient": "Chroma is used embedded only",
}
PERMITTED = {"assistant/word.py": {"opens archives"}}
"""It opens only the file it has just written itself, to take the time out of it."""
BANNED_OPTIONS = {
    "trust_remote_code": lambda value: value != "False",
    "shell": lambda value: value != "False",
    "share": lambda value: value != "False",
    "allow_origins": lambda value: "*" in value,
    "allow_unsafe_html": lambda value: value != "False",
}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_module_opens_a_door_that_was_closed_on_purpose(path: Path) -> None:
    tree = tree_of(path)
    found = [
        f"imports {module}: {why}"
        for module in imported(tree)
        for pattern, why in BANNED_IMPORTS.items()
        if re.match(pattern, module)
    ]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = written_out(call.func)
        found += [
            f"calls {called}: {why}"
            for pattern, why in BANNED_CALLS.items()
            if re.fullmatch(pattern, called) and why not in PERMITTED.get(name_of(path), ())
        ]
        found += [
            f"{called}({option.arg}={written_out(option.value)})"
            for option in call.keywords
            if option.arg in BANNED_OPTIONS and BANNED_OPTIONS[option.arg](written_out(option.value))
        ]
    assert found == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_no_script_writes_html_or_speaks_to_any_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in (
        r"\b(inner|outer)HTML\b",
        r"insertAdjacentHTML",
        r"document\.write",
        r"\beval\(",
        r"new Function",
    ):
        assert not re.search(pattern, text), pattern
    assert not re.search(r"postMessage\([^;]*[\"'`]\*[\"'`]", text), (
        "a message must name the page it is meant for"
    )


def test_http_is_spoken_by_the_language_models_alone() -> None:
    speakers = {
        name_of(path) for path in SOURCES for m in imported(tree_of(path)) if re.match(r"(httpx|openai)\b", m)
    }
    assert all(speaker.startswith("assistant/language/") for speaker in speakers)


def test_a_chroma_client_is_made_in_one_room_with_telemetry_off() -> None:
    makers = [path for path in SOURCES if "PersistentClient(" in path.read_text(encoding="utf-8")]
    assert all(path.is_relative_to(PACKAGE / "index") for path in makers)
    assert all("anonymized_telemetry=False" in path.read_text(encoding="utf-8") for path in makers)


def test_only_the_verifying_step_holds_the_seal() -> None:
    holders = {
        name_of(path) for path in SOURCES if any(m.endswith("._SEAL") for m in imported(tree_of(path)))
    }
    assert holders <= {"assistant/answering/verify.py"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_stay_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py", "manager.py"}
    assert [name_of(path) for path in SOURCES if path.name in vague] == []


def test_importing_the_program_reads_and_writes_nothing() -> None:
    program = """
import os, sys
seen = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "os.mkdir", "os.rename", "sqlite3.connect"):
        seen.append((event, str(arguments)))
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append((event, str(arguments)))
sys.addaudithook(watch)
import assistant.cli, assistant.settings, assistant.wire, assistant.errors, assistant.registry
import assistant.domain.answers, assistant.console, assistant.inputs
print(seen)
"""
    command = [sys.executable, "-B", "-c", program]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout == "[]\n"


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.splitlines()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_no_file_names_a_machine_path_or_a_registry() -> None:
    places = ["/" + folder + "/" for folder in ("work", "farm", "root")]
    hosts = [
        "python" + "hosted",
        "npm" + "js.",
        "py" + "pi.o" + "rg",
        "debian" + ".o" + "rg",
        "download.py" + "torch",
    ]
    bad = re.compile("|".join(map(re.escape, places + hosts)), re.IGNORECASE)
    found = []
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".png", ".gz", ".pdf", ".docx"} or not path.is_file():
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{name}:{number}" for number, line in enumerate(lines, start=1) if bad.search(line)]
    assert found == []
