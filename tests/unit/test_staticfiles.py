"""The folder static/ is copied as it is; the masthead shows a logo from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.config import Theme, read_config
from generator.ownpages import read_own_pages
from generator.site.around import around
from generator.site.program import default_templates
from generator.site.render import Renderer
from generator.staticfiles import STATIC_LIMIT, static_files
from tests.dom import parse
from tests.pictures import CONFIG


def write(root: Path, **files: bytes) -> None:
    for name, data in files.items():
        path = root / "static" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_files_are_found_in_folders_and_read_when_they_are_written(tmp_path: Path) -> None:
    write(tmp_path, logo_svg=b"<svg/>", fonts__a_woff2=b"font", _hidden=b"no")
    files, faults = static_files(tmp_path)
    assert faults == ()
    assert [(file.route, file.read()) for file in files] == [("static/fonts/a.woff2", b"font"), ("static/logo.svg", b"<svg/>")]
    (tmp_path / "static/logo.svg").write_bytes(b"<svg></svg>")
    assert files[1].read() == b"<svg></svg>"
    assert static_files(tmp_path)[0][1].digest != files[1].digest
    (tmp_path / "static/logo.svg").unlink()
    assert files[1].read() == b""


def test_without_the_folder_there_is_nothing(tmp_path: Path) -> None:
    assert static_files(tmp_path) == ((), ())


def test_links_and_what_is_too_large_are_left_out_and_told(tmp_path: Path) -> None:
    write(tmp_path, a_txt=b"a")
    (tmp_path / "static/link").symlink_to(tmp_path / "secret")
    with (tmp_path / "static/large").open("wb") as file:
        file.truncate(STATIC_LIMIT + 1)
    files, faults = static_files(tmp_path)
    assert [file.route for file in files] == ["static/a.txt"]
    assert [str(fault).partition(" (")[0] for fault in faults] == [
        "static/large: warning: left out: the file is larger than 65,536 kB",
        "static/link: warning: left out: the file is a link",
    ]


def test_a_name_that_no_address_can_have_is_left_out_and_told(tmp_path: Path) -> None:
    write(tmp_path, logo_svg=b"<svg/>")
    (tmp_path / "static" / "\u00e4 \U0001f600.txt").write_bytes(b"fine")
    for name in ("a\nb.txt", "\udcff"):
        (tmp_path / "static" / name).mkdir()
    files, faults = static_files(tmp_path)
    assert [file.route for file in files] == ["static/logo.svg", "static/\u00e4 \U0001f600.txt"]
    assert [str(fault).partition(" (")[0] for fault in faults] == [
        "static/a\\nb.txt: warning: left out: the file has a name that no address can have",
        "static/\\udcff: warning: left out: the file has a name that no address can have",
    ]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "static").write_text("no folder")
    assert [fault.where.path for fault in static_files(tmp_path)[1]] == ["static"]


def test_the_masthead_shows_logo_and_tagline_and_the_logo_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, logo_svg=b"<svg/>")
    config = replace(CONFIG, theme=Theme((), (), "static/logo.svg", "Compared & noted"))
    own, faults = read_own_pages(tmp_path, config)
    assert faults == ()
    found = {planned.route: planned for planned in around(config, (), own)}
    assert found["static/logo.svg"].make() == b"<svg/>"
    made = found["tags/index.html"].make()
    assert not isinstance(made, bytes)
    brand = parse(Renderer(config, (default_templates(),)).render(made)).all("p", "brand")[0]
    assert brand.all("img")[0].attributes["src"] == "../static/logo.svg"
    assert brand.all("span")[0].text() == "Compared & noted"
    _, faults = read_own_pages(tmp_path, replace(config, theme=Theme((), (), "static/lgo.svg")))
    assert str(faults[0]) == "variorum.toml: warning: there is no logo 'static/lgo.svg' (did you mean 'static/logo.svg'?)"
    _, faults = read_own_pages(tmp_path / "elsewhere", config)
    assert faults[0].hint == "put it there"


@pytest.mark.parametrize("logo", ["logo.svg", "static/../secret", "static/", "/static/a.svg", "static/a b.svg", "static//a.svg"])
def test_a_logo_lies_in_static(tmp_path: Path, logo: str) -> None:
    (tmp_path / "variorum.toml").write_text(f'[theme]\nlogo = "{logo}"\n')
    config, (fault,) = read_config(tmp_path)
    assert config.theme.logo == ""
    assert (fault.where.line, fault.message) == (2, f"'{logo}' is no file of the folder static/")
