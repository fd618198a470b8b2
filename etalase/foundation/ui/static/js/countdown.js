/* Keeps [data-due] ticking on the server's clock (which the demo may move), in the same words as the server's own text. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const serverNow = Number(meta("etalase-now"));
const units = (meta("etalase-units") || "d|h|min|s").split("|");
const started = performance.now();

function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content;
}

function now() {
  return serverNow ? serverNow + (performance.now() - started) : Date.now();
}

function spanText(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [day, hour, minute, second] = units;
  if (seconds >= DAY) return join(Math.floor(seconds / DAY), day, Math.floor((seconds % DAY) / HOUR), hour);
  if (seconds >= HOUR) return join(Math.floor(seconds / HOUR), hour, Math.floor((seconds % HOUR) / MINUTE), minute);
  if (seconds >= MINUTE) return `${Math.floor(seconds / MINUTE)} ${minute}`;
  return `${seconds} ${second}`;
}

function join(large, largeUnit, small, smallUnit) {
  return small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;
}

function tick() {
  const at = now();
  for (const clock of document.querySelectorAll("[data-due]")) {
    const text = spanText(Number(clock.dataset.due) - at);
    if (clock.textContent !== text) clock.textContent = text;
  }
}

if (document.querySelector("[data-due]") || document.body.hasAttribute("data-signed-in")) {
  tick();
  setInterval(() => { if (!document.hidden) tick(); }, 1000);
}
