"""Decide the example transactions and print the answers; with no list loaded, nothing is cleared, and it says so."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run `enduse decide` over the examples, in a data folder of its own that knows one small list."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "ENDUSE_HOME": home}
        for order in [*sorted(HERE.glob("*.toml")), HERE / "orders.csv"]:
            print(f"$ enduse decide examples/{order.name} --as-of 2026-08-15", flush=True)
            command = [sys.executable, "-m", "enduse", "decide", str(order), "--as-of", "2026-08-15"]
            code = subprocess.run(command, env=env, check=False).returncode
            print(f"(exit code {code})\n", flush=True)
            if code >= 64:
                return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
