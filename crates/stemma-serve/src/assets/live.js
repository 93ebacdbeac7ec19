"use strict";
// Says that the store has changed since the page was made; the reader decides when to look.
(() => {
  const told = document.getElementById("news");
  if (!told || !window.EventSource) return;
  const before = { stories: Number(told.dataset.stories), reports: Number(told.dataset.reports) };
  const source = new EventSource("/events");
  source.addEventListener("changed", (event) => {
    const now = JSON.parse(event.data);
    const reports = now.reports - before.reports;
    const words = [];
    if (reports > 0) words.push(`${reports} new ${reports === 1 ? "report" : "reports"}`);
    else words.push("Stories have changed");
    told.textContent = `${words.join(", ")}. `;
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "Show";
    told.append(again);
    told.hidden = false;
  });
})();
