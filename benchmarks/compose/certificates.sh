#!/bin/bash
# Makes a certificate authority and a certificate for each node whose folder is given, and gives their files to postgres.
set -euo pipefail

new_key=(openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
scratch=$(mktemp -d)
"${new_key[@]}" -x509 -subj "/CN=compose CA" -days 30 -keyout "$scratch/ca.key" -out "$scratch/ca.crt"
for folder in "$@"; do
  node=$(basename "$folder")
  tls=$folder/current/tls
  "${new_key[@]}" -subj "/CN=$node" -keyout "$tls/server.key" -out "$scratch/request"
  openssl x509 -req -in "$scratch/request" -CA "$scratch/ca.crt" -CAkey "$scratch/ca.key" -CAcreateserial -days 30 \
    -extfile <(echo "subjectAltName=DNS:$node,DNS:localhost,IP:127.0.0.1") -out "$tls/server.crt"
  cp "$scratch/ca.crt" "$tls/ca.crt"
  find "$folder" -type f -exec chown postgres:postgres {} + -exec chmod 0600 {} +
done
rm -rf "$scratch"
