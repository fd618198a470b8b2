/* One short message at the screen's foot; a link when it leads somewhere. */

const SHOWN_MS = 6000;
const TOASTS_MAX = 3;

export function toast(text, href) {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const message = document.createElement("div");
  message.className = "toast";
  const words = document.createElement(href ? "a" : "span");
  words.className = "toast__text";
  words.textContent = text;
  if (href) words.href = href;
  const close = document.createElement("button");
  close.className = "toast__close";
  close.type = "button";
  close.setAttribute("aria-label", region.dataset.close);
  close.textContent = "×";
  close.addEventListener("click", () => message.remove());
  message.append(words, close);
  region.append(message);
  while (region.children.length > TOASTS_MAX) region.firstElementChild.remove();
  setTimeout(() => message.remove(), SHOWN_MS);
}
