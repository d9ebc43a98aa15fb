"""Archives of other systems, and of Stet itself, become the newsroom's pages here.

Where to look:
 * `importing` has the two imports. Each reads an archive into `records`, places them, and checks the `report`.
 * `wordpress` and its kin read an export: `wxr` cuts it into items, `web_text` and its kin turn HTML into blocks.
 * `stet_archive` and its kin read Stet's own archive: `stet_files` its TOML, `markdown` its text.
 * `placing` and its kin turn records into rows; `memory` knows what was placed before.
"""
