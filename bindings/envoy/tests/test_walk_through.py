# SPDX-License-Identifier: Apache-2.0
"""The walk-through at the top of `bindings/envoy/README.md` is run as it stands there, but for
paths, ports and who starts Envoy."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from asking import Client
from envoys import NEWEST, ROOT, Envoy, wait_for
from fronts import World
from sites import TURNOUT

PAGE = ROOT / "bindings" / "envoy" / "README.md"


class Reader:
    """Somebody who types what the page says."""

    def __init__(self, folder: Path, world: World) -> None:
        section = PAGE.read_text().split("## Walk-through")[1].split("\n## ")[0]
        self.blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
        self.folder = folder
        self.ports = world.ports
        self.admin = "127.0.0.1:9901"

    def types(self, block: str) -> str:
        replaced = {
            "/var/lib/turnout": str(self.folder / "store"),
            "/etc/envoy/turnout": str(self.folder / "envoy"),
            "10.0.1.1:8080": f"127.0.0.1:{self.ports['alpha']}",
            "10.0.1.2:8080": f"127.0.0.1:{self.ports['beta']}",
            "10.0.1.3:8080": f"127.0.0.1:{self.ports['gamma']}",
            "listen: 127.0.0.1:10000": "listen: 127.0.0.1:0",
            "admin: 127.0.0.1:9901": "admin: 127.0.0.1:0",
            "Examples/envoy/await-clusters /etc/envoy/turnout": (
                f"{ROOT}/Examples/envoy/await-clusters {self.folder / 'envoy'} {self.admin}"
            ),
        }
        for old in sorted(replaced, key=len, reverse=True):
            block = block.replace(old, replaced[old])
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", block],
            cwd=self.folder,
            env={
                **os.environ,
                "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                "TURNOUT_STORE": str(self.folder / "store"),
            },
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_the_walk_through_leads_to_where_it_says(world: World, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "turnout").symlink_to(TURNOUT)
    reader = Reader(tmp_path, world)
    publish, write, start, stage = reader.blocks
    assert "revision 1 is head" in reader.types(publish)
    assert "2 clusters" in reader.types(write)
    assert "envoy -c" in start and "x-user-id" in start
    bootstrap = json.loads((tmp_path / "envoy" / "bootstrap.json").read_text())
    with Envoy(NEWEST, bootstrap, tmp_path / "process") as envoy:
        port = envoy.port("turnout")

        def answered(user: str) -> tuple[str | None, str | None]:
            with Client(port) as client:
                answer = client.ask({"x-turnout-use-case": "Home", "x-user-id": user})
            assert answer.status == 200
            return answer.upstream, answer.seen("version")

        met = {answered(f"u_{number}") for number in range(100)}
        assert met == {("alpha", "v1"), ("beta", "v2")}
        # What a reader changes between the fourth and the fifth step.
        document = tmp_path / "routing.yaml"
        text = document.read_text().replace("cluster: ranker }", "cluster: ranker-new }")
        new = f"clusters:\n  ranker-new: {{ address: '127.0.0.1:{world.ports['gamma']}' }}"
        document.write_text(text.replace("clusters:", new))
        reader.admin = (tmp_path / "process" / "admin.address").read_text().strip()
        # The page names the revision that its reader has by then.
        said = reader.types(stage.replace("activate 3", "activate 2"))
        assert "revision 2 is staged" in said and "revision 2 is head" in said
        wait_for("the new cluster answers", lambda: answered("u_1") == ("gamma", "v1"))
