#!/bin/bash
# Haal berichten op, bewaar ze en bevestig daarna de ontvangst, met curl en jq. Gebruik: gemeente.sh MAP [DOEL]
# MAP heeft uw papieren: ca.pem, certificaat.pem (met de keten), sleutel.key en adres. In de zandbak is dat .seinhuis/zandbak/gemeente.
set -euo pipefail
map=$1 doel=${2:-.}
api=$(cat "$map/adres")/gemeente/v1
vraag() { curl --silent --show-error --fail-with-body --tlsv1.3 --cacert "$map/ca.pem" --cert "$map/certificaat.pem" --key "$map/sleutel.key" "$@"; }

vraag "$api/inbox/berichten?staat=bezorgd" | jq '.berichten | length'           # hoeveel er liggen; dit opent niets
# claimen doet u één keer: gaat het antwoord verloren, wacht dan tot de lease voorbij is
claim=$(vraag --json '{"doel": "WGS-3-1-b", "maximum": 50, "leaseSeconden": 600, "wijze": "onbemand"}' "$api/inbox/claims")
id=$(jq -r .id <<< "$claim")
if [ "$(jq '.berichten | length' <<< "$claim")" = 0 ]; then
  vraag -X DELETE "$api/inbox/claims/$id" > /dev/null
  exit 0
fi
jq -c '.berichten[]' <<< "$claim" | while read -r bericht; do                   # eerst veilig bewaren, verzegeld zoals het kwam
  printf '%s' "$bericht" > "$doel/$(jq -r .id <<< "$bericht").json"             # openen: docs/openen.md
done
vraag --json '{"status": "ontvangen"}' "$api/inbox/claims/$id/_bevestig"        # dan pas bevestigen
echo
