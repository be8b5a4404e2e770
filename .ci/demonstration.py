"""Runs `make demo` as a person would, asks for the first page of every role, stops it, and looks for leftovers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path

import psutil

START_SECONDS = 300
END_SECONDS = 60
DATA = Path(os.environ["MUTAKHIR_DATA"])


class Form(HTMLParser):
    """The fields of the form that has a password."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.login = self.password = ""
        self.styles: list[str] = []
        self._inside: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel") == "stylesheet":
            self.styles.append(given["href"])
        if tag == "form":
            self._inside = {}
        elif tag == "input" and given.get("name"):
            self._inside[given["name"]] = given.get("value", "")
            kind = given.get("type", "text")
            if kind == "password":
                self.password = given["name"]
            elif kind in ("text", "email") and not self.password:
                self.login = given["name"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.password in self._inside:
            self.fields = self._inside


def ask(address: str, login: str, password: str) -> str:
    """Sign in and return what the first page says about it; raises AssertionError."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(address, timeout=60) as page:
        form, entrance = Form(), page.url
        form.feed(page.read().decode())
    assert form.fields, f"no form to sign in at {entrance}"
    assert form.styles, f"no style sheet at {entrance}"
    for style in form.styles:
        with browser.open(urllib.parse.urljoin(entrance, style), timeout=60) as sheet:
            assert sheet.headers.get_content_type() == "text/css"
            assert len(sheet.read()) > 1000, f"{style} is empty"
    filled = urllib.parse.urlencode(form.fields | {form.login: login, form.password: password}).encode()
    request = urllib.request.Request(entrance, filled, {"Referer": entrance})
    with browser.open(request, timeout=60) as page:
        text = page.read().decode()
        assert page.status == 200
        assert page.url != entrance, "signing in led back to the entrance"
        assert "<main" in text
        return f"{page.url} {len(text)} characters"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_for_accounts(demo: subprocess.Popen[bytes], port: int) -> list[dict[str, str]]:
    """The accounts that the demonstration says it has, once it answers."""
    until = time.monotonic() + START_SECONDS
    listed = DATA / "demo.json"
    while time.monotonic() < until:
        if demo.poll() is not None:
            sys.exit(f"make demo ended by itself with {demo.returncode}")
        if listed.exists():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                    return list(json.loads(listed.read_text())["accounts"])
            except (urllib.error.URLError, ConnectionError):
                pass
        time.sleep(0.5)
    sys.exit(f"make demo did not answer within {START_SECONDS} s")


def leftovers(before: set[int]) -> list[str]:
    """What runs now, did not run before, and belongs to the data folder: by its words, its environment or its place."""
    found = []
    for process in psutil.process_iter(["pid", "status", "cmdline", "environ", "cwd"]):
        if (
            process.pid in before
            or process.pid == os.getpid()
            or process.info["status"] == psutil.STATUS_ZOMBIE
        ):
            continue
        words = " ".join(process.info["cmdline"] or [])
        inside = Path(process.info["cwd"] or "/").is_relative_to(DATA)
        if inside or str(DATA) in words or (process.info["environ"] or {}).get("MUTAKHIR_DATA") == str(DATA):
            ours = {parent.pid for parent in psutil.Process().parents()}
            if process.pid not in ours:
                found.append(f"{process.pid} {words}")
    return found


def main() -> None:
    before = set(psutil.pids())
    port = free_port()
    start = time.monotonic()
    command = ["make", "--no-print-directory", "demo", f"PORT={port}", "PERSONS=2000"]
    # In a group of its own, so that it can be interrupted as a terminal does: everything in it at once.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as demo:
        try:
            accounts = wait_for_accounts(demo, port)
            print(f"answered after {time.monotonic() - start:.1f} s", flush=True)
            assert accounts, "the demonstration lists no account"
            for account in accounts:
                seen = ask(f"http://127.0.0.1:{port}/", account["login"], account["password"])
                print(f"{account['role']:24} {account['login']:24} {seen}", flush=True)
        finally:
            start = time.monotonic()
            os.killpg(demo.pid, signal.SIGINT)
            try:
                demo.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(demo.pid, signal.SIGKILL)
                sys.exit(f"make demo did not end within {END_SECONDS} s")
    print(f"ended after {time.monotonic() - start:.1f} s")
    if left := leftovers(before):
        sys.exit("left behind:\n" + "\n".join(left))
    print("nothing is left behind")


if __name__ == "__main__":
    main()
