"""Start processes, watch them, and stop every one of them whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from capx.embedded import watchdog
from capx.embedded.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent
TICK = 0.05  # seconds between two looks at the children
TAIL = 20  # lines of a log shown when its process ends by itself


STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Asked(Exception):
    """Somebody asked us to stop, by a signal or by going away."""


@dataclass(frozen=True)
class Child:
    """A process of ours, in a session of its own, and how it likes to be stopped."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path | None
    stop_with: signal.Signals

    def tail(self) -> str:
        """Return the end of what it wrote."""
        if self.log is None:
            return ""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(["", f"The end of {self.log}:", *lines[-TAIL:]])

    def stop(self) -> None:
        """Ask the process to end, wait, and then end its whole group by force."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_with)
            try:
                self.process.wait(watchdog.PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        watchdog.tell(-self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Keeps a set of processes: all run, or none does."""

    def __init__(self, *held: int, env: Mapping[str, str]) -> None:
        """Take the descriptors that stay open until the last process is gone."""
        self.env = dict(env)
        self.children: list[Child] = []
        self.asked = 0
        self._folders: list[Path] = []
        self._heeded: tuple[signal.Signals, ...] = ()
        self._held = held
        self._parent = os.getppid()

    def __enter__(self) -> Self:
        """Begin with a watchdog, for the case that we are killed."""
        self._watchdog = subprocess.Popen(
            [sys.executable, watchdog.__file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=self._held,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything, the last started first, and let the watchdog tidy up."""
        for number in self._heeded:
            signal.signal(number, signal.SIG_IGN)
        while self.children:
            self.stop(self.children[-1])
        self._watchdog.communicate()
        for folder in self._folders:  # the watchdog may have been killed
            shutil.rmtree(folder, ignore_errors=True)

    def heed(self, *numbers: signal.Signals) -> None:
        """Stop everything, at a moment of our own choice, when one of these arrives."""
        self._heeded = numbers
        for number in numbers:
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.asked = number

    def _order(self, *words: object) -> None:
        if self._watchdog.stdin is None or self._watchdog.poll() is not None:
            raise Trouble("The watchdog was killed, so everything stops.")
        self._watchdog.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self._watchdog.stdin.flush()

    def _forget(self, target: int) -> None:
        if self._watchdog.poll() is None:
            self._order("forget", target)

    def remove_at_end(self, folder: Path) -> None:
        """Have a folder removed once the last process is gone."""
        self._folders.append(folder)
        self._order("remove", folder)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
        env: Mapping[str, str] | None = None,
    ) -> Child:
        """Start a process whose output goes to its log."""
        with (log or Path(os.devnull)).open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.env, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log, stop_with)
        self.children.append(child)
        self._order("watch", -process.pid, int(stop_with))
        return child

    def stop(self, child: Child) -> None:
        """Stop one process and forget it."""
        child.stop()
        self.children.remove(child)
        self._forget(-child.process.pid)

    def check(self) -> None:
        """Raise where we were asked to stop, or where a process ended by itself."""
        if self.asked:
            raise Asked(signal.Signals(self.asked).name)
        if os.getppid() != self._parent:
            raise Asked("the process that started this one is gone")
        if self._watchdog.poll() is not None:
            raise Trouble("The watchdog was killed, so everything stops.")
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise Trouble(
                    f"{child.name} ended by itself ({ending(code)}), so everything stops."
                    + child.tail()
                )

    def wait_for(self, ready: Callable[[], bool], what: str, seconds: float = 120) -> None:
        """Wait until something is ready while everything else keeps running."""
        last = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > last:
                raise Trouble(f"{what} did not answer within {seconds:.0f} seconds.")
            time.sleep(TICK)

    def finish(self, name: str, command: Sequence[str], *, log: Path) -> str:
        """Run one step to its end and return what it wrote."""
        log.unlink(missing_ok=True)
        child = self.start(name, command, log=log)
        self.children.remove(child)
        try:
            while (code := child.process.poll()) is None:
                self.check()
                time.sleep(TICK)
        finally:
            child.stop()
            self._forget(-child.process.pid)
        if code:
            raise Trouble(f"{name} failed ({ending(code)})." + child.tail())
        return log.read_text()

    def attend(self, command: Sequence[str]) -> int:
        """Run a command that keeps our terminal; return its exit code."""
        try:
            process = subprocess.Popen(command, env=self.env)
        except OSError as error:
            raise Trouble(f"{command[0]} cannot be started: {error.strerror}.") from None
        self._order("watch", process.pid, int(signal.SIGTERM))
        try:
            while (code := process.poll()) is None:
                if self.asked != signal.SIGINT:  # the terminal has told the command itself
                    self.check()
                time.sleep(TICK)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()
            self._forget(process.pid)
        return code if code >= 0 else 128 - code


def ending(code: int) -> str:
    """Say in words how a process ended."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
