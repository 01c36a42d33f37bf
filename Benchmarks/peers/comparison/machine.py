"""What it ran on."""

import os
from pathlib import Path
import subprocess

from . import ROOT
from .files import file_system


def description(directory: Path) -> dict:
    return {
        "processors": len(os.sched_getaffinity(0)),
        "processor": field("/proc/cpuinfo", "model name"),
        "memoryBytes": memory("MemTotal"),
        "kernel": os.uname().release,
        "fileSystem": file_system(directory),
        "revision": revision(),
    }


def available_memory_bytes() -> int:
    return memory("MemAvailable")


def memory(name: str) -> int:
    return int(field("/proc/meminfo", name).split()[0]) * 1024


def field(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.split(":")[0].strip() == name), "unknown")


def revision() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
