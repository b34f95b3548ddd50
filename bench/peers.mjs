// One engine in one warm process: reads a count on each line, fills that many documents, answers with its CPU time.
// usage: node peers.mjs ENGINE TEMPLATE RECORDS OUTPUT
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [engine, templateFile, recordsFile, outputFile] = process.argv.slice(2);
const template = readFileSync(templateFile);
const records = JSON.parse(readFileSync(recordsFile, "utf8"));

const engines = {
  docxtemplater() {
    const PizZip = require("pizzip");
    const Docxtemplater = require("docxtemplater");
    return (record) => {
      const document = new Docxtemplater(new PizZip(template), { linebreaks: true });
      document.render(record);
      return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  "easy-template-x"() {
    const { TemplateHandler } = require("easy-template-x");
    const handler = new TemplateHandler();
    return (record) => handler.process(template, record);
  },
  carbone() {
    const carbone = require("carbone");
    return (record) =>
      new Promise((resolve, reject) =>
        carbone.render(templateFile, record, (error, result) => (error ? reject(error) : resolve(result))),
      );
  },
};

const fill = engines[engine]();
for await (const line of createInterface({ input: process.stdin })) {
  const count = Number(line);
  const before = process.cpuUsage();
  let last;
  for (let number = 0; number < count; number += 1) last = await fill(records[number % records.length]);
  const spent = process.cpuUsage(before);
  writeFileSync(outputFile, last);
  console.log(JSON.stringify({ ms: (spent.user + spent.system) / 1000 / count, last: (count - 1) % records.length }));
}
process.exit(0);
