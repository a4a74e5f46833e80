"""Steps with a memory: a step whose inputs, parameters and code did not change is read, not computed."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from riskmap.loaders import read_store
from riskmap.model.codec import decode, encode
from riskmap.model.standards import Standards
from riskmap.model.text import Text
from riskmap.writers import write_store

__all__ = ["Progress", "Steps", "code_version", "fingerprint", "silent"]

log = logging.getLogger(__name__)

Progress = Callable[[float, str], None]
"""Called with the share that is done (0..1) and a message."""


def silent(_fraction: float, _message: str) -> None:
    """Report progress to nobody.

    Examples
    --------
    >>> silent(0.5, "half")
    """


def fingerprint(*parts: Any) -> str:
    """Hash plain values into a short key.

    Parameters
    ----------
    *parts : object
        Anything JSON can hold; other things by their text.

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> fingerprint("a", {"b": 1}) == fingerprint("a", {"b": 1})
    True
    """
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_version() -> str:
    """Hash of riskmap's own files: results of other code are never re-used.

    Examples
    --------
    >>> len(code_version())
    32
    """
    digest = hashlib.sha256()
    root = Path(str(files("riskmap")))
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".toml", ".js", ".css", ".html"}:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


@dataclass(slots=True, kw_only=True)
class Steps:
    """Runs the steps of one command and remembers their results.

    Parameters
    ----------
    cache : pathlib.Path, optional
        Folder of stored results; None computes everything.
    standards : Standards
        Put back into stored surveys.
    progress : callable
        ``(fraction, message)``.
    total : int
        Number of steps expected, for the fraction.
    keep : bool
        False: results are read from the cache, but none is added (another command may be writing to it).
    """

    cache: Path | None
    standards: Standards
    progress: Progress = silent
    total: int = 1
    keep: bool = True
    done: int = 0
    reused: list[str] = field(default_factory=list)
    computed: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def run(self, name: str, title: Text, key: str, make: Callable[[], Any]) -> Any:
        """Return the result of a step, from the cache if it is there.

        Parameters
        ----------
        name : str
            Short name, part of the file name.
        title : Text
            Shown to people.
        key : str
            `fingerprint` of everything that the result depends on, but for the code.
        make : callable
            Computes the result; called only if needed.

        Returns
        -------
        object
        """
        path = None if self.cache is None else self._path(self.cache, name, key)
        found, value = self._read(path)
        if not found:
            self.progress(min(self.done / self.total, 1.0), str(title))
            value = make()
            if path is not None and self.keep:
                write_store(path, encode(value))
        if path is not None:
            self.used.add(path.name)
        self.done += 1
        (self.reused if found else self.computed).append(name)
        self.progress(min(self.done / self.total, 1.0), f"{title} ✓" if not found else f"{title} (沿用 reused)")
        return value

    def lacks(self, name: str, key: str) -> bool:
        """Whether `run` will have to compute this step.

        Parameters
        ----------
        name, key : str
            As in `run`.

        Returns
        -------
        bool
        """
        return self.cache is None or not self._path(self.cache, name, key).exists()

    def tell(self, title: Text) -> None:
        """Report what is being done beside the steps."""
        self.progress(min(self.done / self.total, 1.0), str(title))

    @staticmethod
    def _path(cache: Path, name: str, key: str) -> Path:
        return cache / f"{name}-{fingerprint(name, key, code_version())}.zip"

    def _read(self, path: Path | None) -> tuple[bool, Any]:
        if path is None or not path.exists():
            return False, None
        try:
            return True, decode(read_store(path), standards=self.standards)
        except (ValueError, KeyError, OSError, TypeError) as fault:
            log.warning("stored step %s is damaged (%s); it is computed again", path.name, fault)
            return False, None

    def summary(self) -> Mapping[str, int]:
        """How many steps were computed and how many re-used."""
        return {"computed": len(self.computed), "reused": len(self.reused)}

    def sweep(self) -> None:
        """Remove stored results that this run had no use for."""
        if self.cache is not None and self.cache.is_dir():
            for path in self.cache.iterdir():
                if path.name not in self.used:
                    path.unlink(missing_ok=True)
