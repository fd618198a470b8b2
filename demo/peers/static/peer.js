// The pages work without this: numbers can be selected, and the time left is shown as of loading.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // pages without TLS have no clipboard: select the number, so that one long press copies it
      getSelection().selectAllChildren(button.parentElement.querySelector("output"));
      return;
    }
    button.textContent = button.dataset.done;
  });
}

const two = (number) => String(number).padStart(2, "0");
const clock = document.querySelector("[data-left]");
if (clock) {
  const end = performance.now() + Number(clock.dataset.left) * 1000;
  const tick = setInterval(() => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    clock.textContent = `${two(Math.floor(left / 3600))}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    if (left === 0) {
      clearInterval(tick);
      location.reload();
    }
  }, 1000);
}
