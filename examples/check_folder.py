"""Print what was found in the sample disputes: python examples/check_folder.py [FOLDER] [LANGUAGE]"""

import sys

from pipeline.api import check

folder, language = (sys.argv[1:] + ["sample_evidence/D-1001", "en"][len(sys.argv) - 1 :])[:2]
for report in check(folder, language=language):
    for item in report.evidence:
        print(f"{report.dispute}  {item.file}: {item.label}")
        for finding in item.findings:
            print(f"    {finding.code}: {finding.message}")
