/* Keeps a page of the preview up to date; only `variorum serve` adds it to pages. A page reloads when its own file or one that it
   loads changed, a changed style sheet is exchanged, a fault of the last build is shown over the last good page. Of all tabs that
   are to be seen one listens and tells the others: a browser allows six connections to one server. Parts: news, reload, marks, faults. */
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const KEY = "variorum-live";
  const BLOCKS = "h1, h2, h3, h4, h5, h6, p, li, dt, dd, td, th, blockquote, figcaption, summary, pre, [id]";
  const MARK_MS = 2000;
  let seen = own.build;
  let isLeaving = false;
  let dismissed = "";

  const memory = {
    take() {
      try { const kept = sessionStorage.getItem(KEY); sessionStorage.removeItem(KEY); return kept && JSON.parse(kept); } catch { return null; }
    },
    keep(value) { try { sessionStorage.setItem(KEY, JSON.stringify(value)); } catch { /* full or forbidden: nothing is brought back */ } },
  };

  /* ---- news */
  let source = null;
  let release = null;
  let awake = null;
  let turns = 0;
  let latest = 0; // the turn of what was heeded last: an answer that was asked for before that is old news
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(KEY) : null;

  function listen() {
    source = new EventSource(`/__variorum__/events?build=${seen}`);
    source.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      latest = ++turns;
      if (channel) channel.postMessage(news.id);
      heed(news);
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) { sleep(); setTimeout(wake, 2000); }
    };
  }

  async function ask() {
    const turn = ++turns;
    try {
      const news = await (await fetch(`/__variorum__/notice?build=${seen}`)).json();
      if (turn > latest) { latest = turn; heed(news); }
    } catch { /* stopped: whoever listens tells when it is back */ }
  }

  function wake() {
    if (document.hidden || awake) return;
    awake = new AbortController();
    if (!channel || !navigator.locks) { listen(); return; }
    ask();
    const lead = () => new Promise((done) => { release = done; listen(); });
    navigator.locks.request(KEY, { signal: awake.signal }, lead).catch(() => { /* went to sleep before its turn */ });
  }

  function sleep() {
    if (awake) awake.abort();
    if (source) source.close();
    if (release) release();
    awake = source = release = null;
  }

  function heed(news) {
    if (isLeaving) return;
    seen = news.id;
    const here = plain(location.pathname);
    if (news.prefix !== own.prefix && here.startsWith(own.prefix)) {
      const there = news.prefix + here.slice(own.prefix.length);
      location.replace(there.split("/").map(encodeURIComponent).join("/") + location.search + location.hash);
      return;
    }
    const changed = news.changed && new Set(news.changed);
    if (!changed || needed().some((route) => changed.has(route))) { reload(); return; }
    for (const link of sheets()) if (changed.has(routeOf(link.href))) exchange(link);
    show(news.faults);
  }

  /* ---- what this page is made of */
  const sheets = () => [...document.querySelectorAll('link[rel~="stylesheet"][href]:not([data-replaced])')];

  function plain(path) { try { return decodeURIComponent(path); } catch { return path; } }

  function routeOf(address) {
    const url = new URL(address, location.href);
    const path = plain(url.pathname);
    return url.origin === location.origin && path.startsWith(own.prefix) ? path.slice(own.prefix.length) : "";
  }

  function needed() {
    const page = routeOf(location.href);
    const pages = "missing" in own ? [page, `${page}/index.html`, "404.html"] : [page];
    const loaded = [...performance.getEntriesByType("resource").map((entry) => entry.name), ...[...document.querySelectorAll("[src]")].map((element) => element.src)];
    const styled = new Set(sheets().map((link) => routeOf(link.href)));
    return [...pages.map((route) => (route === "" || route.endsWith("/") ? `${route}index.html` : route)),
      ...loaded.map(routeOf).filter((route) => route && !styled.has(route))];
  }

  function exchange(link) {
    const fresh = link.cloneNode();
    const address = new URL(link.href);
    address.search = `?${seen}`;
    fresh.href = address.href;
    link.dataset.replaced = "";
    fresh.onload = fresh.onerror = () => link.remove();
    link.after(fresh);
  }

  /* ---- reload: what is on the page now, so that the next one can tell what is new, and stand where this one stood */
  function hash(text) {
    let value = 5381;
    for (let index = 0; index < text.length; index += 1) value = (value * 33 + text.charCodeAt(index)) | 0;
    return value;
  }
  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const blocks = () => [...(document.querySelector("main") ?? document.body).querySelectorAll(BLOCKS)].filter((element) => !element.closest(`#${KEY}`));
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
  const onScreen = (box) => box.bottom > 0 && box.top < innerHeight;
  const folds = () => [...document.querySelectorAll("details")];

  function reload() {
    isLeaving = true;
    sleep();
    const known = new Set();
    for (const element of blocks()) {
      const text = words(element);
      known.add(hash(element.tagName + text)).add(hash(element.tagName + text.replace(/\d+/g, "")));
    }
    const anchor = [...document.querySelectorAll("main [id]")].find((element) => isSeen(element) && element.getBoundingClientRect().top >= 0);
    memory.keep({
      page: location.pathname,
      at: [scrollX, scrollY],
      anchor: scrollY > 0 && anchor && onScreen(anchor.getBoundingClientRect()) ? [anchor.id, anchor.getBoundingClientRect().top] : null,
      open: folds().map((fold) => fold.open),
      focus: document.activeElement?.id ?? "",
      known: [...known],
      dismissed,
    });
    location.reload();
  }

  function stand(kept) {
    scrollTo({ left: kept.at[0], top: kept.at[1], behavior: "instant" });
    const anchor = kept.anchor && document.getElementById(kept.anchor[0]);
    if (anchor && isSeen(anchor)) scrollBy({ top: anchor.getBoundingClientRect().top - kept.anchor[1], behavior: "instant" });
  }

  /* ---- marks: the innermost parts whose words were not there before; numbers that merely moved on count only if nothing else did */
  function arrived(known) {
    const isNew = (strip) => (element) => {
      const text = words(element);
      return text && !known.has(hash(element.tagName + strip(text)));
    };
    for (const strip of [(text) => text.replace(/\d+/g, ""), (text) => text]) {
      const found = blocks().filter(isNew(strip)).filter(isSeen);
      const inner = found.filter((element, index) => !element.contains(found[index + 1] ?? null));
      if (inner.length) return inner;
    }
    return [];
  }

  function bringIntoSight(kept) {
    const found = arrived(new Set(kept.known));
    if (!found.length) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const distance = (element) => { const box = element.getBoundingClientRect(); return Math.abs(box.top + box.bottom - innerHeight); };
    if (!found.some((element) => onScreen(element.getBoundingClientRect()))) {
      const nearest = found.reduce((one, other) => (distance(other) < distance(one) ? other : one));
      nearest.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
    }
    for (const element of found.slice(0, 50)) {
      const shown = { outline: "3px solid #d97706", outlineOffset: "3px" };
      const frames = calm ? [shown, shown] : [shown, { ...shown, offset: 0.5 }, { ...shown, outlineColor: "transparent" }];
      element.animate(frames, { duration: MARK_MS, id: KEY });
    }
  }

  const kept = memory.take();
  if (kept && kept.page === location.pathname) {
    dismissed = kept.dismissed;
    const back = () => stand(kept);
    document.addEventListener("DOMContentLoaded", () => {
      folds().forEach((fold, index) => { if (kept.open.length === folds().length) fold.open = kept.open[index]; });
      if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
      back();
    });
    addEventListener("load", () => requestAnimationFrame(() => { back(); bringIntoSight(kept); }));
  }

  /* ---- faults: in a shadow root, out of reach of the page's own styles */
  const STYLE = `
    :host { all: initial; position: fixed; inset: auto 0 0 0; z-index: 2147483647; }
    section { box-sizing: border-box; max-height: 60vh; overflow: auto; padding: 0.9rem 1.1rem; color: #fff; background: #6d1212; border-top: 4px solid #ff8a80;
      font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    header { display: flex; gap: 1rem; justify-content: space-between; align-items: start; }
    h2 { margin: 0; font-size: 1.05rem; }
    button { flex: none; font: inherit; color: inherit; background: #8f2323; border: 1px solid #ffb4ab; border-radius: 4px; padding: 0.2rem 0.8rem; cursor: pointer; }
    button:focus-visible, pre:focus-visible { outline: 3px solid #fff; outline-offset: 2px; }
    ol { margin: 0.6rem 0 0; padding: 0; list-style: none; }
    li { margin: 0 0 0.9rem; }
    b, pre { font-family: ui-monospace, monospace; font-size: 0.93em; }
    p { margin: 0; }
    .hint { color: #ffdad6; }
    pre { margin: 0.3rem 0 0; padding: 0.3rem 0.7rem 1.3rem; background: #420606; white-space: pre; overflow-x: auto; }
    pre i { font-style: normal; color: #ffb4ab; user-select: none; }
    pre mark { position: relative; color: inherit; background: #a33; }
    pre mark::after { content: "^"; position: absolute; left: 0; top: 1.15em; color: #ffdad6; font-weight: bold; }
    @media print { :host { display: none; } }`;
  let overlay = null;

  const make = (tag, ...children) => { const element = document.createElement(tag); element.append(...children); return element; };

  function item(fault) {
    const about = make("p", make("b", fault.place), ` ${fault.message}`);
    const parts = [about];
    if (fault.hint) { const hint = make("p", fault.hint); hint.className = "hint"; parts.push(hint); }
    if (fault.line) {
      const number = make("i", `${fault.line} │ `);
      number.ariaHidden = "true";
      const code = make("pre", number, fault.before, ...(fault.at ? [make("mark", fault.at)] : []), fault.after);
      code.tabIndex = 0;
      parts.push(code);
    }
    return make("li", ...parts);
  }

  function show(faults) {
    const text = JSON.stringify(faults);
    if (overlay) overlay.remove();
    overlay = null;
    if (!faults.length || text === dismissed) return;
    const many = faults.length === 1 ? "1 error" : `${faults.length} errors`;
    const title = make("h2", "missing" in own ? many : `${many}: this is the last good page`);
    const close = make("button", "Dismiss");
    close.type = "button";
    const shut = () => { dismissed = text; show(faults); };
    close.onclick = shut;
    const section = make("section", make("header", title, close), make("ol", ...faults.map(item)));
    section.setAttribute("role", "alert");
    section.onkeydown = (event) => { if (event.key === "Escape") { shut(); event.stopPropagation(); } };
    overlay = make("div");
    overlay.id = KEY;
    const root = overlay.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    document.body.append(overlay);
    root.append(section);
  }

  if (channel) channel.onmessage = ({ data }) => { if (awake && data !== seen) ask(); };
  document.addEventListener("visibilitychange", () => (document.hidden ? sleep() : wake()));
  addEventListener("pagehide", sleep);
  addEventListener("pageshow", wake);
  wake();
})();
