"""Makes the wheel of this folder (PEP 517, PEP 660) with the standard library, so that pip needs no network.

A wheel is a zip of the package and of four small files (PEP 427).
"""

import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _field(name):
    with open(os.path.join(HERE, "pyproject.toml"), encoding="utf-8") as file:
        return re.search(rf'^{name} = "(.*)"$', file.read(), re.MULTILINE).group(1)


NAME, VERSION = _field("name"), _field("version")
INFO = f"{NAME}-{VERSION}.dist-info"


def _metadata():
    with open(os.path.join(HERE, "README.md"), encoding="utf-8") as file:
        about = file.read()
    return (
        f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\nSummary: {_field('description')}\n"
        f"Requires-Python: {_field('requires-python')}\nDescription-Content-Type: text/markdown\n\n{about}"
    )


def _wheel(directory, files):
    name = f"{NAME}-{VERSION}-py3-none-any.whl"
    files[f"{INFO}/METADATA"] = _metadata().encode()
    files[f"{INFO}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: countersign\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{INFO}/top_level.txt"] = NAME.encode() + b"\n"
    record = ""
    with zipfile.ZipFile(os.path.join(directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(content)}\n"
            wheel.writestr(path, content)
        wheel.writestr(f"{INFO}/RECORD", record + f"{INFO}/RECORD,,\n")
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {}
    for entry in sorted(os.listdir(os.path.join(HERE, NAME))):
        if entry.endswith((".py", ".typed")):
            with open(os.path.join(HERE, NAME, entry), "rb") as file:
                files[f"{NAME}/{entry}"] = file.read()
    return _wheel(wheel_directory, files)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, {f"{NAME}.pth": (HERE + "\n").encode()})


def build_sdist(sdist_directory, config_settings=None):
    name = f"{NAME}-{VERSION}"
    with tarfile.open(os.path.join(sdist_directory, name + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for entry in ("pyproject.toml", "README.md", "backend", NAME):
            archive.add(os.path.join(HERE, entry), f"{name}/{entry}", filter=_without_caches)
        info = tarfile.TarInfo(f"{name}/PKG-INFO")
        content = _metadata().encode()
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return name + ".tar.gz"


def _without_caches(info):
    return None if "__pycache__" in info.name else info
