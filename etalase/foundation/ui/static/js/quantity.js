/* Gives number fields in [data-quantity] their minus and plus. */

function enhance(root) {
  for (const frame of root.querySelectorAll("[data-quantity]:not([data-ready])")) {
    frame.dataset.ready = "";
    const field = frame.querySelector("input");
    const less = step(field, frame.dataset.less, "−", -1);
    const more = step(field, frame.dataset.more, "+", 1);
    frame.prepend(less);
    frame.append(more);
    const limit = () => {
      less.disabled = Number(field.value) <= Number(field.min);
      more.disabled = field.max !== "" && Number(field.value) >= Number(field.max);
    };
    field.addEventListener("input", limit);
    field.addEventListener("change", limit);
    limit();
  }
}

function step(field, label, sign, by) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quantity__step";
  button.setAttribute("aria-label", label);
  button.textContent = sign;
  button.addEventListener("click", () => {
    const wanted = (Number(field.value) || 0) + by;
    field.value = Math.max(Number(field.min), Math.min(field.max === "" ? Infinity : Number(field.max), wanted));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return button;
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
