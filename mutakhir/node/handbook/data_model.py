"""The page of the data model: tables and columns with their comments, attributes, code lists and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mutakhir import parameters
from mutakhir.core.attributes import AttributeTable, CodeList
from mutakhir.node.handbook import markdown


def page() -> str:
    """The whole page. Django must be set up; no database is asked."""
    known = parameters.load()
    return "".join(
        [
            *_tables(),
            *_attributes(known.attributes),
            *_code_lists(known.attributes),
            *_reasons(known),
        ]
    )


def models() -> list[type[Any]]:
    from django.apps import apps

    return list(apps.get_app_config("store").get_models())


def columns(model: type[Any]) -> list[tuple[str, str, bool, str]]:
    """Name, type of the database, whether it may be empty, and comment of every column of a table."""
    from django.db import connection

    fields = [field for field in model._meta.local_fields if field.column]
    return [(field.column, field.db_type(connection), field.null, field.db_comment or "") for field in fields]


def _tables() -> Iterator[str]:
    yield (
        "# The data model\n\n"
        "Events are inserted and never changed; projections can be thrown away and made anew from them; plain rows are "
        "accounts and the like. Beside these, the framework keeps its sessions, content types and the record of "
        "migrations, and the queue keeps its jobs.\n\n## Tables\n\n"
    )
    for model in models():
        yield f"### {model._meta.db_table}\n\n{model._meta.db_table_comment}.\n\n"
        rows = [
            (markdown.code(name), type_, "yes" if null else "", comment)
            for name, type_, null, comment in columns(model)
        ]
        yield markdown.table(("Column", "Type", "May be empty", "Meaning"), rows) + "\n"
        refused = [markdown.code(one.name) for one in model._meta.constraints]
        if refused:
            yield f"The database refuses what would break {', '.join(refused)}.\n\n"


def _attributes(table: AttributeTable) -> Iterator[str]:
    yield (
        "## Attributes\n\n"
        "What may be said of a person, a family or a dwelling. The authority is whose word counts; what another body "
        "says of it is a claim.\n\n"
    )
    for group in table.groups():
        yield f"### Group {markdown.code(group)}\n\n"
        rows = [
            (
                markdown.code(one.name),
                one.label["id"],
                one.label["en"],
                one.of,
                one.type,
                f"[{one.code_list}](#list-{one.code_list})" if one.code_list else "",
                one.unit or "",
                _bounds(one.minimum, one.maximum),
                one.authority,
                one.reference,
            )
            for one in table.in_group(group)
        ]
        head = (
            "Attribute", "Indonesian", "English", "Of", "Type", "Code list", "Unit", "Bounds", "Authority", "Reference",
        )  # fmt: skip
        yield markdown.table(head, rows) + "\n"


def _bounds(minimum: int | None, maximum: int | None) -> str:
    if minimum is None and maximum is None:
        return ""
    return f"{'' if minimum is None else minimum} to {'' if maximum is None else maximum}".strip()


def _code_lists(table: AttributeTable) -> Iterator[str]:
    yield "## Code lists\n\nAs the official forms number them. Registers keep the version that is marked as kept.\n\n"
    seen: set[str] = set()
    for code_list in table.code_lists:
        if code_list.name not in seen:
            seen.add(code_list.name)
            yield f'<a id="list-{code_list.name}"></a>\n\n'
        yield _code_list(code_list)
    yield "### Mappings\n\n"
    rows = [
        (
            f"{one.from_list} {one.from_version}",
            f"{one.to_list} {one.to_version}",
            ", ".join(f"{source} → {target}" for source, target in one.codes.items()),
            one.reference,
        )
        for one in table.mappings
    ]
    yield markdown.table(("From", "To", "Codes", "Reference"), rows) + "\n"


def _code_list(code_list: CodeList) -> str:
    kept = ", kept" if code_list.kept else ""
    rows = [(code, words["id"], words["en"]) for code, words in code_list.codes.items()]
    return (
        f"### {code_list.name}, version {code_list.version}{kept}\n\n"
        f"From {code_list.from_.isoformat()}. {code_list.reference}.\n\n"
        + markdown.table(("Code", "Indonesian", "English"), rows)
        + "\n"
    )


def _reasons(known: parameters.Parameters) -> Iterator[str]:
    yield "## Reasons\n\n"
    for name, reasons in known.reasons.items():
        yield f"### {name}\n\n"
        rows = [
            (
                code,
                one.label["id"],
                one.label["en"],
                "yes" if one.ends_registration else "",
                "yes" if one.needs_evidence else "",
                one.reference,
            )
            for code, one in reasons.items()
        ]
        head = ("Code", "Indonesian", "English", "Ends registration", "Needs a paper", "Reference")
        yield markdown.table(head, rows) + "\n"
