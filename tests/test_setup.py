"""The set-up: what it pins, what it lays out, what it says, and what it does when something cannot be installed."""

import re
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from services.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "dev"
LOCKS = ("requirements.lock", "requirements-dev.lock")

# The official names of the forms' Word files, and what this machine prints them with.
STAND_INS = (
    ("仿宋_GB2312", "Form Fang"),
    ("仿宋", "Form Fang"),
    ("FangSong", "Form Fang"),
    ("楷体_GB2312", "Form Kai"),
    ("楷体", "Form Kai"),
    ("KaiTi", "Form Kai"),
    ("宋体", "Form Song"),
    ("SimSun", "Form Song"),
    ("黑体", "Form Hei"),
    ("SimHei", "Form Hei"),
    ("方正小标宋简体", "Form Song"),
    ("华文中宋", "Form Song"),
    ("Times New Roman", "Liberation Serif"),
    ("Wingdings", "OpenSymbol"),
    ("没有装的字体", "Form Song"),
)


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
    )


def in_dev(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs `script` with the functions of dev, whose cache and programs are those of `folder`."""
    prelude = f'source "{DEV}"; CACHE="{folder}"; LOG="{folder}/setup.log"; PATH="{folder}/bin:$PATH"; unset CI\n'
    return run("bash", "-c", prelude + script)


def program(folder: Path, name: str, body: str) -> None:
    """Puts a stand-in for a system program before the real one."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def fonts() -> Path:
    return load_settings().fonts


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\w)", text.strip())
    assert "://" not in text
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_package_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {normal(name) for name in project["project"]["dependencies"]}
    wanted_by_developers = {normal(name) for name in project["dependency-groups"]["dev"]}
    assert wanted <= pins("requirements.lock").keys()
    assert wanted_by_developers <= pins("requirements-dev.lock").keys()


def test_the_tests_run_on_the_versions_that_clerks_get() -> None:
    served, tested = (pins(lock) for lock in LOCKS)
    assert served.items() <= tested.items()


@pytest.mark.parametrize(("asked", "printed"), STAND_INS)
def test_an_official_font_name_is_printed_with_its_stand_in(asked: str, printed: str) -> None:
    environment = {"FONTCONFIG_FILE": str(fonts() / "fonts.conf"), "PATH": "/usr/bin:/bin"}
    assert run("fc-match", "-f", "%{family}", asked, environment=environment).stdout == printed


def test_the_title_face_is_bold() -> None:
    environment = {"FONTCONFIG_FILE": str(fonts() / "fonts.conf"), "PATH": "/usr/bin:/bin"}
    assert run("fc-match", "-f", "%{style}", "方正小标宋简体", environment=environment).stdout == "Bold"


def test_a_line_of_an_office_face_is_as_high_as_its_letters() -> None:
    heights = {}
    font: Any
    for path in (fonts() / "office").glob("*.otf"):
        with TTFont(path, lazy=True) as font:
            line = font["hhea"].ascent - font["hhea"].descent + font["hhea"].lineGap
            windows = font["OS/2"].usWinAscent + font["OS/2"].usWinDescent
            heights[path.name] = (line / font["head"].unitsPerEm, windows / font["head"].unitsPerEm)
    assert heights == {
        "FandolFang-Regular.otf": (1.0, 1.0),
        "FandolKai-Regular.otf": (1.0, 1.0),
        "NotoSansCJKsc-Bold.otf": (1.0, 1.0),
        "NotoSansCJKsc-Regular.otf": (1.0, 1.0),
        "NotoSerifCJKsc-Bold.otf": (1.0, 1.0),
        "NotoSerifCJKsc-Regular.otf": (1.0, 1.0),
    }


def test_rare_name_characters_and_tick_boxes_have_a_face() -> None:
    with TTFont(fonts() / "typst" / "NotoSerifCJKsc-Regular.otf", lazy=True) as font:
        covered = font.getBestCmap() or {}
    assert [letter for letter in "堃喆珺赟昇旻甦翀祎昉玥晞淏□√〔〕○·—" if ord(letter) not in covered] == []


def test_an_unknown_word_is_refused_and_data_stays_empty() -> None:
    answer = run(DEV, "srve")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "srve" in answer.stderr


def test_the_command_leaves_stdout_to_data() -> None:
    answer = run(DEV, "census", "forms")
    assert answer.returncode == 0
    assert "evaluation" in answer.stdout
    assert "==>" not in answer.stdout


def test_a_package_in_another_version_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "there.lock").write_text("click==" + pins("requirements.lock")["click"] + " \\\n", encoding="utf-8")
    (tmp_path / "other.lock").write_text("click==0.0.1 \\\n", encoding="utf-8")
    (tmp_path / "absent.lock").write_text("nobody-wrote-this==1.0 \\\n", encoding="utf-8")
    asked = 'for name in there other absent; do has_locked_packages "$CACHE/$name.lock" && echo "$name"; done; true'
    assert in_dev(asked, tmp_path).stdout.split() == ["there"]


def test_only_missing_packages_are_installed(tmp_path: Path) -> None:
    program(tmp_path, "dpkg-query", 'case "$*" in *present*) echo installed;; *) exit 1;; esac')
    program(tmp_path, "apt-get", f'echo "$@" >> "{tmp_path}/asked"')
    program(tmp_path, "sudo", 'exec "$@"')
    answer = in_dev("install_packages 'install things' present absent", tmp_path)
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert answer.returncode == 0
    assert answer.stdout == ""
    assert [line.split()[-1] for line in asked] == ["update", "absent"]


def test_a_failed_installation_shows_its_last_words_and_stops(tmp_path: Path) -> None:
    program(tmp_path, "dpkg-query", "exit 1")
    program(tmp_path, "apt-get", 'echo "E: Unable to locate package $*"; exit 100')
    program(tmp_path, "sudo", 'exec "$@"')
    answer = in_dev("set_up_to_serve", tmp_path)
    assert answer.returncode == 4
    assert answer.stdout == ""
    assert "Unable to locate package" in answer.stderr


def test_serving_goes_on_without_libreoffice_and_says_what_is_refused(tmp_path: Path) -> None:
    program(tmp_path, "dpkg-query", "exit 1")
    program(tmp_path, "apt-get", "exit 100")
    program(tmp_path, "sudo", 'exec "$@"')
    answer = in_dev("install_office || true; install_office && echo 'not tried again'", tmp_path)
    assert answer.returncode == 0
    assert ".doc .xls .wps .et .odt" in answer.stderr
    assert answer.stderr.count("apt-get update") == 2  # announced, and named as what failed
    assert answer.stdout == "not tried again\n"


def test_the_tests_insist_on_libreoffice(tmp_path: Path) -> None:
    program(tmp_path, "dpkg-query", 'case "$*" in *libreoffice*) exit 1;; *) echo installed;; esac')
    program(tmp_path, "apt-get", "exit 100")
    program(tmp_path, "sudo", 'exec "$@"')
    (tmp_path / "office-refused").touch()
    answer = in_dev("install_locked() { :; }; lay_out_fonts() { :; }; set_up_to_test; echo served", tmp_path)
    assert answer.returncode == 4
    assert answer.stdout == ""


def test_without_rights_the_command_for_the_administrator_is_told(tmp_path: Path) -> None:
    answer = in_dev(f'PATH="{tmp_path}"; as_root() {{ {as_root_of_a_clerk()}; }}; as_root apt-get install x', tmp_path)
    assert answer.returncode == 4
    assert "apt-get install x" in answer.stderr


def as_root_of_a_clerk() -> str:
    """The body of as_root with the user id of somebody who is not root: EUID itself cannot be set."""
    text = DEV.read_text(encoding="utf-8")
    body = text[text.index("as_root() {\n") + len("as_root() {\n") :]
    return body[: body.index("\n}\n")].replace("EUID == 0", "1000 == 0")


def test_a_second_set_up_waits_for_the_first(tmp_path: Path) -> None:
    script = """
    (locked bash -c 'sleep 1; echo first') & sleep 0.3
    locked echo second
    wait
    """
    answer = in_dev(script, tmp_path)
    assert answer.stdout.split() == ["first", "second"]
    assert "waiting" in answer.stderr


def test_a_submission_is_judged_by_the_command_of_the_readme() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("exec ./dev test")
