#!/bin/bash
# Lever een signaal en lees zijn stand, met curl en jq. Gebruik: schuldeiser.sh MAP SIGNAAL.json
# MAP heeft uw papieren: ca.pem, certificaat.pem (met de keten), sleutel.key en adres. In de zandbak is dat .seinhuis/zandbak/schuldeiser.
set -euo pipefail
map=$1 signaal=$2
api=$(cat "$map/adres")/schuldeiser/v1
vraag() { curl --silent --show-error --fail-with-body --tlsv1.3 --cacert "$map/ca.pem" --cert "$map/certificaat.pem" --key "$map/sleutel.key" "$@"; }

# --retry: nog eens bij 503 of een verbroken verbinding mag altijd; het kenmerk maakt dat het één keer telt
bewijs=$(vraag --retry 5 --retry-connrefused --json @"$signaal" "$api/signalen")
jq . <<< "$bewijs"                                       # het ondertekende ontvangstbewijs: bewaar het
vraag "$api/signalen/$(jq -r .id <<< "$bewijs")"         # de stand
echo
vraag "$api/terugkoppelingen?limiet=500"                 # wat gemeenten terugkoppelen; ga de volgende keer verder met volgende
echo
vraag "$api/saldoverzoeken"                              # vragen die op uw antwoord wachten
echo
