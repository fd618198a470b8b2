/* Copies exactly the shown value. The clipboard needs a secure address; elsewhere the field is selected and copied the old way. */

const CONFIRMED_MS = 2500;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy] button");
  if (!button) return;
  const frame = button.closest("[data-copy]");
  const field = frame.querySelector("input");
  if (await copied(field)) confirm(frame);
});

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.setSelectionRange(0, field.value.length);
    return document.execCommand("copy");
  }
}

function confirm(frame) {
  const words = frame.querySelector("[data-copy-text]");
  frame.dataset.copyBefore ??= words.textContent;
  frame.classList.add("is-copied");
  words.textContent = frame.dataset.copied;
  announce(frame.dataset.copied);
  setTimeout(() => {
    frame.classList.remove("is-copied");
    if (frame.dataset.copyBefore !== undefined) words.textContent = frame.dataset.copyBefore; // it may be a fresh one by now
  }, CONFIRMED_MS);
}

function announce(text) {
  const region = document.createElement("span");
  region.className = "only-heard";
  region.setAttribute("role", "status");
  document.body.append(region);
  setTimeout(() => { region.textContent = text; }, 50);
  setTimeout(() => region.remove(), CONFIRMED_MS);
}
