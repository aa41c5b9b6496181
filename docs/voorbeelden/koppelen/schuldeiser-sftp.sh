#!/bin/bash
# Lever een bestand met sftp en wacht op het verslag. Gebruik: schuldeiser-sftp.sh POSTBUS BESTAND [DOEL]
# POSTBUS heeft config (voor sftp -F), uw sleutel en de bekende sleutel van de server. In de zandbak is dat .seinhuis/zandbak/postbus.
set -euo pipefail
postbus=$1 bestand=$2 doel=${3:-.}
naam=$(basename "$bestand")
post() { sftp -q -b - -F "$postbus/config" postbus; }

post <<< "put \"$bestand\" in/$naam.part
rename in/$naam.part in/$naam"                           # het hernoemen zegt dat het bestand af is
for _ in $(seq 60); do
  if post <<< "get uit/$naam.verslag.csv $doel/
get uit/$naam.ontvangst.json $doel/" > /dev/null 2>&1; then
    cat "$doel/$naam.verslag.csv"                        # een regel per record
    exit 0
  fi
  sleep 1
done
echo "Er kwam geen verslag." >&2
exit 1
