/* What happens elsewhere reaches open pages of a signed-in account: unread numbers, a notice, an order that moved. */

import { renew } from "./renewing.js";
import { toast } from "./toast.js";

const WAIT_MS_MIN = 1000;
const WAIT_MS_MAX = 30000;
const REST_AFTER_MS = 30000;

let wait = WAIT_MS_MIN;
let stream = null;
let timer = 0;
let resting = 0;
// Where the page stands: told on connecting, so that what happened between rendering and connecting is not missed.
let mark = document.querySelector('meta[name="etalase-mark"]')?.content ?? "";

function connect() {
  clearTimeout(timer);
  stream = new EventSource(`/events?since=${mark}`);
  stream.addEventListener("open", () => { wait = WAIT_MS_MIN; });
  stream.addEventListener("unread", (event) => setUnread(read(event)));
  stream.addEventListener("notice", (event) => announce(read(event)));
  stream.addEventListener("changed", (event) => follow(read(event)));
  stream.addEventListener("error", reconnect);
}

// The browser's own reconnecting has no back-off: many open pages would come back at once.
function reconnect() {
  disconnect();
  timer = setTimeout(connect, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, WAIT_MS_MAX);
}

function disconnect() {
  clearTimeout(timer);
  stream?.close();
  stream = null;
}

function read(event) {
  try {
    return JSON.parse(event.data);
  } catch {
    return event.data;
  }
}

function setUnread(data) {
  if (data?.mark) mark = data.mark;
  setBadges("[data-unread]", Number(data?.count ?? data) || 0);
  setBadges("[data-unread-seller]", Number(data?.seller) || 0);
}

function setBadges(selector, count) {
  for (const badge of document.querySelectorAll(selector)) {
    badge.textContent = count > 99 ? "99+" : String(count);
    badge.hidden = count === 0;
  }
}

function announce(notice) {
  if (typeof notice.unread === "number") setUnread(notice.unread);
  toast(notice.title, notice.href);
  document.dispatchEvent(new CustomEvent("etalase:notice", { detail: notice }));
}

function follow(change) {
  for (const part of document.querySelectorAll(`[data-live="${change.subject}:${change.id}"][data-live-src]`)) renew(part);
}

// A browser opens only six connections to a host over HTTP/1.1: pages nobody looks at give theirs back after a while.
function followVisibility() {
  clearTimeout(resting);
  if (document.hidden) resting = setTimeout(disconnect, REST_AFTER_MS);
  else if (!stream) connect();
}

if (document.body.hasAttribute("data-signed-in") && "EventSource" in window) {
  connect();
  document.addEventListener("visibilitychange", followVisibility);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted && !stream) connect(); });
}
