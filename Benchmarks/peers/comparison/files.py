"""Files as the contestants leave them."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """The file, and the directory entry that leads to it."""
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def total_size(paths) -> int:
    return sum(path.stat().st_size for path in paths)


def file_system(path: Path) -> str:
    """The type of the file system that holds the path."""
    path = path.resolve()
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [(Path(point), kind) for point, kind in mounts if path.is_relative_to(point)]
    return max(holding, key=lambda mount: len(mount[0].parts))[1] if holding else "unknown"
