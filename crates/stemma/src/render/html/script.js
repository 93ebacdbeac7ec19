"use strict";
// Choosing a statement lights up all its cells and brings every column of text to its own.
(() => {
  const status = document.getElementById("chosen");
  const regions = [...document.querySelectorAll("a.region")];
  const of = (id) => regions.filter((region) => region.dataset.of.split(" ").includes(id));
  let chosen = null;

  const clear = () => {
    document.querySelectorAll(".lit").forEach((region) => region.classList.remove("lit"));
    status.hidden = true;
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

  const choose = (id, from) => {
    clear();
    const cells = of(id);
    if (!cells.length) return false;
    chosen = id;
    cells.forEach((cell) => cell.classList.add("lit"));
    bringColumns(cells, from);
    const letters = new Set(cells.map((cell) => cell.closest("article.text").id.slice(5)));
    const item = document.getElementById(id);
    const number = item ? item.querySelector(".number").textContent : "";
    status.textContent = `Statement ${number}: in`;
    for (const letter of letters) {
      const place = document.createElement("a");
      place.href = `#text-${letter}`;
      place.textContent = letter;
      status.append(" ", place);
    }
    status.append(". ");
    const link = document.createElement("a");
    link.href = `#${id}`;
    link.textContent = "Show how they differ";
    status.append(link, " (Esc closes)");
    status.hidden = false;
    return true;
  };

  document.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const region = event.target.closest("a.region");
    if (region) {
      event.preventDefault();
      const id = region.getAttribute("href").slice(1);
      if (chosen === id) clear();
      else choose(id, region.closest("article.text"));
      return;
    }
    const link = event.target.closest("a[data-choose]");
    if (link) choose(link.dataset.choose, null);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
})();
