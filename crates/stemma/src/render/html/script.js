"use strict";
// Choosing a statement lights up all its cells and brings every column of text to its own. Citations can be copied.
(() => {
  const status = document.getElementById("chosen");
  const columns = document.querySelector(".columns");
  const regions = [...document.querySelectorAll("a.region")];
  const of = (id) => regions.filter((region) => region.dataset.of.split(" ").includes(id));
  let chosen = null;

  const clear = () => {
    document.querySelectorAll(".lit").forEach((region) => region.classList.remove("lit"));
    if (status) status.hidden = true;
    chosen = null;
  };

  const bringColumns = (cells, except) => {
    const seen = new Set(except ? [except] : []);
    for (const cell of cells) {
      const column = cell.closest("article.text");
      if (seen.has(column)) continue;
      seen.add(column);
      const offset = cell.getBoundingClientRect().top - column.getBoundingClientRect().top;
      column.scrollTo({ top: column.scrollTop + offset - column.clientHeight / 3 });
    }
  };

  const link = (address, text) => {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    return link;
  };

  const choose = (id, from) => {
    clear();
    const cells = of(id);
    if (!cells.length) return false;
    chosen = id;
    cells.forEach((cell) => cell.classList.add("lit"));
    bringColumns(cells, from);
    const region = cells.find((cell) => cell.dataset.of.split(" ").pop() === id) || cells[0];
    const shown = [...document.querySelectorAll("article.text")].map((text) => text.id.slice(5));
    const item = document.getElementById(id);
    const number = item ? ` ${item.querySelector(".number").textContent}` : "";
    status.textContent = `Statement${number}: in`;
    for (const letter of region.dataset.in.split(" ")) {
      const there = shown.includes(letter);
      status.append(" ", link(there ? `#text-${letter}` : `?reports=${shown[0]},${letter}&statement=${id}`, letter));
    }
    const address = columns.dataset.statements ? columns.dataset.statements + id : `#${id}`;
    status.append(". ", link(address, "Show how they differ"), " (Esc closes)");
    status.hidden = false;
    return true;
  };

  document.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const region = event.target.closest("a.region");
    if (region) {
      event.preventDefault();
      const id = region.dataset.of.split(" ").pop();
      if (chosen === id) clear();
      else choose(id, region.closest("article.text"));
      // On a server, the address names what is chosen.
      if (columns.dataset.statements) history.replaceState(null, "", chosen ? region.href.split("#")[0] : location.pathname + location.search);
      return;
    }
    const choice = event.target.closest("a[data-choose]");
    if (choice) choose(choice.dataset.choose, null);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });

  // What the address names stands lit already; the columns come to it.
  if (columns && columns.dataset.statements) {
    const lit = [...document.querySelectorAll("a.region.lit")];
    if (lit.length) bringColumns(lit, null);
  }

  if (navigator.clipboard) {
    for (const citation of document.querySelectorAll(".citation")) {
      const words = citation.textContent;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", () => navigator.clipboard.writeText(words).then(() => { button.textContent = "Copied"; }));
      citation.after(button);
    }
  }
})();
