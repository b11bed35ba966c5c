"""The extract and the parameters a month is made from: those of another month or council are left out.

All files of ``parameters`` count but those that are known to be another's, so that a file nobody has thought
of leads to a run rather than to an old page.
"""

import hashlib
import re
from pathlib import Path

from csd_helpers.leftovers import listed
from csd_helpers.manifest import digest, folder_digest
from csd_helpers.period import Period
from csd_helpers.root import COUNCILS, PARAMETERS, common

_MONTH = re.compile(r"\d{4}-\d{2}")


def parameters_digest(period: Period, root: Path) -> str:
    """Return the hash of the parameters of a month: a council's own, and those that all share.

    The editions of the suite are left out: which of them a month is told by, its settings say
    (`suite_files`).
    """
    folders = dict.fromkeys((root / PARAMETERS, common(root) / PARAMETERS))
    lines = []
    for folder in folders:
        for path in (path for path in listed(folder, "**/*") if path.is_file()):
            name = path.relative_to(folder)
            if not _is_of_another(name.parts, period, root):
                lines.append(f"{name.as_posix()} {digest(path)}")
        lines.append("")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _is_of_another(parts: tuple[str, ...], period: Period, root: Path) -> bool:
    """Say whether a file of ``parameters`` is known to be of another month or council, or of the suite."""
    kind, *rest = parts
    if not rest:
        return False
    if kind == COUNCILS:
        return rest != [f"{root.name}.yaml"]
    month = Path(rest[0]).stem
    of_a_month = kind in ("periods", "commentary") and bool(_MONTH.fullmatch(month))
    return kind == "suite" or (of_a_month and month != str(period))


def suite_files(period: Period, root: Path) -> list[Path]:
    """Return the files of every edition a month is told by: its own, and those of what was published."""
    from csd_helpers.ledger import read_ledger  # noqa: PLC0415  # pandas and pydantic are slow to import
    from csd_helpers.parameters import load_period  # noqa: PLC0415
    from csd_helpers.suite import suite_path  # noqa: PLC0415
    from csd_helpers.suite_extension import files_of  # noqa: PLC0415

    names = [load_period(root, period).suite, *(entry.suite for entry in read_ledger(root) if entry.suite)]
    found = [path for name in dict.fromkeys(names) for path in files_of(suite_path(root, name))]
    return list(dict.fromkeys(found))


def extract_digest(source: str, root: Path) -> str:
    """Return the hash of an extract's files; empty for a database on a server, which has none."""
    path = root / source.removeprefix("sqlite:///")
    if "://" in source.removeprefix("sqlite:///") or not path.exists():
        return ""
    return folder_digest(path) if path.is_dir() else digest(path)
