"""Serve an application as it is served for real, put load on it, and read what its processes used."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of all processes of a server: all, and what each made or copied since it began."""

    total: float
    own: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its first process and its port."""

    pid: int
    port: int

    def processes(self) -> list[int]:
        """Return the first process and all that descend from it."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (stat := _stat(int(entry.name))):
                parents[int(entry.name)] = int(stat[1])
        found = [self.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu_ms(self) -> float:
        """Return user and system time so far of all processes, those that ended included."""
        stats = [stat for pid in self.processes() if (stat := _stat(pid))]
        return sum(int(value) for stat in stats for value in stat[11:15]) * 1000 / TICKS_PER_SECOND

    def memory_mb(self) -> Memory:
        """Return the memory of all processes; a page that they share is split among them (PSS)."""
        sums = [rollup_mb(pid) for pid in self.processes()]
        return Memory(sum(one["Pss"] for one in sums), sum(one["Private_Dirty"] for one in sums))


def rollup_mb(pid: int | str) -> Mapping[str, float]:
    """Return the sums that Linux keeps of the memory of a process, in MB, by their names."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.MULTILINE)
    return {name: int(kib) * 1024 / 1e6 for name, kib in found}


def _stat(pid: int) -> list[str] | None:
    """Return the fields of a process after its name, from its state on; `None` when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None


def forum_served(instance: Path, *, search_url: str = "") -> AbstractContextManager[Server]:
    """Run `forum serve` on an instance in which everybody may read, on another search engine if asked."""
    settings = {
        "INSTANCE_PATH": str(instance),
        "SECRET_KEY": "b" * 40,
        "PUBLIC_READING": "yes",
        "REQUESTS_PER_MINUTE": "1000000",
        **({"SEARCH_URL": search_url} if search_url else {}),
    }
    return _served(["-c", "from forum.command import main; main()", "serve", "--port", "0"], settings)


def reference_served(folder: Path) -> AbstractContextManager[Server]:
    """Run the reference app with its database in a folder."""
    return _served(["-m", "tests.bench.reference_app", str(folder)], {})


@contextmanager
def _served(command: Sequence[str], environ: Mapping[str, str]) -> Iterator[Server]:
    """Run a server that prints its address when it is ready; stop it in the end. Its log is thrown away."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        if address is None:
            message = f"{' '.join(command)} did not start"
            raise RuntimeError(message)
        yield Server(process.pid, int(address[1]))
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


class Visitor:
    """One connection that stays open, with its own cookies and its own address on this machine."""

    def __init__(self, port: int, number: int) -> None:
        """Connect when the first page is asked for."""
        self.number = number
        source = (f"127.0.0.{number + 2}", 0)  # limits by address count each visitor apart
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30, source_address=source)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[HTTPResponse, bytes]:
        """Ask for a page."""
        return self._send("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[HTTPResponse, bytes]:
        """Send a form."""
        return self._send("POST", path, urlencode(fields))

    def _send(self, method: str, path: str, body: str | None) -> tuple[HTTPResponse, bytes]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, content

    def sign_in(self, name: str, password: str) -> None:
        """Sign in through the page."""
        _, page = self.get("/inloggen")
        answer, _ = self.post("/inloggen", email=name, password=password, csrf_token=token_on(page))
        assert answer.status in (302, 303), f"signing in as {name} gave {answer.status}"


def token_on(page: bytes) -> str:
    """Return the token of the first form on a page."""
    found = re.search(rb'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, "a page without a form"
    return found[1].decode()


Turn = Callable[[Visitor], None]
"""One request of a visitor. Raises when the answer is not what it must be."""


def reading(path: str, *, holds: bytes = b"", times: int = 0) -> Turn:
    """Return a turn that asks for a page and checks that it is whole and `holds` a piece so many times."""

    def read(visitor: Visitor) -> None:
        answer, page = visitor.get(path)
        assert answer.status == 200, f"{path} gave {answer.status}"
        assert page.rstrip().endswith(b"</html>"), f"{path} is not whole"
        assert not holds or page.count(holds) == times, f"{path} has {holds!r} {page.count(holds)} times"

    return read


def cpu_ms_per_request(server: Server, visitors: Sequence[Visitor], turn: Turn, requests: int) -> float:
    """Let all visitors send their share of the requests at once; return what one cost the server."""
    faults: list[BaseException] = []

    def visit(visitor: Visitor) -> None:
        visitor.connection.close()  # the server hung up when it was idle; the next request connects anew
        try:
            for _ in range(visitor.number, requests, len(visitors)):
                turn(visitor)
        except BaseException as fault:  # noqa: BLE001 - told to the main thread, which raises it
            faults.append(fault)

    before = server.cpu_ms()
    threads = [threading.Thread(target=visit, args=[visitor]) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = server.cpu_ms()
    if faults:
        raise faults[0]
    return (after - before) / requests
