"""Where everything is: one node, one process that is 512 other servers, the folder for what is made."""

from __future__ import annotations

from pathlib import Path

NODE_PORT = 8471
PEER_PORT = 8472
HOSTS = 512
OUT = Path(__file__).parent / "out"


def address(host: int) -> str:
    """The address of one of the other servers."""
    return f"127.1.{host // 250}.{host % 250 + 1}"


def base_url(host: int) -> str:
    """Where it answers."""
    return f"http://{address(host)}:{PEER_PORT}"


NODE_URL = f"http://127.0.0.1:{NODE_PORT}"
CONTROL = ("127.0.0.1", PEER_PORT)  # where the other servers are asked what they got
