/* Province > city > district: turns the text fields of [data-place] into lists fed by the server. A list that cannot be had stays a text field. */

const places = [...document.querySelectorAll("[data-place]")];

function field(place) {
  return place.querySelector("input, select");
}

function parentOf(place) {
  const name = place.dataset.parent;
  return name ? places.map(field).find((other) => other.name === name && other.form === field(place).form) : null;
}

async function options(place) {
  const parent = parentOf(place);
  if (parent && !parent.value) return [];
  const address = new URL(place.dataset.src, location.href);
  if (parent) address.searchParams.set("parent", parent.value);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function list(place, choices, chosen) {
  const before = field(place);
  const select = document.createElement("select");
  for (const { name, value } of [...before.attributes]) if (name !== "type" && name !== "value") select.setAttribute(name, value);
  select.append(new Option(place.dataset.prompt, ""));
  for (const choice of choices) select.append(new Option(choice.label, choice.value, false, choice.value === chosen));
  select.disabled = choices.length === 0;
  before.replaceWith(select);
  place.querySelector("[data-place-input]").classList.add("picker");
  select.addEventListener("change", () => refillBelow(place));
}

async function refill(place, chosen) {
  try {
    list(place, await options(place), chosen);
  } catch {
    field(place).disabled = false;
  }
}

async function refillBelow(place) {
  for (const below of places.filter((other) => other.dataset.parent === field(place).name)) {
    await refill(below, "");
    await refillBelow(below);
  }
}

for (const place of places) await refill(place, field(place).value);
