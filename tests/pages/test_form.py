# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page renders, and says of each command who types it."""
import functools
import re

import pytest
import yaml

from pages import REPOSITORY, Page, tables_of

PAGES = sorted(str(path.relative_to(REPOSITORY)) for path in
               [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
FOLLOWED = ("docs/operating.md", "docs/audit.md", "docs/formats/audit.md", "docs/certificates.md")
DELIMITER = re.compile(r"^ *:?-+:? *$")


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name):
    """GitHub Flavored Markdown, "Tables": what has no delimiter row below its head is no table."""
    for table in tables_of(Page(name)):
        (first, head), *rows = table
        assert rows and all(DELIMITER.match(cell) for cell in rows[0][1]), (
            f"{name}:{first}: a row without a table")
        for number, cells in rows:
            assert len(cells) == len(head), f"{name}:{number}: {len(cells)} cells, not {len(head)}"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_another_page_leads_there(name):
    page = Page(name)
    text = "\n".join(line for _, line in page.prose)
    for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", text):
        if target and "://" not in target:
            assert (REPOSITORY / name).parent.joinpath(target).exists(), f"{name}: {target}"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_heading_leads_there(name):
    text = "\n".join(line for _, line in Page(name).prose)
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]*)\)", text):
        if "://" in target:
            continue
        page = name if not target else str(
            (REPOSITORY / name).parent.joinpath(target).resolve().relative_to(REPOSITORY))
        assert anchor in anchors_of(Page(page)), f"{name}: {target}#{anchor}"


def anchors_of(page):
    """As GitHub makes them of headings."""
    headings = [line.lstrip("#").strip() for _, line in page.prose if re.match(r"#+ ", line)]
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("name", FOLLOWED)
def test_every_block_of_commands_says_who_types_it(name):
    for block in Page(name).blocks:
        assert block.language != "sh" or block.account, (
            f"{name}:{block.line}: begin it with a comment such as \"# as root\"")


CALL = re.compile(r"\b(GET|POST|PUT|DELETE) /sekisho/api(/[^\s`?\"']*)")


@functools.cache
def staff_api():
    """Verb and path of every operation, the path in parts; `None` for a parameter."""
    text = (REPOSITORY / "docs/openapi.yaml").read_text(encoding="utf-8")
    paths = yaml.load(text, yaml.CSafeLoader)["paths"]
    return [(verb.upper(), [None if part.startswith("{") else part for part in path.split("/")])
            for path, item in paths.items() for verb in item]


@pytest.mark.parametrize("name", PAGES)
def test_every_call_of_the_staff_api_is_one_that_it_has(name):
    for number, line in Page(name).prose:
        for verb, path in CALL.findall(line):
            parts = path.rstrip(".,;:").split("/")
            assert any(verb == known_verb and len(parts) == len(known)
                       and all(k in (None, part) for k, part in zip(known, parts))
                       for known_verb, known in staff_api()), f"{name}:{number}: {verb} {path}"
