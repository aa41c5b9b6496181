#!/bin/bash
# Open één veldgroep van een bericht met standaardprogramma's: jose (latchset), jq en openssl 3. Een eigen sleutel moet P-256 zijn. Gebruik:
#   open-bericht.sh BERICHT.json GROEP PRIVE.jwk     BERICHT.json is een bericht uit een claim; PRIVE.jwk alleen bij een eigen sleutel
set -euo pipefail
bericht=$1 groep=$2
id=$(jq -er .id "$bericht")
hex() { od -An -v -tx1 | tr -d ' \n'; }
text() { printf '%04x' "$(printf %s "$1" | wc -c)"; printf %s "$1" | hex; }          # elke tekst na haar lengte in twee bytes
bytes() { tr -- '-_' '+/' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d; }

if [ "$(jq -r .sleutels.wijze "$bericht")" = eigen ]; then
  inhoudssleutel=$(jq -j .sleutels.inhoudssleutel "$bericht" | jose jwe dec -i - -k "$3" | jq -r .k | bytes | hex)
  sleutel=$(openssl kdf -binary -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:"$inhoudssleutel" -kdfopt salt:seinhuis/v1 \
    -kdfopt hexinfo:"$(text seinhuis/groep/v1)$(text "$id")$(text "$groep")" HKDF | base64 -w0 | tr '+/' '-_' | tr -d =)
else
  sleutel=$(jq -er --arg groep "$groep" '.sleutels.groepssleutels[$groep]' "$bericht")
fi
# de kop moet dit bericht en deze groep noemen, anders is het een ander bericht dat zich voordoet als dit
jq -er --arg groep "$groep" '.persoonsgegevens[$groep]' "$bericht" | cut -d. -f1 | bytes | jq -e --arg kid "$id.$groep" '.kid == $kid' > /dev/null
jq -j --arg groep "$groep" '.persoonsgegevens[$groep]' "$bericht" | jose jwe dec -i - -k <(printf '{"kty":"oct","k":"%s"}' "$sleutel")
