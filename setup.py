"""Let templates and static files, which stand beside the package, travel inside its wheel."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ASSETS = ("templates", "static")


class BuildWithAssets(build_py):
    """Copy the assets to `forum/_assets` in what is built; the checkout stays as it is."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            for folder in ASSETS:
                shutil.copytree(
                    Path(__file__).parent / folder,
                    Path(self.build_lib) / "forum" / "_assets" / folder,
                    dirs_exist_ok=True,
                )


setup(cmdclass={"build_py": BuildWithAssets})
