// Keyboard use of the pages. Everything works without it; it follows links and fills forms that are there already.
"use strict";

(() => {
  const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox])";
  const rows = () => [...document.querySelectorAll("[data-rows] a.name")];
  const outcomes = [...document.querySelectorAll("[data-decide] input[name=outcome]")];
  const codes = document.querySelector("[data-decide] select[name=code]");

  function move(step) {
    const links = rows();
    const place = links.indexOf(document.activeElement);
    const next = links[place < 0 ? (step > 0 ? 0 : links.length - 1) : place + step];
    if (next) next.focus();
  }

  function follow(relation) {
    const link = document.querySelector(`link[rel="${relation}"]`);
    if (link) window.location.assign(link.href);
  }

  // Of the reasons, and of the fields only some outcomes have, those of the chosen outcome stay.
  function narrow() {
    const chosen = outcomes.find((box) => box.checked);
    for (const group of codes.querySelectorAll("optgroup")) {
      group.hidden = group.disabled = Boolean(chosen) && group.dataset.outcome !== chosen.value;
    }
    const selected = codes.selectedOptions[0];
    if (!selected || selected.closest("optgroup[hidden]")) codes.value = "";
    for (const field of document.querySelectorAll("[data-decide] [data-only]")) {
      field.hidden = !chosen || field.dataset.only !== chosen.value;
    }
  }

  function choose(box) {
    box.checked = true;
    narrow();
    codes.focus();
  }

  const onList = {
    j: () => move(1),
    k: () => move(-1),
    o: () => rows().includes(document.activeElement) && document.activeElement.click(),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
  };
  const onOne = {
    j: () => follow("next"),
    n: () => follow("next"),
    k: () => follow("prev"),
    ArrowRight: () => follow("next"),
    ArrowLeft: () => follow("prev"),
    u: () => follow("up"),
  };

  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key === "Enter" && event.ctrlKey && form && form.matches("[data-decide]")) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const box = outcomes[Number(event.key) - 1];
    if (box && (event.target === codes || !event.target.matches(TYPING))) {
      event.preventDefault();
      choose(box);
      return;
    }
    const moves = event.key.startsWith("Arrow");
    if (event.target.matches(TYPING) || (moves && event.target.matches("[type=radio]"))) return;
    if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      if (field) { event.preventDefault(); field.focus(); }
      return;
    }
    const act = (rows().length ? onList : onOne)[event.key];
    // Arrows scroll a page that has no row in focus yet.
    if (!act || (moves && rows().length && !rows().includes(document.activeElement))) return;
    event.preventDefault();
    act();
  });

  for (const box of outcomes) box.addEventListener("change", narrow);
  if (codes) narrow();
})();
