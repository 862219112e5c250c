/* Enhancement only: every view, filter and note works without this file, and nothing waits for it.
   Parts: theme, state and address, stepping, notes and their card, links, keys. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  const memory = (key, ...value) => {
    try { return value.length ? localStorage.setItem(key, value) : localStorage.getItem(key); } catch { return null; } // private mode
  };
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  /* What scripts say stands in the page, in its language: a message with its values set in. */
  const word = (name, values = {}) => $("#words").dataset[name].replace(/%\((\w+)\)s/g, (_, key) => values[key]);
  const say = (text) => $("#live")?.replaceChildren(text);

  /* ---- theme */
  const THEMES = ["auto", "light", "dark"];
  let theme = memory("theme");
  function setTheme() {
    if (!THEMES.includes(theme)) theme = "auto";
    root.dataset.theme = theme;
    const button = $("#theme");
    if (button) button.title = button.ariaLabel = button.dataset[theme];
  }
  function nextTheme() {
    theme = THEMES[THEMES.indexOf(theme) + 1];
    setTheme();
    memory("theme", theme);
    say($("#theme").title);
  }

  setTheme();
  $("#theme")?.addEventListener("click", nextTheme);
  if ($("body.cmp")) comparison();

  function comparison() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const narrow = matchMedia("(max-width: 53.99rem)");
    const EDGE = 70; // where the tools end and reading begins, in pixels
    const text = $("#text");
    const views = $$('input[name="view"]');
    const view = () => views.find((one) => one.checked).value;
    const show = $("#show");
    const position = $("#pos");
    const card = $("#card");
    const help = $("#help");
    let current = null;
    let currentNote = null;
    let opener = null;

    const shown = (element) => element.checkVisibility({ visibilityProperty: true });
    const reveal = (element) => element.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
    const address = (hash, query = location.search) => history.replaceState(null, "", location.pathname + query + hash);

    /* ---- state: it lives in the controls, the style sheet reads it, the address mirrors it */
    function mirror() {
      const query = new URLSearchParams(location.search);
      if (view() === "inline") query.delete("view"); else query.set("view", view());
      if (show.value === "all") query.delete("show"); else query.set("show", show.value);
      address(location.hash, String(query) && `?${query}`);
    }
    function changed() { clear(); mirror(); count(); }
    const box = (element) => element.getBoundingClientRect();
    const topRow = () => $$(".row").find((one) => box(one).height && box(one).bottom > EDGE);
    function setView(index) {
      const row = topRow();
      const top = row && box(row).top;
      const isReading = box(text).top < 60;
      views[index].checked = true;
      changed();
      if (row && isReading) scrollBy({ top: box(row).top - top, behavior: "instant" });
      say(word("view", { view: views[index].parentNode.textContent.trim() }));
    }
    function recall() {
      const query = new URLSearchParams(location.search);
      for (const one of views) if (one.value === query.get("view")) one.checked = true;
      if ([...show.options].some((option) => option.value === query.get("show"))) show.value = query.get("show");
    }

    /* ---- stepping through changes and notes */
    const keyOf = (element) => element.id || element.dataset.c;
    const parts = (key) => $$(`#${CSS.escape(key)}, [data-c="${key}"]`);
    /* What a view and a filter show is asked of classes, as the style sheet does: asking for boxes would lay out the whole page. */
    const inView = (what) => $$(`:is(${{ inline: ".m", side: ".a, .b" }[view()] ?? `.${view()}`}) ${what}`, text);
    const kind = () => show.selectedOptions[0].closest("optgroup") ? `[data-kind~="${show.value}"]` : "";
    function stops() {
      const found = new Map();
      const kept = { all: "*", main: ":not(.q), .n", notes: ".n" }[show.value] ?? kind();
      for (const element of inView(`:is(.c, .x):not(.ty):is(${kept})`)) if (!found.has(keyOf(element))) found.set(keyOf(element), element);
      return [...found];
    }
    const references = () => inView(kind() ? `.ref${kind()}:not(.c:not(${kind()}) > *)` : ".ref");
    const FORMS = ["zero", "one", "two", "few", "many", "other"];
    const plural = new Intl.PluralRules(root.lang);
    function count() {
      const total = stops().length;
      position.textContent = word("changes", { num: total }).split("|")[FORMS.indexOf(plural.select(total))];
      position.href = "#text";
      current = null;
    }
    const clear = () => { for (const element of $$(".cur, .on")) element.classList.remove("cur", "on"); };
    /* The next element below the edge, or the last above it; only those of the row at the edge are asked where they are. */
    function nearest(elements, step) {
      const row = topRow();
      const isBelow = (element) => row && (row.contains(element) ? box(element).top > EDGE : row.compareDocumentPosition(element) & 4);
      const index = step > 0 ? elements.findIndex(isBelow) : elements.findLastIndex((element) => !isBelow(element));
      return index >= 0 ? index : step > 0 ? 0 : elements.length - 1;
    }
    function next(list, at, step, elements) {
      return at < 0 ? nearest(elements, step) : (at + step + list.length) % list.length;
    }
    function go(step) {
      const list = stops();
      if (!list.length) return;
      const at = next(list, list.findIndex(([key]) => key === current), step, list.map(([, element]) => element));
      select(list, at);
      reveal(list[at][1]);
    }
    function select(list, at) {
      clear();
      current = list[at][0];
      for (const element of parts(current)) element.classList.add("cur");
      position.textContent = word("place", { number: at + 1, total: list.length });
      position.href = `#${current}`;
      address(`#${current}`);
      say(word("change", { number: at + 1, total: list.length, what: words(current) }));
    }
    function words(key) {
      const plain = (tag) => parts(key).flatMap((element) => $$(tag, element)).map((element) => element.textContent).join("").trim();
      const [gone, come] = [plain("del"), plain("ins")];
      const about = document.getElementById(key)?.title;
      const what = word(gone && come ? "becomes" : gone ? "gone" : "come", { a: gone, b: come });
      return about ? word("about", { what, about }) : what;
    }
    function goNote(step) {
      const list = references();
      if (!list.length) return;
      clear();
      currentNote = list[next(list, list.indexOf(currentNote), step, list)];
      reveal(currentNote);
      currentNote.focus({ preventScroll: true });
    }

    /* ---- notes: a passage, its number and its margin note light up together; the card shows the whole note */
    function light(keys, on) {
      for (const key of keys.split(" ")) {
        for (const element of $$(`.row [data-note~="${key}"]`)) if (!element.closest(".rn")) element.classList.toggle("on", on);
      }
    }
    const hover = (on) => ({ target }) => {
      const element = target.closest?.("[data-note]");
      if (element) light(element.dataset.note, on);
    };
    function button(label, name, action) {
      const made = make("button", { type: "button", ...name }, label);
      made.addEventListener("click", () => action(made));
      return made;
    }
    async function copy(from, value) {
      try { await navigator.clipboard.writeText(value); from.textContent = word("copied"); } catch { from.textContent = value; }
      say(from.textContent);
    }
    const linkTo = (id) => new URL(`#${id}`, location.href).href;
    const cite = (what, address) => word("cited", { what, page: $("h1").textContent, site: $('meta[property="og:site_name"]')?.content ?? document.title, address });
    const named = (note) => word("note", { title: $("h3", note).textContent });
    function copyReference() {
      const note = opener ?? document.activeElement.closest(".ref");
      const row = topRow() ?? $(".row");
      const [what, id] = note ? [named($(`#note-${note.dataset.note}`)), `note-${note.dataset.note}`]
        : current ? [words(current), current]
        : [$(".pn", row) ? word("paragraph", { number: $(".pn", row).textContent }) : $(".only-l", row).textContent.trim().slice(2), row.id];
      copy(position, cite(what, linkTo(id)));
    }
    function openCard(reference) {
      const key = reference.dataset.note;
      const note = document.getElementById(`note-${key}`);
      if (!note || !card.showPopover) return false;
      const link = linkTo(`note-${key}`);
      const head = make("div", { class: "card-h" }, make("b", { class: $(".num", note).className }, $(".num", note).textContent),
        make("b", {}, $(".kd", note).textContent), make("span", {}, $(".sv", note).textContent),
        button("×", { "aria-label": word("close") }, () => card.hidePopover()));
      const more = make("p", { class: "more" }, make("a", { href: `#note-${key}` }, word("list")),
        button(word("link"), {}, (self) => copy(self, link)),
        button(word("reference"), {}, (self) => copy(self, cite(named(note), link))));
      $("a", more).addEventListener("click", () => card.hidePopover());
      card.replaceChildren(head, $(".nb", note).cloneNode(true), more);
      card.classList.toggle("sheet", narrow.matches);
      if (card.matches(":popover-open")) card.hidePopover();
      opener = reference;
      card.showPopover();
      place();
      $("button", card).focus({ preventScroll: true });
      light(key, true);
      address(`#d-${key}`);
      return true;
    }
    function place() {
      if (narrow.matches) { card.style.removeProperty("left"); card.style.removeProperty("top"); return; }
      const at = box(opener);
      const { offsetWidth: width, offsetHeight: height } = card;
      card.style.left = `${Math.max(12, Math.min(at.left - 24, innerWidth - width - 12))}px`;
      card.style.top = `${at.bottom + height + 14 < innerHeight ? at.bottom + 10 : Math.max(12, at.top - height - 10)}px`;
    }
    function closed({ newState }) {
      if (newState !== "closed" || !opener) return;
      light(opener.dataset.note, false);
      if (card.contains(document.activeElement) || document.activeElement === document.body) opener.focus({ preventScroll: true });
      opener = null;
    }

    /* ---- a link into a part that the view or the filter hides */
    function arrive() {
      const key = decodeURIComponent(location.hash.slice(1));
      const target = key && document.getElementById(key);
      if (!target || shown(target) || !target.closest(".row")) return;
      const note = target.dataset.note;
      const same = note ? `[data-note~="${note}"]` : `[data-c="${CSS.escape(key)}"]`;
      const twin = () => $$(`.row ${same}`).find((element) => shown(element) && element.matches(".d, .x, .ref"));
      if (!twin() && show.value !== "all") { show.value = "all"; changed(); }
      if (!twin() && !shown(target)) { views[0].checked = true; changed(); }
      const found = shown(target) ? target : twin() ?? target.closest(".row");
      clear();
      if (found.matches(".d")) light(note, true); else found.classList.add("cur");
      reveal(found);
    }

    /* ---- keys */
    const keysOn = $("#keys-on");
    const openHelp = () => { if (!help.open) help.showModal(); };
    const keys = {
      j: () => go(1), k: () => go(-1), n: () => goNote(1), p: () => goNote(-1), c: copyReference, t: nextTheme, "?": openHelp,
      f: () => {
        show.selectedIndex = (show.selectedIndex + 1) % show.options.length;
        changed();
        say(word("showing", { filter: show.options[show.selectedIndex].text }));
      },
      ...Object.fromEntries(views.map((_, index) => [String(index + 1), () => setView(index)])),
    };
    function pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || help.open || !keysOn.checked) return;
      if (!Object.hasOwn(keys, event.key) || event.target.closest("select, textarea, input:not([type=radio])")) return;
      keys[event.key]();
      event.preventDefault();
    }
    function clicked(event) {
      const note = event.target.closest("a.ref, .rn a, .sn");
      if (note && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        const from = note.matches(".sn") ? document.getElementById(`ref-${note.dataset.note}`) : note;
        if (from && openCard(from)) event.preventDefault();
        return;
      }
      const change = event.target.closest("#text .c, #text .x:not(.ty)");
      if (!change || event.target.closest("a") || String(getSelection())) return;
      const list = stops();
      const at = list.findIndex(([key]) => key === keyOf(change));
      if (at >= 0) select(list, at);
    }

    recall();
    keysOn.checked = memory("keys") !== "off";
    keysOn.addEventListener("change", () => memory("keys", keysOn.checked ? "on" : "off"));
    for (const one of views) one.addEventListener("change", changed);
    show.addEventListener("change", changed);
    $("#next").addEventListener("click", () => go(1));
    $("#prev").addEventListener("click", () => go(-1));
    $("#copy").addEventListener("click", copyReference);
    $("#help-b").addEventListener("click", openHelp);
    help.addEventListener("click", (event) => { if (event.target === help) help.close(); });
    for (const type of ["mouseover", "focusin"]) document.addEventListener(type, hover(true));
    for (const type of ["mouseout", "focusout"]) document.addEventListener(type, hover(false));
    card.addEventListener("toggle", closed);
    addEventListener("scroll", () => { if (opener && !narrow.matches && card.matches(":popover-open")) place(); }, { passive: true });
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", pressed);
    addEventListener("hashchange", arrive);
    count();
    arrive();
  }
})();
