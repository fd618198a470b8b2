/* Puts the fresh version of a part into the open page and disturbs nobody who works in it: what is open stays open, what is
   typed or chosen stays, the focus and the place on the page too. Elements stay the same ones, so a tap under way is not lost. */

const AGAIN_AFTER_MS = 3000;
const TRIES_MAX = 5;

const underWay = new WeakSet();
const askedAgain = new WeakSet();
const putOff = new WeakSet();

export async function renew(part) {
  askedAgain.add(part);
  if (underWay.has(part)) return;
  underWay.add(part);
  try {
    while (askedAgain.has(part) && part.isConnected) {
      askedAgain.delete(part);
      await renewOnce(part);
    }
  } finally {
    underWay.delete(part);
  }
}

async function renewOnce(part) {
  const answer = await ask(part.dataset.liveSrc);
  if (!answer) return;
  const content = document.createElement("template");
  content.innerHTML = answer.html;
  const fresh = content.content.getElementById(part.id) ?? content.content.firstElementChild;
  if (fresh) put(part, fresh, answer.Idiomorph);
}

async function ask(address) {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (answer.status < 500 && (!answer.ok || answer.redirected)) return null;
      // Loaded when it is first needed: most pages are left before anything in them changes.
      if (answer.ok) return { html: await answer.text(), ...(await import("../vendor/idiomorph.min.js")) };
    } catch {
      // The connection is gone for a moment, or the page is being left.
    }
    await new Promise((resolve) => { setTimeout(resolve, AGAIN_AFTER_MS * tries); });
  }
  return null;
}

function put(part, fresh, Idiomorph) {
  nameForms(part);
  nameForms(fresh);
  // Where somebody fills in a form that is no longer there, the page waits until they are done.
  if (usedForms(part).some((form) => !find(fresh, form.getAttribute("id")))) {
    putOff.add(part);
    return;
  }
  putOff.delete(part);
  Idiomorph.morph(part, fresh, { callbacks: { beforeNodeMorphed, beforeAttributeUpdated, afterNodeAdded } });
  part.classList.remove("is-renewed");
  void part.offsetWidth; // lets the highlight begin anew
  part.classList.add("is-renewed");
}

// Forms and folds are told apart by what they are for, not by their place, which others may take.
function nameForms(root) {
  for (const form of root.querySelectorAll("form:not([id])")) form.setAttribute("id", `form:${form.getAttribute("action")}`);
  for (const fold of root.querySelectorAll("details:not([id])")) {
    fold.id = `fold:${fold.parentElement.closest("[id]")?.id}:${fold.querySelector("summary")?.textContent}`;
  }
}

function find(root, id) {
  return root.querySelector(`#${CSS.escape(id)}`);
}

function usedForms(part) {
  return [...part.querySelectorAll("form")].filter(isUsedForm);
}

function isUsedForm(form) {
  return form.dataset.sent !== undefined || [...form.elements].some(isUsed);
}

function isUsed(field) {
  if (!field.matches("input:not([type=hidden], [readonly]), select, textarea")) return false;
  if (field === document.activeElement) return true;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.value !== field.defaultValue;
}

function beforeNodeMorphed(before, after) {
  if (!(before instanceof Element)) return true;
  if (before.matches("form")) return !isUsedForm(before);
  if (before.matches("input, select, textarea")) return !isUsed(before);
  // "Copied" stands as long as what was copied does; what scripts have added to a frame is theirs.
  if (before.matches("[data-copy].is-copied")) return before.querySelector("input").value !== after.querySelector("input").value;
  return !before.matches("[data-ready]");
}

function beforeAttributeUpdated(name, element) {
  return !(name === "open" && element.matches("details, dialog"));
}

function afterNodeAdded(node) {
  if (!(node instanceof Element)) return;
  htmx.process(node);
  htmx.trigger(node, "htmx:load");
}

document.addEventListener("focusout", (event) => {
  const part = event.target.closest?.("[data-live-src]");
  if (part && putOff.has(part)) setTimeout(() => renew(part));
});
