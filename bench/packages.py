"""Files of the distribution's packages, without installing them."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def unpacked(*packages: str) -> pathlib.Path:
    """The folder below which the files of all these stand as they would below /: build/packages, filled when first asked for.
    Ends the program when a package cannot be had."""
    tree = ROOT / "build/packages"
    tree.mkdir(parents=True, exist_ok=True)
    for package in packages:
        done = tree / f".{package}"
        if done.exists():
            continue
        got = subprocess.run(["sh", "-c", f"apt-get download -qq {package} && dpkg-deb -x {package}_*.deb . && rm {package}_*.deb"],
                             cwd=tree, capture_output=True, text=True)
        if got.returncode:
            sys.exit(f"the package {package} cannot be had: {got.stderr.strip()[-300:]}\nOn Debian or Ubuntu: apt-get update, and again.")
        done.touch()
    return tree


def folder_of(package: str, folder: str) -> str:
    """`folder` (from the root, without a slash) of a package: where it is installed, else unpacked."""
    installed = os.path.join("/", folder)
    return installed if os.path.isdir(installed) else str(unpacked(package) / folder)
