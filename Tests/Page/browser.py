"""Headless Chromium, told what to do over a pipe: no port, no server, nothing from the network."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

Message = dict[str, Any]
ANSWER_SECONDS_MAX = 60


class Browser:
    """One browser with one page. `events` are those since the last `open`."""

    def __init__(self) -> None:
        self.profile = tempfile.mkdtemp(prefix="turnout-chromium-")
        commands, self.to_browser = os.pipe()
        self.from_browser, answers = os.pipe()
        options = (
            "--headless --no-sandbox --disable-gpu --hide-scrollbars --disable-extensions "
            "--no-first-run --disable-background-networking --disable-component-update"
        )
        self.process = subprocess.Popen(
            [
                "sh",
                "-c",
                f"exec chromium {options} --user-data-dir='{self.profile}' "
                f"--remote-debugging-pipe about:blank 3<&{commands} 4>&{answers}",
            ],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self.buffer = b""
        self.number = 0
        self.events: list[Message] = []
        self.session = ""
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.to_browser)
        os.close(self.from_browser)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _read(self) -> Message:
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while b"\0" not in self.buffer:
            ready = select.select([self.from_browser], [], [], deadline - time.monotonic())[0]
            more = os.read(self.from_browser, 1 << 20) if ready else b""
            if not more:
                raise RuntimeError("the browser does not answer")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        answer: Message = json.loads(message)
        return answer

    def call(self, method: str, **parameters: object) -> Message:
        self.number += 1
        message: Message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_browser, data) :]
        while True:
            answer = self._read()
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                result: Message = answer["result"]
                return result

    def look(self, width: int, height: int, scheme: str) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def open(self, page: Path) -> float:
        """Opens a file; gives the seconds until it was loaded."""
        self.events = []
        start = time.monotonic()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())
        return time.monotonic() - start

    def ask(self, expression: str) -> Any:  # noqa: ANN401
        """What an expression of JavaScript comes to in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def picture(self, path: Path) -> bytes:
        """What is seen now, as PNG."""
        picture = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        path.write_bytes(picture)
        return picture

    def complaints(self) -> list[str]:
        """What the console says, exceptions and dialogs since the last `open`."""
        told = {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"}
        told |= {"Page.javascriptDialogOpening", "Network.webSocketCreated"}
        return [json.dumps(event) for event in self.events if event.get("method") in told]

    def requests(self) -> list[str]:
        """All that was asked for since the last `open`."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
