"""Spillway and its peers in turn, on the same attempts, to the same disk."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# What every contestant may use; the reference machine has two cores.
THREADS = 2
