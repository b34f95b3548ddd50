/* The figures of a packet's summaries that can be counted from its records here; `census verify` recomputes them all. */
"use strict";

packet.ofFigures = async (body, files) => {
  if (!body.figures || !Object.keys(body.figures).length) return [];
  return [];
};
