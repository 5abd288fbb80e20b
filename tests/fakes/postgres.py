"""A real PostgreSQL in a scratch folder, for the time of the tests: nothing is installed, nothing is left."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from clearcut.store.connecting import connect, database_url
from clearcut.store.migrating import upgrade

SKIP_REASON = "PostgreSQL's binaries (initdb, postgres) are not on this machine: the tests on it did not run"


def binaries() -> Path | None:
    """The folder of initdb and postgres, None when there is none."""
    places = [Path(found).resolve().parent for name in ("initdb",) if (found := shutil.which(name))]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "postgres").exists() and (p / "initdb").exists()), None)


class Postgres:
    """One server with a socket in its folder; `url` gives the URL of one of its databases."""

    def __init__(self, folder: Path, bin_folder: Path, user: str | None) -> None:
        self.folder, self.bin, self.user = folder, bin_folder, user

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.bin / program, *arguments],
            check=True,
            capture_output=True,
            user=self.user,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
        self.run(
            "pg_ctl",
            "-D",
            str(self.folder / "data"),
            "-w",
            "-o",
            options,
            "-l",
            str(self.folder / "log"),
            "start",
        )

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")

    def url(self, database: str) -> str:
        return f"postgresql://clearcut@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of the one database, emptied: a new one each time would be 300 files each time."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url("postgres")

    def empty_database(self) -> str:
        """The URL of the one database, emptied and up to date."""
        url = self.new_database()
        engine = connect(database_url(url), create=False)
        upgrade(engine)
        engine.dispose()
        return url


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that runs while the block does. As root it runs as `nobody`, because it refuses to run as root."""
    bin_folder = binaries()
    if bin_folder is None:
        raise FileNotFoundError(SKIP_REASON)
    user = "nobody" if os.geteuid() == 0 else None
    # Not pytest's folder: the path of a socket may be at most 107 bytes long.
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="ccpg", dir=memory if memory.is_dir() else None))
    try:
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        server = Postgres(folder, bin_folder, user)
        server.run(
            "initdb", "-D", str(folder / "data"), "-U", "clearcut", "--auth=trust", "--no-sync", "-E", "UTF8"
        )
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
