"""One page a state machine: its diagram and its steps, from the tables that decide."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from types import ModuleType

from mutakhir import parameters
from mutakhir.core.actors import Role
from mutakhir.core.calendar import Limit
from mutakhir.core.change_requests import ENDED, State
from mutakhir.core.flows import annulment, change_request, erasure, session, submission, visit, window
from mutakhir.core.flows.change_request import Guard, Step
from mutakhir.core.flows.moves import Move, diagram
from mutakhir.node.handbook import markdown

TITLES: Mapping[str, tuple[str, ModuleType]] = {
    "change_request": ("The route of a request", change_request),
    "window": ("Update windows and calls", window),
    "session": ("The village meeting", session),
    "submission": ("Lists of a kabupaten", submission),
    "visit": ("Visits to houses", visit),
    "annulment": ("Annulling what was applied in error", annulment),
    "erasure": ("Erasing and sealing a person", erasure),
}


def pages() -> dict[str, str]:
    return {
        name: _route(title, module) if name == "change_request" else _moves(title, module)
        for name, (title, module) in TITLES.items()
    }


def _route(title: str, module: ModuleType) -> str:
    known = parameters.load()
    states = [
        (
            markdown.code(state.value),
            known.word("state", state.value, "id"),
            known.word("state", state.value, "en"),
            "has ended" if state in ENDED else "",
        )
        for state in State
    ]
    head = ("Step", "From", "To", "Who", "Only if", "Says", "Evidence", "Limit", "Late")
    return (
        f"# {title}\n\n{markdown.sentence(module.__doc__)}\n\n{markdown.mermaid(_drawing())}\n{_not_drawn()}\n\n"
        "## States\n\n"
        + markdown.table(("State", "Indonesian", "English", ""), states)
        + "\n## Steps\n\nA step is offered exactly when nothing stands in its way. *Only if* lists its guards; *Says* is "
        "what must be told with it; a dot under *To* means that the request stays where it is. Limits are those in "
        "force now; an older request keeps the limit of its day.\n\n"
        + markdown.table(head, [_step(step, known) for step in change_request.STEPS])
        + f"\nBeside its row, {_falling()}.\n"
    )


DRAWN_FROM_AT_MOST = 3
"""A step that leads from more states than these to one would cover the drawing with lines; it is said below it."""


def _is_drawn(step: Step) -> bool:
    return step.target is not None and len(step.sources) <= DRAWN_FROM_AT_MOST


def _drawing() -> str:
    names = {step.name for step in change_request.STEPS if _is_drawn(step)}
    lines = ["stateDiagram-v2"]
    for source, name, target in change_request.transitions():
        if name in names or (source, name, target) in change_request.FALLING:
            lines.append(
                f"    {source.value if source else '[*]'} --> {target.value}: {name.replace(':', ' ').strip()}"
            )
    return "\n".join(lines) + "\n"


def _not_drawn() -> str:
    staying = [step.name for step in change_request.STEPS if step.target is None]
    broad = [step for step in change_request.STEPS if step.target is not None and not _is_drawn(step)]
    return (
        f"Not drawn: {markdown.codes(staying)}, with which the request stays where it is; and "
        + ", ".join(
            f"`{step.name}`, which leads to `{step.target.value}` from many states"
            for step in broad
            if step.target
        )
        + "."
    )


def _falling() -> str:
    return "; ".join(
        f"`{name}` of a `{source.value}` request leads to `{target.value}` when what the village decided on changes"
        for source, name, target in change_request.FALLING
    )


def _step(step: Step, known: parameters.Parameters) -> tuple[str, ...]:
    return (
        f"**{step.name}**",
        markdown.codes(source.value for source in step.sources) or "(begins)",
        markdown.code(step.target.value) if step.target else "·",
        who(step.roles, known),
        " ".join(guard_of(guard) for guard in step.guards),
        ", ".join(known.piece(need, "en") for need in step.needs),
        step.evidence,
        limit_of(step.limit, known),
        step.late,
    )


def who(roles: Iterable[Role], known: parameters.Parameters) -> str:
    return ", ".join(known.word("role", role.value, "en") for role in roles)


def guard_of(guard: Guard) -> str:
    """The docstring of a guard; of one that is made by a function, the docstring of that function."""
    made_by = guard.__qualname__.split(".")[0]
    return markdown.sentence(inspect.getdoc(guard) or inspect.getdoc(getattr(change_request, made_by)))


def limit_of(name: str, known: parameters.Parameters) -> str:
    if not name:
        return ""
    if name not in known.limits:
        return {"cut_off": "cut-off of the window", "closing": "closing of the window"}[name]
    return limit_words(known.limits[name][-1])


def limit_words(limit: Limit) -> str:
    return f"{limit.value} {limit.unit.replace('_', ' ')}"


def _moves(title: str, module: ModuleType) -> str:
    known = parameters.load()
    moves: tuple[Move, ...] = module.MOVES
    rows = [
        (
            f"**{move.verb}**",
            markdown.codes(source.value for source in move.sources) or "(begins)",
            markdown.code(move.target.value) if move.target else "·",
            who(move.roles, known),
            move.proof,
            markdown.codes(move.rules),
        )
        for move in moves
    ]
    rules = list(dict.fromkeys(rule for move in moves for rule in move.rules))
    return (
        f"# {title}\n\n{markdown.sentence(module.__doc__)}\n\n{markdown.mermaid(diagram(moves))}\n## Steps\n\n"
        + markdown.table(("Step", "From", "To", "Who", "Proof", "May be refused by"), rows)
        + "\nBeside these, `role-missing` refuses whoever does not hold a role for the place, `not-found` whoever does "
        "not see it, and a page that shows an older version gets `changed-meanwhile`.\n\n## Refusals\n\n"
        + markdown.table(
            ("Rule", "Indonesian", "English"),
            [
                (markdown.code(rule), known.sentences[rule]["id"], known.sentences[rule]["en"])
                for rule in rules
            ],
        )
    )
