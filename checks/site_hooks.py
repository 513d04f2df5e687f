"""What is done while the site is built: pages that can be run get their notebooks, and a link to them."""

from typing import Any

from mkdocs.structure.files import File

from checks.notebooks import notebook_text


def _is_run(path: str) -> bool:
    return path == "start.md" or path.startswith("tutorials/")


def on_files(files: Any, *, config: Any) -> Any:
    """Put a notebook beside every page that can be run."""
    for page in list(files.documentation_pages()):
        if _is_run(page.src_uri):
            name = page.src_uri.removesuffix(".md") + ".ipynb"
            files.append(File.generated(config, name, content=notebook_text(page.content_string)))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Say where the notebook is."""
    if not _is_run(page.file.src_uri):
        return markdown
    name = page.file.src_uri.rsplit("/", 1)[-1].removesuffix(".md")
    return f"{markdown}\n\n[This page as a notebook]({name}.ipynb){{ download }}\n"
