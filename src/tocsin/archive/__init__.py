"""Web archives at scale: shards of captures, a funnel that reads only pages that can matter, parts that resume to the same bytes.

captures -> funnel -> reader -> parts; a run joins them, with processes of this machine or with Ray. `merging` makes incidents of a
whole run out of core, by the same matching as the desk. `docs/archive.md` has the files and their columns.
"""
