"""What the files for a partner are called: after the file that they are about. Authority: contract, files."""

RECEIPT = ".ontvangst.json"
REPORT_CSV = ".verslag.csv"
REPORT_XML = ".verslag.xml"
PROOFS = ".bewijzen.json"
"""Of a file with answers to balance requests."""
REPORTS = (RECEIPT, REPORT_CSV, REPORT_XML)
