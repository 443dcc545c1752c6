// Search of the newsletter, an extra: without JavaScript the list stands there all the same.
"use strict";
const place = document.getElementById("finder");
const found = document.getElementById("found");
if (place && found) {
  const label = document.createElement("label");
  label.textContent = "Search the newsletter";
  const field = document.createElement("input");
  field.type = "search";
  field.id = "words";
  label.htmlFor = "words";
  place.append(label, field);
  let issues = null;
  field.addEventListener("input", async () => {
    issues = issues || await (await fetch("search.json")).json();
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = words.length ? issues.filter((one) => words.every((word) => one.text.includes(word))) : [];
    found.replaceChildren(...hits.map((one) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `issues/${one.name}.html`;
      link.textContent = one.title;
      line.append(link);
      return line;
    }));
  });
}
