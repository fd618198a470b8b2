/* htmx requests carry the page's CSRF token; one that fails says so; a box of errors is where reading starts. */

import { toast } from "./toast.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]').content;
});

// Answers of 422 are forms with their errors: shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => toast(document.getElementById("toasts")?.dataset.failed));
}

function readErrors(root) {
  root.querySelector("[data-error-box]")?.focus();
}

readErrors(document);
document.addEventListener("htmx:load", (event) => readErrors(event.target));

// A second tap on a form under way changes nothing; coming back by the back button frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
