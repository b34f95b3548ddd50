/* The figures of a packet's summaries, counted again from the records that lie in it, by the rules of
   services/survey/figures.py. What hangs on the roster of stations (a workbook) is left to `census verify`, which
   recomputes every cell of the summaries too. */
"use strict";

(() => {
  const GRADES = ["优秀", "合格", "基本合格", "不合格"], DISPOSALS = ["通过", "限期整改", "撤销"];
  const AREAS = [["A", "a"], ["B", "b"], ["C1", "c1"], ["C2", "c2"], ["C3", "c3"]];

  const counted = (names, values) => Object.fromEntries(names.map((name) => [name, values.filter((v) => v === name).length]));
  const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

  /* The mean to one decimal, halves up, as it is printed; scores go by halves, so this is done in whole numbers. */
  const mean = (values) => {
    const there = values.filter((v) => typeof v === "number");
    if (!there.length) return "";
    return String(Math.floor((Math.round(sum(there) * 2) * 10 + there.length) / (2 * there.length)) / 10);
  };

  const scored = (one, key) => (typeof one[`${key}_review`] === "number" ? one[`${key}_review`] : one[`${key}_self`]);

  function computed(records, hasRoster) {
    const of = (form) => records.filter((record) => record.form === form).map((record) => record.values);
    const evaluations = of("evaluation"), recommendations = of("station-recommendation");
    const rows = evaluations.flatMap((one) => (one.statistics || []).filter((row) => row.year));
    const found = {
      examined: sum(rows.map((row) => row.examined || 0)),
      passed: sum(rows.map((row) => row.passed || 0)),
      issued: sum(rows.map((row) => row.issued || 0)),
      recommended_stations: recommendations.length,
      recommended_workers: of("worker-recommendation").length,
    };
    if (hasRoster) return found;
    const exempt = new Set([...evaluations.filter((one) => one.qms === true), ...recommendations.filter((one) => one.exempt === true)].map((one) => one.agency_code));
    const judged = evaluations.filter((one) => !exempt.has(one.agency_code)), lines = judged.flatMap((one) => one.corrections || []);
    const done = lines.filter((line) => line.progress === "已完成").length;
    return {
      ...found,
      "whole.evaluated": judged.length,
      "whole.exempt": exempt.size,
      grades: counted(GRADES, judged.map((one) => one.grade)),
      disposals: counted(DISPOSALS, judged.map((one) => one.disposal)),
      mean_self: mean(judged.map((one) => one.self_total)),
      mean_review: mean(judged.map((one) => one.review_total)),
      corrections: { total: lines.length, done, open: lines.length - done },
      ...Object.fromEntries(AREAS.map(([section, key]) => [`areas.${section}.mean`, mean(judged.map((one) => scored(one, key)))])),
    };
  }

  function stated(figures, path) {
    const [head, second, third] = path.split(".");
    if (head !== "areas") return second ? figures[head][second] : figures[head];
    return (figures.areas.find((area) => area.section === second) || {})[third];
  }

  packet.ofFigures = async (body, files) => {
    if (!body.figures || !body.figures.figures) return [];
    let found;
    const records = [];
    try {
      for (const entry of body.entries) if (entry.record) records.push(JSON.parse(new TextDecoder().decode(await files.get(entry.record)())));
      found = computed(records, (body.files || []).some((file) => file.name.startsWith("名册/")));
    } catch (error) {
      return [{ holds: false, text: "汇总数字无法重算:记录有缺失或改动" }];
    }
    const lines = [];
    for (const [path, ours] of Object.entries(found)) {
      const given = stated(body.figures.figures, path);
      for (const [key, one, other] of compared(path, given, ours)) {
        if (one !== other) lines.push({ holds: false, text: `汇总数字 ${key}:材料里为 ${one},按所附记录重算为 ${other}` });
      }
    }
    const all = { holds: true, text: `汇总数字 ${Object.keys(found).length} 项按所附 ${records.length} 份记录重算:一致` };
    return lines.length ? lines : [all];
  };

  function compared(path, given, ours) {
    if (typeof ours !== "object") return [[path.replaceAll(".", " · "), given, ours]];
    return Object.keys(ours).map((key) => [`${path} · ${key}`, (given || {})[key], ours[key]]);
  }
})();
