/* The page itself: choose or drop packets, see what holds. */
"use strict";

(() => {
  const input = document.getElementById("file"), drop = document.getElementById("drop"), results = document.getElementById("results");
  const status = document.getElementById("status");

  const made = (tag, text = "", className = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const said = (text) => { status.textContent = text; return new Promise((done) => setTimeout(done)); };
  const grouped = (hash) => hash.replace(/.{8}(?=.)/g, "$& ");

  function list(lines) {
    const items = made("ol");
    for (const line of lines) {
      const item = made("li", "", line.holds ? "holds" : "fails");
      item.append(made("span", line.holds ? "✓ " : "✗ ", "mark"), line.text);
      items.append(item);
    }
    return items;
  }

  function verdict(told) {
    const faults = told.lines.filter((line) => !line.holds);
    const box = made("div", "", faults.length ? "verdict fails" : "verdict holds");
    box.append(made("strong", faults.length ? `有 ${faults.length} 处不一致` : `${told.lines.length} 项全部一致`));
    if (told.body) box.append(made("p", `${told.body.title} · ${told.body.unit}(${told.body.agency_code})· ${told.body.page_count} 页`));
    if (told.root) {
      box.append(made("p", "总校验值,请与纸质封面上印的逐组核对:"));
      box.append(made("code", grouped(told.root)));
    }
    return box;
  }

  async function check(file) {
    const section = made("section");
    section.append(made("h2", file.name));
    results.prepend(section);
    await said(`正在核对 ${file.name} …`);
    try {
      const told = await packet.verify(new Uint8Array(await file.arrayBuffer()), (text) => said(`${file.name}:${text}`));
      const faults = told.lines.filter((line) => !line.holds);
      section.append(verdict(told));
      if (faults.length) section.append(list(faults));
      const all = made("details");
      all.append(made("summary", `全部 ${told.lines.length} 项`), list(told.lines));
      section.append(all);
    } catch (error) {
      const box = made("div", "", "verdict fails");
      box.append(made("strong", /[一-鿿]/.test(error.message) ? error.message : "这不是上报材料:应为本系统装订的 PDF 或压缩包"));
      section.append(box);
    }
    await said("核对完毕。");
  }

  async function checkAll(files) { for (const file of files) await check(file); }

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = ""; // the same file may be chosen again
    await checkAll(files);
  });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); checkAll([...event.dataTransfer.files]); });
})();
