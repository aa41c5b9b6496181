"""What the files for a partner are called: after the file that they are about. Authority: contract, files."""

RECEIPT = ".ontvangst.json"
REPORT_CSV = ".verslag.csv"
REPORT_XML = ".verslag.xml"
REPORTS = (RECEIPT, REPORT_CSV, REPORT_XML)
