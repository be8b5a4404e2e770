"""The pages of the handbook that are made from the code: the rulebook, the flows and the data model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import mutakhir
from mutakhir.node.handbook import data_model, flows, rulebook

ROOT = Path(mutakhir.__file__).resolve().parent.parent
MADE = "<!-- Made by `mutakhir docs`. Change the source, not this page. -->\n"


def pages(root: Path = ROOT) -> Mapping[Path, str]:
    """Every page by its path below `docs`. Raises FileNotFoundError where the source is not there."""
    found = {
        Path("rulebook.md"): rulebook.page(root / "tests" / "spec"),
        Path("data-model.md"): data_model.page(),
        **{Path("flows") / f"{name}.md": text for name, text in flows.pages().items()},
    }
    return {path: MADE + text for path, text in found.items()}


def write(root: Path = ROOT) -> tuple[Path, ...]:
    """Write the pages that are stale, remove those that are made no more, and return which these were."""
    changed = stale(root)
    made = pages(root)
    for path in changed:
        target = root / "docs" / path
        if path in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(made[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def stale(root: Path = ROOT) -> tuple[Path, ...]:
    """The pages that say something else than the code, and those that it does not make at all."""
    docs = root / "docs"
    made = pages(root)
    differing = [
        path
        for path, text in made.items()
        if not (docs / path).is_file() or (docs / path).read_text(encoding="utf-8") != text
    ]
    left = [path.relative_to(docs) for path in sorted((docs / "flows").glob("*.md"))]
    return (*differing, *(path for path in left if path not in made))
