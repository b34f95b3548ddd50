// Everything works without this file. It moves the focus to what must be read first, says before
// sending that files are too large or too many, and keeps a form from being sent twice.
"use strict";
(() => {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  const said = (form) => {
    let box = form.querySelector("[data-said]");
    if (!box) {
      box = document.createElement("p");
      box.className = "fault";
      box.dataset.said = "";
      box.setAttribute("role", "alert");
      form.prepend(box);
    }
    return box;
  };

  const refusal = (form) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const limit = Number(form.dataset.limit || 0);
    const count = Number(form.dataset.count || 0);
    if (limit && size > limit) return `选中的文件共 ${(size / 1048576).toFixed(1)} MB,一次不超过 ${limit / 1048576} MB。请分几次上传`;
    if (count && files.length > count) return `选中了 ${files.length} 个文件,一次最多 ${count} 个。请分几次上传`;
    return "";
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const message = refusal(form);
    if (message || form.dataset.sent) {
      event.preventDefault();
      if (message) said(form).textContent = message;
      return;
    }
    if (form.dataset.download === undefined) form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  const total = document.querySelector("[data-total]");
  const scores = [...document.querySelectorAll("[name^='items.'][name$='.self']")];
  if (total && scores.length) {
    total.hidden = false;
    const add = () => {
      const sum = scores.reduce((all, box) => all + (Number(box.value) || 0), 0);
      total.textContent = `本部分自评 ${sum} 分`;
    };
    scores.forEach((box) => box.addEventListener("input", add));
    add();
  }

  // What was typed and not saved is not lost by a slip of the hand.
  const typed = document.querySelector("form[data-typed]");
  if (typed) {
    let changed = false;
    typed.addEventListener("input", () => { changed = true; });
    typed.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
})();
