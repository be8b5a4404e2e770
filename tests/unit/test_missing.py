"""What a request lacks is said as long as the route lets somebody bring it."""

from __future__ import annotations

import pytest

from mutakhir.core.change_requests import Request, State, missing
from mutakhir.core.flows.change_request import BY_NAME
from tests.builders import VILLAGE, instant

OPEN_TO_PAPERS = {*BY_NAME["prove"].sources, *BY_NAME["resume"].sources}


@pytest.mark.parametrize("state", State)
def test_something_is_lacking_only_where_it_can_still_be_brought(state: State) -> None:
    began = instant("2026-11-24")
    request = Request(
        id=1, kind="living_conditions", state=state, version=1, region=VILLAGE, since=began, recorded_at=began,
        recorded_by="operator", subject_name="Siti",
    )  # fmt: skip
    assert bool(missing(request)) == (state in OPEN_TO_PAPERS)
