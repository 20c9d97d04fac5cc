"""The basemap that the desk and the report draw on: files of this folder, served by ourselves, no tile server.

`countries-50m.json` is TopoJSON of Natural Earth's countries (public domain) as packed by world-atlas 2.0.2 (ISC licence,
LICENSE.world-atlas).
"""
