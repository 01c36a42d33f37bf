"""A PostgreSQL cluster of one's own: in a directory, on a socket, as a user that is not root."""

import os
from pathlib import Path
import pwd
import shutil
import subprocess
import tempfile

SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # No checkpoint under the clock.
    "max_wal_size": "64GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "4GB",
    "autovacuum": "off",
    "jit": "off",
}


class Cluster:
    def __init__(self, directory: Path):
        self.data = directory / "postgresql"
        # A socket's path is limited to 107 bytes.
        self.socket = Path(tempfile.mkdtemp(prefix="spillway-"))
        self.binaries = newest_binaries()
        self.user = pwd.getpwuid(os.geteuid())
        if self.user.pw_uid == 0:
            self.user = pwd.getpwnam("postgres")

    def start(self) -> None:
        self.data.mkdir()
        for path in (self.data, self.socket):
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "--auth=trust", "--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C")
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self.run("pg_ctl", "start", "--wait", "--log", str(self.socket / "log"), "--options", options)

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(self.socket)

    def processor_seconds(self) -> float:
        """Of the server and all that it started."""
        server = int((self.data / "postmaster.pid").read_text().split()[0])
        ticks = 0
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(") ")[2].split()
            except OSError:
                continue  # It has ended, and its server counts it from then on.
            if int(entry.parent.name) == server:
                ticks += sum(map(int, fields[11:15]))  # utime stime cutime cstime
            elif int(fields[1]) == server:
                ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def run(self, program: str, *arguments: str) -> None:
        # The server goes on after `pg_ctl` and would hold a pipe open: output goes to a file.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self.binaries / program, "--pgdata", self.data, *arguments],
                user=self.user.pw_uid,
                group=self.user.pw_gid,
                extra_groups=[],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            if done.returncode != 0:
                output.seek(0)
                raise RuntimeError(
                    f"{program} as {self.user.pw_name} failed in {self.data}, which that user has to be able to "
                    f"reach (--directory): {output.read().decode().strip()}"
                )


def newest_binaries() -> Path:
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    if newest is None:
        raise FileNotFoundError("PostgreSQL's server is not installed: apt-get install postgresql")
    return newest.parent
