/* The search page over Pagefind's index. Results are built of text alone: no markup comes from the index. A classic script, so
   that it runs, and can say why it cannot search, on a page opened from a folder too. */
(() => {
  "use strict";
  const PAGE = 10;         /* comparisons shown at first, and at each step */
  const PASSAGES = 3;      /* passages of a comparison */
  const BEFORE = 8, AFTER = 20;   /* words of a passage around the first one found */
  const form = document.getElementById("search");
  const input = form.querySelector("input");
  const selects = [...form.querySelectorAll("select")];
  const status = document.getElementById("status");
  const list = document.getElementById("results");
  const more = document.getElementById("more");
  const say = (name, num = "") => { status.textContent = name ? form.dataset[name].replace("{num}", num) : ""; };
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  let index;
  let asked = 0;
  let found = [];
  let shown = 0;

  function load() {
    index ??= (async () => {
      const folder = new URL(form.dataset.index, document.baseURI);
      const pagefind = await import(new URL("pagefind.js", folder).href);
      await pagefind.options({ basePath: folder.href, baseUrl: new URL(form.dataset.root || ".", document.baseURI).pathname, noWorker: true });
      await pagefind.init();
      await offer(await pagefind.filters());
      return pagefind;
    })();
    return index;
  }

  /* ---- filters: a list of each that has anything to choose from */
  async function offer(filters) {
    for (const select of selects) {
      const values = Object.entries(filters[select.dataset.filter] ?? {}).sort(([a], [b]) => a.localeCompare(b));
      for (const [value, count] of values) select.append(make("option", { value }, `${value} (${count})`));
      select.parentElement.hidden = values.length === 0;
      select.value = new URLSearchParams(location.search).get(select.dataset.filter) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
  }

  /* ---- a query */
  async function search() {
    const query = input.value.trim();
    const turn = ++asked;
    try {
      if (query || !index) say("loading");
      const pagefind = await load();
      const chosen = Object.fromEntries(selects.filter((each) => each.value).map((each) => [each.dataset.filter, each.value]));
      remember(query, chosen);
      if (!query && !Object.keys(chosen).length) { found = []; list.replaceChildren(); more.hidden = true; say(""); return; }
      const answer = await pagefind.search(query || null, { filters: chosen });
      if (turn !== asked) return;
      found = answer.results;
      shown = 0;
      list.replaceChildren();
      await show(turn);
      say(found.length ? "found" : "none", found.length);
    } catch {
      if (turn === asked) say("failed");
    }
  }

  function remember(query, chosen) {
    const address = new URL(location.href);
    address.search = new URLSearchParams({ ...(query && { q: query }), ...chosen }).toString();
    history.replaceState(null, "", address);
  }

  async function show(turn) {
    const next = found.slice(shown, shown + PAGE);
    const data = await Promise.all(next.map((result) => result.data()));
    if (turn !== asked) return;
    shown += next.length;
    list.append(...data.map(entry));
    more.hidden = shown >= found.length;
  }

  /* ---- a result: the title, and the passages in which the words stand, each leading to its place on the page */
  function entry(data) {
    const item = make("li", {}, make("h2", {}, make("a", { href: data.url }, data.meta.title ?? data.url)));
    const source = [data.meta.versions, data.meta.date].filter(Boolean).join(" · ");
    if (source) item.append(make("p", { class: "find-v" }, source));
    for (const passage of passages(data)) item.append(passage);
    return item;
  }

  function passages(data) {
    const text = data.raw_content ?? data.content;
    /* Scripts without spaces come with a mark between words; a text may hold one of its own. */
    const [spaced, marked] = [text.split(/\s+/), text.split("\u200b")];
    const isSpaced = spaced.length >= marked.length;
    const words = isSpaced ? spaced : marked;
    const hits = [...new Set(data.locations)].sort((a, b) => a - b);
    const anchors = data.anchors.filter((anchor) => /^(note-|[px]\d)/.test(anchor.id)).sort((a, b) => a.location - b.location);
    const places = new Map();
    for (const hit of hits) {
      const anchor = anchors.findLast((each) => each.location <= hit);
      const key = anchor?.id ?? "";
      if (!places.has(key)) places.set(key, { anchor, hits: [] });
      places.get(key).hits.push(hit);
    }
    const best = [...places.values()].sort((a, b) => b.hits.length - a.hits.length || a.hits[0] - b.hits[0]).slice(0, PASSAGES);
    best.sort((a, b) => a.hits[0] - b.hits[0]);
    return best.map(({ anchor, hits: [first] }) => {
      const next = anchors.find((each) => each.location > first)?.location ?? words.length;
      const start = Math.max(anchor?.location ?? 0, first - BEFORE);
      const end = Math.min(next, Math.max(first + 1, start + BEFORE + AFTER));
      const line = make("p", { class: "find-p" });
      if (anchor) {
        const where = form.dataset[anchor.id.startsWith("note-") ? "note" : "text"];
        line.append(make("a", { href: `${data.url}#${anchor.id}` }, where), " ");
      }
      if (start > (anchor?.location ?? 0)) line.append("… ");
      for (let place = start; place < end; place++) {
        if (place > start && isSpaced && !/^[.,;:!?)\]’”»]/.test(words[place])) line.append(" ");
        line.append(hits.includes(place) ? make("mark", {}, words[place]) : words[place]);
      }
      if (end < next) line.append(" …");
      return line;
    });
  }

  /* ---- controls */
  form.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  let timer;
  input.addEventListener("focus", () => load().catch(() => say("failed")), { once: true });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 200); });
  for (const select of selects) select.addEventListener("change", search);
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
  more.addEventListener("click", async () => {
    const last = list.lastElementChild;
    await show(asked);
    last?.nextElementSibling?.querySelector("a")?.focus();
  });
  if (location.search) search(); else input.focus();
})();
