"""Builds the addon's wheel by whool, and adds on which Pythons the addon is tested.

whool leaves that to the wheel of Odoo, which allows more.
"""

from whool import buildapi
from whool.buildapi import *  # the hooks that pip calls

PYTHONS = ("3.11", "3.12", "3.13")

get_metadata = buildapi._get_metadata


def get_metadata_with_pythons(addon_dir):
    metadata = get_metadata(addon_dir)
    metadata["Requires-Python"] = f">={PYTHONS[0]}"
    for version in PYTHONS:
        metadata["Classifier"] = f"Programming Language :: Python :: {version}"
    return metadata


buildapi._get_metadata = get_metadata_with_pythons
