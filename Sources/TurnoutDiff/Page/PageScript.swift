/// The filter of the list of use cases. Without it the page shows all of them.
enum PageScript {
  /// What the page's policy lets run: the script's hash, which `Tests/Page/run` checks.
  static let digest = "sha256-LbJ0OpGERO2gNF17nZrbIBLVCev+W20HTENclRETnUA="

  static let text = """
    (() => {
      "use strict";
      const box = document.getElementById("filter");
      if (!box) return;
      const found = document.getElementById("found");
      const rows = [...document.querySelectorAll(".index tbody tr")].map((row) => ({
        row, name: row.cells[0].textContent.toLowerCase(),
        link: row.cells[0].querySelector("a")?.hash.slice(1),
      }));
      const articles = [...document.querySelectorAll("article")];
      const rest = document.querySelector("#main > details");
      const show = () => {
        const part = box.value.trim().toLowerCase();
        const links = new Set();
        let count = 0;
        for (const { row, name, link } of rows) {
          const fits = name.includes(part);
          if (row.hidden === fits) row.hidden = !fits;
          if (!fits) continue;
          count += 1;
          if (link) links.add(link);
        }
        for (const article of articles) article.hidden = !links.has(article.id);
        if (rest && part) rest.open = true;
        found.textContent = part ? `${count} of ${rows.length}` : "";
      };
      box.addEventListener("input", show);
      box.closest("label").hidden = false;
      if (box.value) show();
    })();
    """
}
