"""Links, anchors, typed commands and shown outputs of the README and the documentation."""

import doctest
import re

import pytest
import typer
from checks.foreign_blocks import shown
from checks.notebooks import notebook, notebook_text, sources
from checks.pages import ROOT, SHELL, anchors, blocks, examples, fenced, links, pages, slug, typed
from checks.site import faults, loaded

PAGES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in pages()}
RUNNABLE = [name for name in PAGES if name == "docs/start.md" or name.startswith("docs/tutorials/")]
PROGRAMS = ("nashscape", "make", "pip", "python", ".venv/bin/python", "git", "cd", "export", "echo", "ray")


def faults_of_links(name, page):
    """What is wrong with the links of a page, told in words."""
    for target in links(page):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent.joinpath(path).resolve() if path else ROOT / name
        if not file.exists():
            yield f"{target}: no such file"
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8") if path else page):
            yield f"{target}: no such heading"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    assert list(faults_of_links(name, PAGES[name])) == []


def test_a_link_that_leads_nowhere_is_told():
    there = "[a](#two-words) [b](#three) [c](docs/none.md) [d](LICENSE) [e](docs/start.md#no) `[f](g)`"
    page = f"# One\n\n## Two words\n\n{there}"
    assert list(faults_of_links("README.md", page)) == [
        "#three: no such heading", "docs/none.md: no such file", "docs/start.md#no: no such heading"
    ]  # fmt: skip


def test_an_anchor_is_that_of_the_site_and_of_the_forge():
    assert slug("I only want to map basins") == "i-only-want-to-map-basins"
    assert slug("The rule `lola`, *again* [here](x.md)") == "the-rule-lola-again-here"


def parse(words):
    """Parse a typed command as far as its own help would: its names, options and their types."""
    from typer.main import get_command

    from nashscape.cli.app import app

    command, name, context = get_command(app), "nashscape", None
    while True:
        context = command.make_context(name, list(words), parent=context)
        if not hasattr(command, "resolve_command"):
            return context
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])


@pytest.mark.parametrize("name", [name for name in PAGES if any(typed(PAGES[name]))])
def test_every_typed_command_parses(name):
    for words, in_a_block in typed(PAGES[name]):
        try:
            parse(words)
        except typer.Exit:  # --help and --version
            continue
        except Exception as error:
            # in running text a command may stand for itself, without what it works on
            if in_a_block or "Missing parameter" not in str(error):
                raise AssertionError(f"{name}: nashscape {' '.join(words)}: {error}") from error


@pytest.mark.parametrize("words", ["basen stag-hunt", "basin stag-hunt --gird 5", "study rn x"])
def test_a_command_that_does_not_parse_is_told(words):
    with pytest.raises(Exception, match=r"(?i)no such|did you mean|unknown"):
        parse(words.split())


@pytest.mark.parametrize("name", PAGES)
def test_shell_blocks_hold_commands_and_shown_output_is_marked(name):
    found = blocks(PAGES[name])
    for before, block in zip([None, *found], found, strict=False):
        if block.language in ("", *SHELL):
            joined = block.text.replace("\\\n", " ")
            for line in filter(None, map(str.strip, joined.splitlines())):
                assert line.startswith("#") or re.split(r"[ =]", line)[0].isupper() or line.split()[0] in PROGRAMS, line
        if block.language == "text":
            of_code = before is not None and before.mark.startswith("foreign: ")
            assert of_code or block.mark.startswith("shown, not run"), block.text


def test_blocks_of_other_libraries_name_them_and_show_what_they_print():
    assert set(shown()) == {"nashpy", "quantecon", "open_spiel", "axelrod"}
    for code, told in shown().values():
        assert "import" in code
        assert told.strip()


@pytest.mark.parametrize("name", ["nashpy", "quantecon", "open_spiel", "axelrod"])
def test_blocks_of_other_libraries_print_what_the_page_says(name):
    pytest.importorskip(name, reason=f"{name} is not installed")
    from checks.foreign_blocks import output

    code, told = shown()[name]
    assert output(code) == told


@pytest.mark.parametrize("name", RUNNABLE)
def test_a_notebook_has_all_that_is_run_of_its_page(name):
    assert len(RUNNABLE) > 5
    page = PAGES[name]
    made = notebook(page)
    ran = "".join(f"{cell}\n" for cell in sources(made))
    assert ran == "".join(one.source for block in examples(page) for one in block)
    assert [one.source for one in doctest.DocTestParser().get_examples(page)] == [
        one.source for block in examples(page) for one in block
    ]
    shown_there = "".join("".join(out["text"]) for cell in made["cells"] for out in cell.get("outputs", []))
    assert shown_there == "".join(block[-1].want for block in examples(page))
    assert "](" not in "".join(
        "".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "markdown"
    ).replace("](http", "")
    assert notebook_text(page) == notebook_text(page)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])


def test_a_notebook_keeps_text_code_and_output_apart():
    run = "```python\n>>> for k in (1, 2):\n...     print(k)\n1\n2\n\n```"
    page = f"# One\n\nSee [two](two.md).\n\n{run}\n\n```sh\nls\n```\nEnd.\n"
    text, code, end = notebook(page)["cells"]
    assert "".join(text["source"]) == "# One\n\nSee two."
    assert "".join(code["source"]) == "for k in (1, 2):\n    print(k)"
    assert "".join(code["outputs"][0]["text"]) == "1\n2\n"
    assert "".join(end["source"]) == "```sh\nls\n```\nEnd."
    assert "[two](https://there/two.md)" in "".join(notebook(page, "https://there/")["cells"][0]["source"])


def test_examples_of_docstrings_are_fenced_wherever_they_stand():
    text = "Say.\n\n    >>> a[0][1]\n    [0.5, 0.6]\n\n>>> b\n"
    assert fenced(text) == "Say.\n\n    ```pycon\n    >>> a[0][1]\n    [0.5, 0.6]\n    ```\n\n```pycon\n>>> b\n```\n"


def test_what_a_page_loads_from_elsewhere_is_found(tmp_path):
    page = (
        '<link rel="stylesheet" href="https://x.org/a.css"><script src="//y.org/b.js"></script><img src="c.png">'
        '<a href="https://z.org">z</a><link rel="canonical" href="https://z.org"><p style="background: url(http://w.org/d)">'
    )
    assert sorted(set(loaded(page))) == ["//y.org/b.js", "http://w.org/d", "https://x.org/a.css"]
    (tmp_path / "a.html").write_text(page)
    (tmp_path / "a.css").write_text("@import 'https://v.org/e.css'; a { src: url(fonts/f.woff) }")
    assert [line.rsplit(" ")[-1] for line in faults(tmp_path)][-1] == "https://v.org/e.css"


def test_the_roadmap_says_of_every_card_that_its_system_stands():
    from nashscape.systems import cards

    page = PAGES["docs/roadmap.md"]
    stands = set(re.findall(r"\| stands: `nashscape reproduce ([a-z0-9-]+)` \|", page))
    assert stands == set(cards())
    for key, card in cards().items():
        assert f"(systems/{key}.md) | [arXiv {card.arxiv}]" in page
        # and nowhere else as planned
        assert page.count(f"abs/{card.arxiv})") == sum(own.arxiv == card.arxiv for own in cards().values())
