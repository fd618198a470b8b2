// Node 18 or newer, nothing else. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
import { createHmac } from "node:crypto";

const { ORIGIN, APP_KEY, APP_SECRET, ACCESS_TOKEN } = process.env;

async function call(method, path, query = {}, body) {
  const all = { app_key: APP_KEY, timestamp: String(Math.floor(Date.now() / 1000)), ...query };
  const raw = body === undefined ? "" : JSON.stringify(body);
  const text = path + Object.keys(all).sort().map((name) => name + all[name]).join("") + raw;
  all.sign = createHmac("sha256", APP_SECRET).update(APP_SECRET + text + APP_SECRET).digest("hex");
  const answer = await fetch(`${ORIGIN}${path}?${new URLSearchParams(all)}`, {
    method,
    headers: { "x-tts-access-token": ACCESS_TOKEN, "content-type": "application/json" },
    body: raw || undefined,
  });
  return answer.json();
}

const { data: { shops } } = await call("GET", "/authorization/202309/shops");
console.log(shops);
const found = await call(
  "POST", "/order/202309/orders/search",
  { page_size: "2", shop_cipher: shops[0].cipher }, { order_status: "AWAITING_SHIPMENT" },
);
console.log(found.code, found.data.orders.map((order) => order.id));
