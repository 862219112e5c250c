/* Narrows a list in place. Enhancement only: without it the severity is read by the style sheet, and tags, publishers and kinds have
   pages of their own. State: the controls, and the query of the address. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const box = document.getElementById("filter");
  if (!box) return;
  const status = document.getElementById("filter-status");
  const none = document.querySelector(".flt-n");
  const items = [...document.querySelectorAll("li[data-severity]")];
  const controls = [...box.querySelectorAll("select, input")];
  const isChosen = (control) => control.value && (control.type !== "radio" || control.checked);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function narrow() {
    const chosen = controls.filter(isChosen);
    for (const item of items)
      item.hidden = !chosen.every(({ name, value }) => item.dataset[name].split(" ").includes(value));
    for (const group of document.querySelectorAll(".grp")) group.hidden = !group.querySelector("li[data-severity]:not([hidden])");
    const shown = items.filter((item) => !item.hidden).length;
    none.hidden = shown > 0;
    status.textContent = chosen.length ? fill(box.dataset.status, { shown, total: items.length }) : "";
    if (chosen.length && box.dataset.sheet) status.append(` ${box.dataset.sheet} `, ...chosen.flatMap(every));
    return chosen;
  }
  /* A link to the page that lists all of what was chosen. */
  function every(control) {
    const option = control.selectedOptions?.[0];
    if (!option?.dataset.href) return [];
    const link = document.createElement("a");
    link.href = option.dataset.href;
    link.textContent = fill(box.dataset.every, { name: option.textContent });
    return [link, " "];
  }
  const asked = new URLSearchParams(location.search);
  for (const control of controls) {
    const value = asked.get(control.name);
    if (control.type === "radio") control.checked ||= value === control.value;
    else if (value && [...control.options].some((option) => option.value === value)) control.value = value;
  }
  box.addEventListener("change", () => {
    const query = new URLSearchParams(narrow().map(({ name, value }) => [name, value])).toString();
    history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
  });
  narrow();
});
