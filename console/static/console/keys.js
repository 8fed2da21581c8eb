// Keyboard use of the pages. Everything works without it; it only follows links that are there already.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] a.name")];

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

  const onList = { j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1) };
  const onSuspect = {
    j: () => follow("next"),
    k: () => follow("prev"),
    ArrowRight: () => follow("next"),
    ArrowLeft: () => follow("prev"),
    u: () => follow("up"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.matches("input, select, textarea, button")) return;
    if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      if (field) { event.preventDefault(); field.focus(); }
      return;
    }
    const act = (rows().length ? onList : onSuspect)[event.key];
    // Arrows scroll a page that has no row in focus yet.
    if (!act || (event.key.startsWith("Arrow") && rows().length && !rows().includes(document.activeElement))) return;
    event.preventDefault();
    act();
  });
})();
