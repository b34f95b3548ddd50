/* What holds and what does not in a packet, in the words of `census verify`; services/bundle/verify*.py do the same. */
"use strict";

(() => {
  const MANIFEST = "manifest.json", PACKET = "上报材料.pdf", VERIFIER = "核验.html", FORMAT = "census-packet/2";
  const ZEROS = new Uint8Array(64).fill(48);
  const SEALS = {
    whole: [true, "封记完好:装订以后没有一个字节改动"],
    changed: [false, "封记不符:装订以后有字节被改动"],
    appended: [false, "文件末尾在装订以后多出了内容"],
    again: [true, "没有封记:这份材料被别的程序另存过,只按内容核对"],
  };

  /* The text that hashes are taken over: keys in order, no blanks. The manifest has whole numbers and texts alone. */
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (!value || typeof value !== "object") return JSON.stringify(value);
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  };

  const rootOf = (body) => {
    const { root_sha256: _, ...bare } = body;
    return packet.sha256(packet.utf8(canonical(bare)));
  };

  const named = (entry) => (entry.number ? `第 ${entry.number} 件` : "") + `《${entry.title}》`;
  const where = (entry) => `${named(entry)}第 ${entry.first_page}–${entry.last_page} 页`;

  async function seal(data, isZip) {
    const tail = packet.binary(data.subarray(Math.max(0, data.length - 2048)));
    const found = (isZip ? /PK\x05\x06[^]{16}\x4c\x00census-seal ([0-9a-f]{64})$/ : /\n%census-seal ([0-9a-f]{64})\nstartxref\n\d+\n%%EOF\n$/).exec(tail);
    if (found) {
      const at = data.length - tail.length + tail.lastIndexOf(found[1]);
      const whole = packet.joined([data.subarray(0, at), ZEROS, data.subarray(at + 64)]);
      return (await packet.sha256(whole)) === found[1] ? "whole" : "changed";
    }
    return isZip ? zipEnd(tail) : pdfEnd(data, tail);
  }

  function zipEnd(tail) {
    if (tail.includes("census-seal ")) return /census-seal [0-9a-f]{64}[^]/.test(tail) ? "appended" : "changed";
    const end = tail.lastIndexOf("PK\x05\x06");
    const said = end < 0 ? 0 : tail.charCodeAt(end + 20) + 256 * tail.charCodeAt(end + 21);
    return end >= 0 && end + 22 + said === tail.length ? "again" : "appended";
  }

  function pdfEnd(data, tail) {
    const end = tail.search(/startxref\s+\d+\s+%%EOF\s*$/);
    if (end < 0) return tail.includes("%%EOF") ? "appended" : "changed";
    if (!/(endobj|>>)\s*$/.test(tail.slice(0, end))) return "changed";
    const text = packet.binary(data);
    const ends = (text.match(/[\r\n]startxref\s/g) || []).length - (/\/Linearized\b/.test(text.slice(0, 1024)) ? 1 : 0);
    return ends > 1 ? "appended" : "again";
  }

  const sealed = async (data, isZip) => {
    const [holds, text] = SEALS[await seal(data, isZip)];
    return { holds, text: (isZip ? "压缩包" : "PDF ") + text };
  };

  async function manifestOf(files) {
    if (!files.has(MANIFEST)) throw new Error(`文件里没有 ${MANIFEST}:不是本系统装订的上报材料,或者内嵌的清单被去掉了`);
    let body;
    try {
      body = JSON.parse(new TextDecoder().decode(await files.get(MANIFEST)()));
    } catch (error) {
      throw new Error(`${MANIFEST} 读不出来,不能校验`);
    }
    if (body.format !== FORMAT || !Array.isArray(body.entries)) throw new Error(`${MANIFEST} 的格式是“${body.format}”,应为 ${FORMAT}`);
    return body;
  }

  async function ofManifest(body) {
    const stated = String(body.root_sha256 || ""), computed = await rootOf(body);
    const unlike = stated === computed ? "" : `与清单所写 ${stated.slice(0, 16)}… 不一致`;
    return [{ holds: stated === computed, text: `清单总校验值 ${computed.slice(0, 16)}…${unlike}` }];
  }

  function listed(body) {
    const all = [];
    for (const entry of body.entries) {
      if (entry.file) all.push([named(entry), entry.file, entry.file_sha256]);
      if (entry.record) all.push([named(entry), entry.record, entry.record_sha256]);
    }
    for (const file of body.files || []) all.push([`《${file.title || "附带文件"}》`, file.name, file.sha256]);
    return all;
  }

  async function ofFiles(body, files) {
    const lines = [], known = new Set([MANIFEST, PACKET, VERIFIER]);
    for (const [what, name, stated] of listed(body)) {
      known.add(name);
      let said = "缺少";
      if (files.has(name)) {
        try {
          said = (await packet.sha256(await files.get(name)())) === stated ? "一致" : "内容已改动";
        } catch (error) {
          said = "已损坏";
        }
      }
      lines.push({ holds: said === "一致", text: `${what} ${name}:${said}` });
    }
    const extra = [...files.keys()].filter((name) => !known.has(name)).sort();
    return lines.concat(extra.map((name) => ({ holds: false, text: `多出清单里没有的文件 ${name}` })));
  }

  async function ofPages(body, pdf, progress) {
    const pages = await pdf.pages(), reader = new packet.Pages(pdf, pages), hashes = [];
    for (let index = 0; index < pages.length; index++) {
      hashes.push(await reader.page(index).catch(() => "0".repeat(64)));
      if (index % 50 === 0) await progress(`核对第 ${index + 1} / ${pages.length} 页`);
    }
    const expected = body.page_count, same = hashes.length === expected;
    const lines = [{ holds: same, text: `共 ${hashes.length} 页` + (same ? "" : `,清单为 ${expected} 页`) }];
    let following = 1, state = { shift: 0, isBroken: false };
    for (const entry of body.entries) {
      if (entry.first_page !== following || entry.last_page < entry.first_page) return lines.concat({ holds: false, text: `${where(entry)}:清单里的页码不相接` });
      const line = piece(entry, hashes, state);
      state.isBroken = state.isBroken || !line.holds;
      following = entry.last_page + 1;
      lines.push(line);
    }
    const meets = following === expected + 1;
    return lines.concat({ holds: meets, text: meets ? "各件页码首尾相接" : "各件页码不相接" });
  }

  const digest = (hashes, start, length) => {
    const part = start >= 0 ? hashes.slice(start, start + length) : [];
    return part.length === length ? packet.sha256Here(packet.unhex(part.join(""))) : "";
  };

  function piece(entry, hashes, state) {
    const first = entry.first_page, length = entry.last_page - first + 1, stated = entry.pages_sha256, start = first - 1 + state.shift;
    if (!stated) return { holds: first === 1 && length === 1, text: `${where(entry)}:封面,以总校验值为准` };
    if (digest(hashes, start, length) === stated) return { holds: true, text: `${where(entry)}:一致${state.shift ? now(start, length) : ""}` };
    const found = hashes.findIndex((_, at) => digest(hashes, at, length) === stated);
    if (found < 0) return { holds: false, text: `${where(entry)}:${lost(hashes, start, length)}` };
    if (!state.isBroken) return { holds: false, text: `${where(entry)}:页面被移动${now(found, length)}` };
    state.shift = found + 1 - first;
    return { holds: true, text: `${where(entry)}:一致${now(found, length)}` };
  }

  const now = (start, length) => `(现为第 ${start + 1}–${start + length} 页)`;

  function lost(hashes, start, length) {
    const pages = hashes.slice(start, start + length), broken = pages.indexOf("0".repeat(64));
    if (pages.length < length) return "缺页";
    return broken < 0 ? "页面内容已改动,或有缺页、多页" : `第 ${start + broken + 1} 页已损坏,读不出`;
  }

  async function ofPdf(data, progress) {
    const first = await sealed(data, false);
    let body, lines;
    try {
      const pdf = await packet.Pdf.open(data), files = await pdf.files();
      body = await manifestOf(files);
      lines = [first, ...(await ofManifest(body)), ...(await ofFiles(body, files)), ...(await ofPages(body, pdf, progress)), ...(await packet.ofFigures(body, files))];
    } catch (error) {
      if (first.holds || !packet.binary(data.subarray(-4096)).includes("census-seal ")) throw error;
      return { lines: [first, { holds: false, text: "PDF 损坏得打不开,或其中的清单已读不出:请索取没有损坏的一份" }], body: null };
    }
    return { lines, body };
  }

  async function ofZip(data, progress) {
    const first = await sealed(data, true);
    let files;
    try {
      files = packet.unzip(data);
    } catch (error) {
      if (!packet.binary(data.subarray(-4096)).includes("census-seal ")) throw new Error("压缩包已损坏或加了密码,不能校验");
      return { lines: [first, { holds: false, text: "压缩包已损坏,打不开:请索取没有损坏的一份" }], body: null };
    }
    if (!files.has(PACKET)) throw new Error(`压缩包里没有 ${PACKET}:不是本系统装订的上报材料`);
    const body = await manifestOf(files);
    const loose = [first, ...(await ofManifest(body)), ...(await ofFiles(body, files))];
    let inside;
    try {
      inside = await files.get(PACKET)();
    } catch (error) {
      return { lines: loose.concat({ holds: false, text: `${PACKET} 已损坏,解不开` }), body };
    }
    const inner = await ofPdf(inside, progress), same = Boolean(inner.body) && inner.body.root_sha256 === body.root_sha256;
    const link = { holds: same, text: `压缩包的清单与 PDF 内的清单${same ? "一致" : "不一致"}` };
    return { lines: [...loose, link, ...inner.lines], body };
  }

  /* Return {lines, body, root}; throws a sentence when it is no packet. */
  packet.verify = async (data, progress = async () => {}) => {
    const isZip = data[0] === 0x50 && data[1] === 0x4b;
    if (!isZip && !packet.binary(data.subarray(0, 1024)).includes("%PDF-")) throw new Error("这不是上报材料:应为本系统装订的 PDF 或压缩包");
    const told = isZip ? await ofZip(data, progress) : await ofPdf(data, progress);
    return { ...told, root: told.body ? await rootOf(told.body) : "" };
  };
})();
