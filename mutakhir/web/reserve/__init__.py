"""The village's reserve, its meetings, its papers, and handing over."""
