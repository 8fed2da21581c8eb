// Says that a file is too large before it is sent. The server says so too, after it has come.
"use strict";

for (const form of document.querySelectorAll("form[data-most]")) {
  const field = form.querySelector("input[type=file]");
  const said = form.querySelector("[data-too-large]");
  const isTooLarge = () => field.files.length > 0 && field.files[0].size > Number(form.dataset.most) * 1024 * 1024;
  field.addEventListener("change", () => { said.hidden = !isTooLarge(); });
  form.addEventListener("submit", (event) => {
    if (isTooLarge()) { event.preventDefault(); said.hidden = false; field.focus(); return; }
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  });
}
