"""Open a county folder: settings checked against the file, the catalogue, the standards and the hazards."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskmap.errors import StandardError
from riskmap.hazards import THEMES
from riskmap.loaders import file_hash, read_county, read_text
from riskmap.model import County, Standards, Text
from riskmap.model.county import ComparedProduct, GivenProduct, LayerEntry
from riskmap.pipeline.knobs import atlas_faults, knob_faults, serves_faults
from riskmap.pipeline.steps import fingerprint
from riskmap.scoring import holds_scores
from riskmap.standards import book, confirmed, read_profile

__all__ = ["Digests", "open_county", "standards_of"]


def open_county(path: str | Path) -> County:
    """Open a county folder; nothing is computed until its file is right.

    Parameters
    ----------
    path : path
        The folder that holds ``county.toml``, or that file.

    Returns
    -------
    County

    Raises
    ------
    CountyFileError
        With all faults at once: unknown keys, wrong types, missing files, knobs that a hazard does not take, shelters
        that serve in hazards that there are not, layers left out of the atlas that it never has.

    Examples
    --------
    >>> open_county("nowhere")
    Traceback (most recent call last):
    riskmap.errors.CountyFileError: ...
    """
    return read_county(Path(path), extra_check=_extra_faults)


def _extra_faults(raw: dict[str, Any]) -> list[Text]:
    hazards = raw.get("hazards", {})
    if not isinstance(hazards, dict) or not all(isinstance(one, dict) for one in hazards.values()):
        return []
    maps = raw.get("maps", {})
    both = isinstance(maps, dict) and maps.get("is_public") is True and maps.get("personal_data") is True
    people = [
        Text(
            "maps.personal_data：与 is_public 同为 true；公开图件不得含个人信息，请取消其中一项",
            "maps.personal_data: true, with is_public true; public maps bear no personal data: take one of them away",
        )
    ]
    found = knob_faults(hazards, THEMES) + serves_faults(raw, THEMES) + atlas_faults(raw, THEMES)
    return found + (people if both else [])


def standards_of(county: County) -> Standards:
    """Return the published standards with the county's confirmations and its own profiles on top.

    Parameters
    ----------
    county : County
        Its `standards` and every ``profile`` that is the path of a TOML file are read.

    Returns
    -------
    Standards

    Raises
    ------
    StandardError
        A confirmation or a profile cannot be used: it is not there, gives a hazard values of any size, or gives groups to
        the exposed objects.

    Examples
    --------
    >>> county = County.model_validate({"folder": ".", "name": {"zh": "县", "en": "C"}, "date": "2026-01-01"})
    >>> standards_of(county).scheme("gb-spi").size
    5
    """
    standards = confirmed(book(), county.standards)
    names = [str(table["profile"]) for table in county.hazards.values() if "profile" in table]
    own = {}
    for name in [*names, county.scoring.profile]:
        if name in standards.profiles:
            continue
        path = county.folder / name
        if not path.is_file():
            raise StandardError(
                Text(
                    f"county.toml：评分方案 {name!r} 既不是它旁边的文件，也不是 {'、'.join(sorted(standards.profiles))} 之一",
                    f"county.toml: profile {name!r} is neither a file beside it nor one of "
                    f"{', '.join(sorted(standards.profiles))}",
                )
            )
        own[name] = read_profile(read_text(path), name=name)
    found = standards.with_entries(profiles=own)
    for name in names:
        if not holds_scores(found.profile(name)):
            raise StandardError(
                Text(
                    f"county.toml：灾种的评分方案 {name!r} 给出任意大小的值，而灾种得分在 0 至 1 之间；"
                    "请给方案加上归一方法，如 percentile",
                    f"county.toml: profile {name!r} of a hazard gives values of any size, but the score of a hazard runs "
                    "from 0 to 1; give the profile a normaliser, for instance percentile",
                )
            )
    if found.profile(county.scoring.profile).groups:
        raise StandardError(
            Text(
                f"county.toml：[scoring] 的评分方案 {county.scoring.profile!r} 用于承灾体加权，不分组",
                f"county.toml: profile {county.scoring.profile!r} under [scoring] weighs exposed objects and takes no groups",
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Digests:
    """Keys of everything that steps depend on.

    Parameters
    ----------
    layers : dict of str to str
        Delivered layer to the hash of its files and of how they are read.
    frame : str
        Hash of what decides grid, units and mask.
    """

    layers: dict[str, str]
    frame: str

    @classmethod
    def of(cls, county: County) -> "Digests":
        """Hash the delivered files of a county.

        Parameters
        ----------
        county : County
            Opened.

        Returns
        -------
        Digests
        """
        entries: dict[str, LayerEntry | GivenProduct | ComparedProduct] = dict(county.layers)
        entries |= {f"given.{name}": one for name, one in county.given.items()}
        entries |= {f"compare.{name}": one for name, one in county.compare.products.items()}
        layers = {
            name: fingerprint(file_hash(county.folder / entry.path), entry.model_dump(mode="json"))
            for name, entry in entries.items()
        }
        codes = "" if county.codes is None else file_hash(county.folder / county.codes.path)
        settings = county.model_dump(mode="json", include={"code", "crs", "cell_size_m", "units", "codes", "standards"})
        shaping = [layers.get(name, "") for name in ("outline", "dem", "villages", "townships", "neighbours")]
        given = [layers[name] for name in sorted(layers) if name.startswith("given.")] if not any(shaping) else []
        return cls(layers=layers, frame=fingerprint(settings, codes, shaping, given))

    def key(self, *names: str) -> str:
        """Return one key for the frame and these layers (absent ones count as absent)."""
        return fingerprint(self.frame, [self.layers.get(name, "") for name in names])

    def everything(self, county: County) -> str:
        """Key of what depends on every layer and every setting."""
        return fingerprint(self.frame, self.layers, county.model_dump(mode="json"))
