#!/usr/bin/env python3
"""Print the first Python example of a Markdown file, so that CI runs what the README shows."""

import re
import sys
from pathlib import Path

found = re.search(r"```python\n(.*?)```", Path(sys.argv[1]).read_text(encoding="utf-8"), re.S)
if found is None:
    sys.exit(f"{sys.argv[1]}: no Python example")
print(found.group(1))
