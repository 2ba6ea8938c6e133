"use strict";
// The filter of the findings, and evidence on paper. All is readable without this.
(() => {
  const form = document.getElementById("filter");
  const open = () => document.querySelectorAll("details").forEach((one) => { one.open = true; });
  window.addEventListener("beforeprint", open);
  if (!form) return;
  const search = document.getElementById("search");
  const matched = document.getElementById("matched");
  const nothing = document.getElementById("nothing");
  const rules = [...document.querySelectorAll("article.rule")].map((element) => ({
    element,
    severity: element.dataset.severity,
    head: element.querySelector("h4").textContent + " " + element.querySelector(".about").textContent,
    rows: [...element.querySelectorAll("tr.finding")].map((row) => ({ row, words: row.textContent.toLowerCase() })),
  }));
  const headings = [...document.querySelectorAll("#findings h3")];
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set([...form.querySelectorAll("input[name=severity]:checked")].map((one) => one.value));
    let shown = 0;
    for (const rule of rules) {
      const head = rule.head.toLowerCase();
      const chosen = severities.has(rule.severity);
      let any = 0;
      for (const { row, words: said } of rule.rows) {
        const fits = chosen && words.every((word) => said.includes(word) || head.includes(word));
        row.hidden = !fits;
        any += fits ? 1 : 0;
      }
      rule.element.hidden = any === 0;
      shown += any;
    }
    for (const heading of headings) {
      let next = heading.nextElementSibling;
      let any = false;
      while (next && next.matches("article")) {
        any = any || !next.hidden;
        next = next.nextElementSibling;
      }
      heading.hidden = !any;
    }
    const all = rules.reduce((sum, rule) => sum + rule.rows.length, 0);
    matched.textContent = shown === all ? "" : `${shown} of ${all} shown`;
    nothing.hidden = shown > 0;
  };
  let waiting;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", filter);
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  document.querySelectorAll("a.find").forEach((link) => link.addEventListener("click", () => {
    search.value = link.dataset.find;
    filter();
  }));
  form.hidden = false;
})();
