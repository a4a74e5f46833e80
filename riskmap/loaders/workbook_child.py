"""What reads a workbook, in a process of its own: a damaged or hostile one ends that process and no other.

Started by `riskmap.loaders.workbook` as a script, so that it loads neither riskmap nor GDAL.
"""

import pickle
import sys
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["main"]

_KINDS = {"password": 10, "damaged": 11, "no-sheet": 12, "absurd": 13}


def main(path: str, sheet: str, most_cells: int, most_bytes: int) -> None:
    """Write the sheets of a workbook, pickled, to standard output.

    Parameters
    ----------
    path : str
        Workbook.
    sheet : str
        Only this sheet; ``""`` for all.
    most_cells, most_bytes : int
        Cells of all sheets, and memory, that are allowed.

    Examples
    --------
    >>> main.__name__
    'main'
    """
    _hold(most_bytes)
    import python_calamine as calamine

    try:
        with Path(path).open("rb") as file, calamine.CalamineWorkbook.from_object(file) as book:
            names = [one.name for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
            if sheet and sheet not in names:
                _end("no-sheet", "\n".join(names))
            read, cells = [], 0
            for name in [sheet] if sheet else names:
                one = book.get_sheet_by_name(name)
                rows, columns = (at + 1 for at in one.end or (-1, -1))
                cells += rows * columns
                if cells > most_cells:
                    _end("absurd", f"{rows} x {columns}")
                read.append((name, one.to_python(skip_empty_area=False), one.merged_cell_ranges or []))
    except calamine.PasswordError as fault:
        _end("password", str(fault))
    except MemoryError:
        _end("absurd", "")
    except Exception as fault:  # noqa: BLE001  whatever it is, the file is to blame
        _end("damaged", f"{fault}")
    sys.stdout.buffer.write(pickle.dumps(read, protocol=5))


def _hold(most_bytes: int) -> None:
    """Bound the memory of this process where the system can."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end(kind: str, said: Any) -> NoReturn:
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.write(str(said)[:2000])
    raise SystemExit(_KINDS[kind])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
