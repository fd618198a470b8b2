/* The gallery scrolls by itself; this follows the shown picture and lets the small pictures turn to theirs. */

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const strip = gallery.querySelector(".gallery__strip");
  const slides = [...strip.children];
  const thumbs = [...gallery.querySelectorAll(".gallery__thumb")];
  const position = gallery.querySelector("[data-gallery-position]");

  const show = (index) => {
    if (position) position.textContent = `${index + 1}/${slides.length}`;
    thumbs.forEach((thumb, i) => {
      if (i === index) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
  };

  thumbs.forEach((thumb, index) => thumb.addEventListener("click", (event) => {
    event.preventDefault();
    strip.scrollTo({ left: slides[index].offsetLeft - strip.offsetLeft, behavior: "smooth" });
    show(index);
  }));

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) show(slides.indexOf(entry.target));
  }, { root: strip, threshold: 0.6 });
  slides.forEach((slide) => seen.observe(slide));
}
