// Saves a form by a JavaScript library as it is: node resave.cjs docx|docxtemplater|exceljs|sheetjs IN OUT
const fs = require("node:fs");
const [program, source, target] = process.argv.slice(2);
const data = fs.readFileSync(source);

const ways = {
  // docx (npm): a patch that finds no place leaves the text, but every part is parsed and written again.
  docx: async () => {
    const { patchDocument, PatchType, TextRun } = require("docx");
    const patches = { nowhere: { type: PatchType.PARAGRAPH, children: [new TextRun("-")] } };
    return Buffer.from(await patchDocument({ outputType: "nodebuffer", data, patches, keepOriginalStyles: true }));
  },
  docxtemplater: async () => {
    const PizZip = require("pizzip");
    const Docxtemplater = require("docxtemplater");
    const document = new Docxtemplater(new PizZip(data), {
      delimiters: { start: "<<<", end: ">>>" },
      paragraphLoop: true,
      linebreaks: true,
    });
    document.render({});
    return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
  },
  exceljs: async () => {
    const ExcelJS = require("exceljs");
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(data);
    return Buffer.from(await book.xlsx.writeBuffer());
  },
  sheetjs: async () => {
    const XLSX = require("xlsx");
    const book = XLSX.read(data, { cellDates: false, cellNF: true, cellStyles: true, bookProps: false });
    return XLSX.write(book, { type: "buffer", bookType: target.endsWith(".xls") ? "biff8" : "xlsx", compression: true });
  },
};

ways[program]().then((saved) => fs.writeFileSync(target, saved));
