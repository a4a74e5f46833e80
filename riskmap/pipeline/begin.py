"""Begin a county: look through its deliveries and write the first county.toml."""

from pathlib import Path

from riskmap.errors import CountyFileError
from riskmap.loaders import Found, county_template, describe_folder
from riskmap.model import Text
from riskmap.writers import write_bytes

__all__ = ["init_county"]


def init_county(folder: str | Path) -> list[Found]:
    """Write a commented ``county.toml`` for a folder of deliveries; one that exists is never replaced.

    Parameters
    ----------
    folder : path
        Folder with the delivered files.

    Returns
    -------
    list of Found
        Every file with the layer that it seems to be.

    Raises
    ------
    CountyFileError
        The folder is not there, or has a ``county.toml`` already.

    Examples
    --------
    >>> init_county("nowhere")
    Traceback (most recent call last):
    riskmap.errors.CountyFileError: nowhere：没有这个文件夹；...
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CountyFileError(
            Text(
                f"{folder}：没有这个文件夹；请写放有提交资料的文件夹",
                f"{folder}: no such folder; name the folder that holds the delivered files",
            )
        )
    target = folder / "county.toml"
    if target.exists():
        raise CountyFileError(
            Text(
                f"{target}：已经存在，保留不动；请直接修改它，要重新开始请先移走",
                f"{target}: is there already and is kept; edit it, or move it away to begin anew",
            )
        )
    found = describe_folder(folder)
    write_bytes(target, county_template(folder.resolve().name, found).encode())
    return found
