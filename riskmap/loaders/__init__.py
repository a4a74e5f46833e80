"""Disk -> checked layer: the only room that reads delivered files."""

from riskmap.loaders.county import read_county
from riskmap.loaders.files import file_hash, read_json, read_text
from riskmap.loaders.store import read_store

__all__ = ["file_hash", "read_county", "read_json", "read_store", "read_text"]
