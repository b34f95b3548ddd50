/* Bytes for the page that checks packets: SHA-256, inflating, zip archives. Nothing is fetched, nothing is sent.
   WebCrypto hashes what is large; it is missing where a page came over plain http, so small and missing are done here. */
"use strict";
var packet = window.packet || {};

packet.binary = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};
packet.bytes = (binary) => Uint8Array.from(binary, (c) => c.charCodeAt(0));
packet.utf8 = (text) => new TextEncoder().encode(text);
packet.hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
packet.unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

packet.joined = (pieces) => {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) { whole.set(piece, at); at += piece.length; }
  return whole;
};

/* FIPS 180-4, the plain way. */
packet.sha256Here = (() => {
  const K = new Uint32Array(64), START = new Uint32Array(8);
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(n) % 1) * 4294967296;
    K[found++] = (Math.cbrt(n) % 1) * 4294967296;
  }
  const W = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  function block(H, view, at) {
    for (let t = 0; t < 16; t++) W[t] = view.getUint32(at + t * 4);
    for (let t = 16; t < 64; t++) {
      const a = W[t - 15], b = W[t - 2];
      W[t] = W[t - 16] + W[t - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = H;
    for (let t = 0; t < 64; t++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
  }
  return (data) => {
    const H = START.slice(), whole = data.length - (data.length % 64);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < whole; at += 64) block(H, view, at);
    const rest = data.subarray(whole), end = new Uint8Array(rest.length < 56 ? 64 : 128), tail = new DataView(end.buffer);
    end.set(rest);
    end[rest.length] = 0x80;
    tail.setUint32(end.length - 8, Math.floor(data.length / 536870912));
    tail.setUint32(end.length - 4, (data.length << 3) >>> 0);
    for (let at = 0; at < end.length; at += 64) block(H, tail, at);
    return Array.from(H, (n) => n.toString(16).padStart(8, "0")).join("");
  };
})();

packet.sha256 = async (data) => {
  if (data.length < 65536 || !(window.crypto && crypto.subtle)) return packet.sha256Here(data);
  return packet.hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
};

async function inflated(data, kind) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream(kind));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/* zlib data; some programs leave a line end behind it that is not part of it. */
packet.inflate = async (data) => {
  for (let spare = 0; ; spare++) {
    try {
      return await inflated(data.subarray(0, data.length - spare), "deflate");
    } catch (error) {
      if (spare === 3) throw new Error("damaged");
    }
  }
};

/* The files of a zip: name → () → bytes. Names are UTF-8, as this service writes them. */
packet.unzip = (data) => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let end = data.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("no zip");
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error("damaged");
    const [method, crc, packed, size] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [named, extra, said, where] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true), view.getUint32(at + 42, true)];
    const name = new TextDecoder().decode(data.subarray(at + 46, at + 46 + named));
    if (!name.endsWith("/")) files.set(name, () => member(data, view, { method, crc, packed, size, where }));
    at += 46 + named + extra + said;
  }
  return files;
};

async function member(data, view, entry) {
  if (view.getUint32(entry.where, true) !== 0x04034b50) throw new Error("damaged");
  const start = entry.where + 30 + view.getUint16(entry.where + 26, true) + view.getUint16(entry.where + 28, true);
  const packed = data.subarray(start, start + entry.packed);
  const plain = entry.method === 0 ? packed : await inflated(packed, "deflate-raw");
  if (plain.length !== entry.size) throw new Error("damaged");
  return plain;
}
