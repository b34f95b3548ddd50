/* A reader of PDF files that is just enough to check a packet: objects, pages, embedded files, and the digest of
   what pages show. The digest is defined in services/bundle/pagedigest.py; here it is followed word for word.
   A PDF object is: null, true/false, {n: number}, {name}, {text}, {ref}, [..] or {dict: Map, stream?}; names and texts
   are binary strings, one character a byte. */
"use strict";

(() => {
  const BLANK = "\0\t\n\f\r ", DELIMITER = "()<>[]{}/%";
  const isRegular = (c) => c !== "" && !BLANK.includes(c) && !DELIMITER.includes(c);
  const ESCAPES = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

  class Lexer {
    constructor(text, at, length) { this.text = text; this.at = at; this.length = length; }

    skip() {
      for (;;) {
        const c = this.text[this.at];
        if (c === "%") while (this.at < this.text.length && !"\r\n".includes(this.text[this.at])) this.at++;
        else if (c !== undefined && BLANK.includes(c)) this.at++;
        else return;
      }
    }

    word() {
      this.skip();
      const start = this.at;
      while (this.at < this.text.length && isRegular(this.text[this.at])) this.at++;
      return this.text.slice(start, this.at);
    }

    name() {
      this.at++;
      const start = this.at;
      while (this.at < this.text.length && isRegular(this.text[this.at])) this.at++;
      return this.text.slice(start, this.at).replace(/#([0-9a-fA-F]{2})/g, (_, pair) => String.fromCharCode(parseInt(pair, 16)));
    }

    literal() {
      let depth = 1, out = "";
      for (this.at++; this.at < this.text.length; this.at++) {
        let c = this.text[this.at];
        if (c === "\\") {
          c = this.text[++this.at];
          const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.at, this.at + 3));
          if (octal) { out += String.fromCharCode(parseInt(octal[0], 8) & 255); this.at += octal[0].length - 1; }
          else if (c === "\r") { if (this.text[this.at + 1] === "\n") this.at++; }
          else if (c !== "\n") out += ESCAPES[c] || c;
          continue;
        }
        if (c === "\r") { if (this.text[this.at + 1] === "\n") this.at++; c = "\n"; }
        if (c === "(") depth++;
        if (c === ")" && --depth === 0) { this.at++; return out; }
        out += c;
      }
      throw new Error("damaged");
    }

    hexadecimal() {
      const end = this.text.indexOf(">", this.at);
      let digits = this.text.slice(this.at + 1, end).replace(/[^0-9a-fA-F]/g, "");
      if (digits.length % 2) digits += "0";
      this.at = end + 1;
      return packet.binary(packet.unhex(digits));
    }

    value() {
      this.skip();
      const c = this.text[this.at], two = this.text.slice(this.at, this.at + 2);
      if (c === undefined) throw new Error("damaged");
      if (two === "<<") return this.dictionary();
      if (c === "/") return { name: this.name() };
      if (c === "(") return { text: this.literal() };
      if (c === "<") return { text: this.hexadecimal() };
      if (c === "[") return this.array();
      const start = this.at, word = this.word();
      if (word === "true") return true;
      if (word === "false") return false;
      if (word === "null") return null;
      if (!/^[+-]*[\d.]/.test(word)) throw new Error("damaged");
      const after = this.at;
      const ref = /^\s+(\d+)\s+R(?![A-Za-z0-9])/.exec(/^\d+$/.test(word) ? this.text.slice(after, after + 24) : "");
      if (ref) { this.at = after + ref[0].length; return { ref: Number(word) }; }
      if (start === this.at) throw new Error("damaged");
      return { n: Number.parseFloat(word) };
    }

    array() {
      const members = [];
      for (this.at++; ;) {
        this.skip();
        if (this.text[this.at] === "]") { this.at++; return members; }
        members.push(this.value());
      }
    }

    dictionary() {
      const dict = new Map();
      for (this.at += 2; ;) {
        this.skip();
        if (this.text.slice(this.at, this.at + 2) === ">>") { this.at += 2; return { dict }; }
        if (this.text[this.at] !== "/") throw new Error("damaged");
        const key = this.name(), value = this.value();
        if (value !== null) dict.set(key, value);
      }
    }
  }

  class Pdf {
    constructor(data) {
      this.data = data;
      this.text = packet.binary(data);
      this.where = new Map();
      this.objects = new Map();
      this.packed = new Map();
    }

    static async open(data) {
      const pdf = new Pdf(data);
      const found = [...pdf.text.slice(-65536).matchAll(/startxref\s+(\d+)\s+%%EOF/g)].pop();
      if (!found) throw new Error("no end");
      const seen = new Set();
      let next = Number(found[1]);
      while (next !== undefined && !seen.has(next)) { seen.add(next); next = await pdf.table(next); }
      if (!pdf.trailer || pdf.trailer.has("Encrypt")) throw new Error("locked");
      pdf.root = (await pdf.get(pdf.trailer.get("Root"))).dict;
      return pdf;
    }

    /* Read one cross-reference table or stream; return where the former one begins. */
    async table(at) {
      const lexer = new Lexer(this.text, at);
      lexer.skip();
      if (this.text.startsWith("xref", lexer.at)) {
        lexer.at += 4;
        this.rows(lexer);
        const dict = lexer.value().dict;
        this.trailer = this.trailer || dict;
        if (dict.has("XRefStm")) await this.table(dict.get("XRefStm").n);
        return dict.has("Prev") ? dict.get("Prev").n : undefined;
      }
      const { dict, stream } = await this.objectAt(at);
      this.trailer = this.trailer || dict;
      await this.packedRows(dict, await this.decoded(dict, stream));
      return dict.has("Prev") ? dict.get("Prev").n : undefined;
    }

    rows(lexer) {
      for (let first = lexer.word(); first !== "trailer"; first = lexer.word()) {
        if (!/^\d+$/.test(first)) throw new Error("damaged");
        const count = Number(lexer.word());
        for (let number = Number(first); number < Number(first) + count; number++) {
          const offset = Number(lexer.word());
          lexer.word();
          if (lexer.word() === "n" && !this.where.has(number)) this.where.set(number, { at: offset });
        }
      }
    }

    packedRows(dict, data) {
      const widths = dict.get("W").map((w) => w.n);
      const index = (dict.get("Index") || [{ n: 0 }, dict.get("Size")]).map((n) => n.n);
      let at = 0;
      const number = (width) => { let n = 0; for (let i = 0; i < width; i++) n = n * 256 + data[at++]; return n; };
      for (let pair = 0; pair < index.length; pair += 2) {
        for (let id = index[pair]; id < index[pair] + index[pair + 1]; id++) {
          const kind = widths[0] ? number(widths[0]) : 1, second = number(widths[1]), third = number(widths[2]);
          if (this.where.has(id)) continue;
          if (kind === 1) this.where.set(id, { at: second });
          if (kind === 2) this.where.set(id, { within: second, index: third });
        }
      }
    }

    async objectAt(at) {
      const lexer = new Lexer(this.text, at);
      lexer.word(); lexer.word();
      if (lexer.word() !== "obj") throw new Error("damaged");
      const value = lexer.value();
      if (!value || !value.dict) return value;
      lexer.skip();
      if (!this.text.startsWith("stream", lexer.at)) return value;
      let start = lexer.at + 6;
      if (this.text[start] === "\r") start++;
      if (this.text[start] === "\n") start++;
      const length = (await this.get(value.dict.get("Length"))).n;
      return { dict: value.dict, stream: this.data.subarray(start, start + length) };
    }

    async get(value) {
      for (let hops = 0; value && value.ref !== undefined && hops < 20; hops++) {
        if (!this.objects.has(value.ref)) this.objects.set(value.ref, await this.load(value.ref));
        value = this.objects.get(value.ref);
      }
      return value === undefined ? null : value;
    }

    async load(number) {
      const where = this.where.get(number);
      if (!where) return null;
      if (where.at !== undefined) return this.objectAt(where.at);
      if (!this.packed.has(where.within)) this.packed.set(where.within, await this.unpacked(where.within));
      const { text, offsets } = this.packed.get(where.within);
      return new Lexer(text, offsets.get(number)).value();
    }

    async unpacked(number) {
      const { dict, stream } = await this.get({ ref: number });
      const text = packet.binary(await this.decoded(dict, stream)), lexer = new Lexer(text, 0), offsets = new Map();
      const first = dict.get("First").n;
      for (let left = dict.get("N").n; left > 0; left--) { const id = Number(lexer.word()); offsets.set(id, first + Number(lexer.word())); }
      return { text, offsets };
    }

    async filters(dict) {
      const filter = await this.get(dict.get("Filter"));
      const list = Array.isArray(filter) ? filter : filter ? [filter] : [];
      return Promise.all(list.map(async (one) => (await this.get(one)).name));
    }

    async isPlain(dict) {
      const filters = await this.filters(dict);
      return filters.length === 0 || (filters.length === 1 && filters[0] === "FlateDecode");
    }

    /* Data packed with FlateDecode alone (or not at all), unpacked. */
    async decoded(dict, stream) {
      const filters = await this.filters(dict);
      if (!filters.length) return stream;
      if (filters.join() !== "FlateDecode") throw new Error("another filter");
      const data = await packet.inflate(stream);
      let parms = await this.get(dict.get("DecodeParms"));
      if (Array.isArray(parms)) parms = await this.get(parms[0]);
      return parms && parms.dict ? this.predicted(data, parms.dict) : data;
    }

    async predicted(data, parms) {
      const of = async (key, usual) => { const v = await this.get(parms.get(key)); return v ? v.n : usual; };
      const predictor = await of("Predictor", 1), columns = await of("Columns", 1);
      const bits = (await of("Colors", 1)) * (await of("BitsPerComponent", 8));
      if (predictor < 2) return data;
      const step = Math.max(1, bits >> 3), width = Math.ceil((columns * bits) / 8);
      if (predictor === 2) {
        for (let row = 0; row + width <= data.length; row += width) for (let i = step; i < width; i++) data[row + i] += data[row + i - step];
        return data;
      }
      const rows = Math.ceil(data.length / (width + 1)), out = new Uint8Array(rows * width);
      let size = 0;
      for (let row = 0; row < rows; row++) {
        const kind = data[row * (width + 1)], from = row * (width + 1) + 1, to = row * width;
        const here = Math.min(width, data.length - from);
        for (let i = 0; i < here; i++) {
          const left = i >= step ? out[to + i - step] : 0, up = row ? out[to + i - width] : 0;
          const corner = row && i >= step ? out[to + i - width - step] : 0;
          out[to + i] = data[from + i] + guess(kind, left, up, corner);
        }
        size += Math.max(0, here);
      }
      return out.subarray(0, size);
    }

    async pages() {
      const found = [], seen = new Set();
      const walk = async (ref, parents) => {
        if (ref && ref.ref !== undefined) { if (seen.has(ref.ref)) return; seen.add(ref.ref); }
        const node = await this.get(ref);
        if (!node || !node.dict) return;
        const kids = await this.get(node.dict.get("Kids"));
        if (!Array.isArray(kids)) { found.push([node.dict, ...parents]); return; }
        for (const kid of kids) await walk(kid, [node.dict, ...parents]);
      };
      await walk(this.root.get("Pages"), []);
      return found;
    }

    /* Embedded files: name → () → bytes. */
    async files() {
      const found = new Map();
      const walk = async (value) => {
        const node = await this.get(value);
        if (!node || !node.dict) return;
        const names = (await this.get(node.dict.get("Names"))) || [], kids = (await this.get(node.dict.get("Kids"))) || [];
        for (let i = 0; i + 1 < names.length; i += 2) {
          const name = shown((await this.get(names[i])).text), spec = names[i + 1];
          found.set(name, () => this.embedded(spec));
        }
        for (const kid of kids) await walk(kid);
      };
      const names = await this.get(this.root.get("Names"));
      if (names && names.dict) await walk(names.dict.get("EmbeddedFiles"));
      return found;
    }

    async embedded(value) {
      const spec = await this.get(value), held = (await this.get(spec.dict.get("EF"))).dict;
      const { dict, stream } = await this.get(held.get("F") || held.get("UF"));
      return this.decoded(dict, stream);
    }
  }

  const guess = (kind, left, up, corner) => {
    if (kind === 0) return 0;
    if (kind === 1) return left;
    if (kind === 2) return up;
    if (kind === 3) return (left + up) >> 1;
    const p = left + up - corner, a = Math.abs(p - left), b = Math.abs(p - up), c = Math.abs(p - corner);
    return a <= b && a <= c ? left : b <= c ? up : corner;
  };

  const shown = (text) => {
    const bytes = packet.bytes(text);
    if (text.startsWith("\xfe\xff")) return new TextDecoder("utf-16be").decode(bytes.subarray(2));
    if (text.startsWith("\xef\xbb\xbf")) return new TextDecoder().decode(bytes.subarray(3));
    return text;
  };

  const SKIPPED = new Set(["Parent", "P", "Pg", "StructParent", "StructParents", "Metadata", "PieceInfo", "LastModified", "OC"]);
  const INHERITED = ["MediaBox", "CropBox", "Rotate", "UserUnit", "Resources"];
  const hashed = (binary) => packet.sha256Here(packet.bytes(binary));
  const listed = (entries) => "<" + [...entries.keys()].sort((a, b) => (a < b ? -1 : 1)).map((key) => `/${key};${entries.get(key)}`).join("") + ">";

  /* The digest of pages, after services/bundle/pagedigest.py. */
  class Pages {
    constructor(pdf, pages) { this.pdf = pdf; this.pages = pages; this.known = new Map(); this.open = new Set(); this.circles = 0; }

    async page(index) {
      const parents = this.pages[index], parts = new Map();
      for (const key of INHERITED) {
        const owner = parents.find((node) => node.has(key));
        if (owner) parts.set(key, await this.text(owner.get(key)));
      }
      parts.set("Contents", `(${await this.content(parents[0])})`);
      const notes = (await this.pdf.get(parents[0].get("Annots"))) || [];
      let said = "";
      for (const note of notes) said += await this.note((await this.pdf.get(note)).dict);
      parts.set("Annots", `[${said}]`);
      return hashed(listed(parts));
    }

    async content(page) {
      const contents = await this.pdf.get(page.get("Contents")), pieces = [];
      for (const one of Array.isArray(contents) ? contents : contents ? [contents] : []) {
        const { dict, stream } = await this.pdf.get(one);
        pieces.push((await this.pdf.isPlain(dict)) ? await this.pdf.decoded(dict, stream) : stream, Uint8Array.of(10));
      }
      return packet.sha256(packet.joined(pieces));
    }

    async note(note) {
      const parts = new Map();
      for (const key of ["Subtype", "Rect", "Contents", "AP"]) if (note.has(key)) parts.set(key, await this.text(note.get(key)));
      const action = await this.pdf.get(note.get("A"));
      if (action && action.dict && action.dict.has("URI")) parts.set("URI", await this.text(action.dict.get("URI")));
      return listed(parts);
    }

    async text(value) {
      const mark = value && value.ref !== undefined ? value.ref : undefined, node = await this.pdf.get(value);
      if (node === null || node === undefined) return "n;";
      if (node === true) return "t;";
      if (node === false) return "f;";
      if (node.n !== undefined) return number(node.n);
      if (node.name !== undefined) return `/${node.name};`;
      if (node.text !== undefined) return `(${packet.hex(packet.bytes(node.text))})`;
      return `@${await this.container(node, mark)};`;
    }

    async container(node, mark) {
      if (mark === undefined) return hashed(await this.inside(node));
      if (this.known.has(mark)) return this.known.get(mark);
      if (this.open.has(mark)) { this.circles++; return "^"; }
      const circles = this.circles;
      this.open.add(mark);
      const result = hashed(await this.inside(node));
      this.open.delete(mark);
      if (this.circles === circles) this.known.set(mark, result);
      return result;
    }

    async inside(node) {
      if (Array.isArray(node)) {
        let text = "[";
        for (const member of node) text += await this.text(member);
        return text + "]";
      }
      if (!node.stream) return listed(await this.entries(node.dict, []));
      const isPlain = await this.pdf.isPlain(node.dict);
      const data = isPlain ? await this.pdf.decoded(node.dict, node.stream) : node.stream;
      const entries = await this.entries(node.dict, isPlain ? ["Length", "Filter", "DecodeParms"] : ["Length"]);
      return `${listed(entries)}{${await packet.sha256(data)}}`;
    }

    async entries(dict, leftOut) {
      const entries = new Map();
      for (const [key, value] of dict) {
        if (SKIPPED.has(key) || leftOut.includes(key) || (await this.pdf.get(value)) === null) continue;
        entries.set(key, await this.text(value));
      }
      return entries;
    }
  }

  const number = (value) => (Math.abs(value) >= 1e12 ? (value > 0 ? "#+;" : "#-;") : `#${Math.floor(value * 1000 + 0.5)};`);

  packet.Pdf = Pdf;
  packet.Pages = Pages;
})();
