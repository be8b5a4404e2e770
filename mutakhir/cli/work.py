"""`mutakhir work`: the worker of this node alone, beside a site that runs elsewhere."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def work() -> None:
    """Run the queue of jobs, the sequencer and the clock, until Ctrl-C."""
    from mutakhir.node.processes import together
    from mutakhir.node.program import program
    from mutakhir.node.site import WORKER_COMMAND

    with program(), together() as processes:
        processes.start("worker", WORKER_COMMAND)
        if processes.wait() is not None:
            raise typer.Exit(1)
