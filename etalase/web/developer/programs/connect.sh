#!/bin/sh
# Needs curl and openssl. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
set -eu

call() { # method, path, query sorted by name without app_key, timestamp and sign ("name=value ..."), body
  query="app_key=$APP_KEY $3 timestamp=$(date +%s)"
  sorted=$(printf '%s\n' $query | LC_ALL=C sort)
  text="$2$(printf '%s' "$sorted" | tr -d '=\n')${4:-}"
  sign=$(printf '%s' "$APP_SECRET$text$APP_SECRET" | openssl dgst -sha256 -hmac "$APP_SECRET" | sed 's/.*= *//')
  url="$ORIGIN$2?$(printf '%s' "$sorted" | tr '\n' '&')&sign=$sign"
  curl -sS -X "$1" "$url" -H "x-tts-access-token: $ACCESS_TOKEN" -H 'content-type: application/json' ${4:+--data-binary "$4"}
}

shops=$(call GET /authorization/202309/shops "")
echo "$shops"
cipher=$(printf '%s' "$shops" | tr ',' '\n' | sed -n 's/.*"cipher":"\([^"]*\)".*/\1/p' | head -n 1)
call POST /order/202309/orders/search "page_size=2 shop_cipher=$cipher" '{"order_status":"AWAITING_SHIPMENT"}'
