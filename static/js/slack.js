/** Fills in the bounds of a category while its slider moves; the button beside it does the same without this file. */
for (const section of document.querySelectorAll("[data-slack]")) {
  const slider = section.querySelector("input[type=range]");
  slider.addEventListener("input", () => {
    section.querySelector("output").value = slider.value;
    for (const field of section.querySelectorAll("[data-bounds]")) {
      field.value = field.dataset.bounds.split(" ")[slider.valueAsNumber];
    }
  });
}
