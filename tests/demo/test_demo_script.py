"""`make demo` on a port that something else uses."""

import socket
import subprocess
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy" / "demo"


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        made = subprocess.run(
            ["bash", str(DEPLOY), "127.0.0.1", str(port)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    assert (made.returncode, made.stdout) == (1, "")
    assert made.stderr.startswith(f"Port {port} is in use")
    assert f"PORT={port + 81} make demo" in made.stderr
