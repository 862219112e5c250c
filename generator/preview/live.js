/* Reloads the page when the site was built anew, and shows the faults of a build that failed. Only `variorum serve`
   adds it to pages. While the tab is hidden its stream is closed: a browser allows six connections to one server. */
(() => {
  "use strict";
  const own = document.currentScript.dataset.build;
  let source = null;
  let banner = null;

  function show(faults) {
    if (banner) banner.remove();
    banner = null;
    if (!faults.length) return;
    banner = document.createElement("div");
    banner.setAttribute("role", "alert");
    banner.id = "variorum-faults";
    Object.assign(banner.style, {
      position: "fixed", inset: "auto 0 0 0", zIndex: 2147483647, maxHeight: "50vh", overflow: "auto", margin: 0, padding: "0.8rem 1rem",
      font: "14px/1.45 ui-monospace, monospace", color: "#fff", background: "#7a1010", borderTop: "3px solid #ff8a80", whiteSpace: "pre-wrap",
      overflowWrap: "anywhere",
    });
    banner.textContent = "This is the last good site: the build failed.\n" + faults.join("\n");
    document.body.append(banner);
  }

  function open() {
    if (source || document.hidden) return;
    source = new EventSource("/__variorum__/events");
    source.onmessage = (event) => {
      const notice = JSON.parse(event.data);
      if (notice.build !== own) {
        close();
        location.reload();
      } else {
        show(notice.faults);
      }
    };
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
})();
