"""Every fact has two clocks: the days on which it holds, and the place in the register's feed where it became known."""

title = "Time"
