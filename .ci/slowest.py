"""Print the twenty slowest tests of some JUnit reports: `slowest.py REPORT...`."""

import sys
from pathlib import Path
from xml.etree import ElementTree

cases = [
    (float(case.get("time")), Path(report).stem, f"{case.get('classname')}::{case.get('name')}")
    for report in sys.argv[1:]
    for case in ElementTree.parse(report).iter("testcase")
]
print("\nThe slowest tests:")
for seconds, part, name in sorted(cases, reverse=True)[:20]:
    print(f"{seconds:5.0f} s  {part:14} {name}")
