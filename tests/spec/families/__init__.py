"""Families split and join, and one person may stand in the register twice: every number still finds who it means."""

title = "Families that change, and double records"
