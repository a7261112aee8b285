/** What one line of a plot shows. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly ms: number }[];
}

const [width, height] = [740, 420];
const margin = { left: 90, right: 230, top: 40, bottom: 50 };
const colors = ["#1971c2", "#e8590c", "#2f9e44", "#9c36b5", "#c2255c", "#0b7285", "#5c940d"];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The whole powers of ten around these values. */
function decades(values: readonly number[]): readonly [from: number, to: number] {
  const logs = values.map((value) => Math.log10(Math.max(value, 0.1)));
  const from = Math.floor(Math.min(...logs));
  return [from, Math.max(from + 1, Math.ceil(Math.max(...logs)))];
}

/**
 * Time against size as an SVG, both by powers of ten: there what grows with n has a slope of one, and the dashed line
 * shows such a slope.
 */
export function plotOf(title: string, unit: string, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const x = decades(all.map(({ size }) => size));
  const y = decades(all.map(({ ms }) => ms));
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const scale = (value: number, [from, to]: readonly [number, number], begin: number, end: number) =>
    begin + ((Math.log10(Math.max(value, 0.1)) - from) / (to - from)) * (end - begin);
  const at = ({ size, ms }: { size: number; ms: number }) =>
    `${scale(size, x, margin.left, right).toFixed(1)},${scale(ms, y, bottom, margin.top).toFixed(1)}`;
  const powers = ([from, to]: readonly [number, number]) =>
    Array.from({ length: to - from + 1 }, (_, n) => 10 ** (from + n));

  const grid = [
    ...powers(x).map((value) => {
      const place = scale(value, x, margin.left, right).toFixed(1);
      return `<path d="M${place} ${margin.top}V${bottom}"/><text x="${place}" y="${bottom + 18}" text-anchor="middle">${value.toLocaleString("en")}</text>`;
    }),
    ...powers(y).map((value) => {
      const place = scale(value, y, bottom, margin.top).toFixed(1);
      return `<path d="M${margin.left} ${place}H${right}"/><text x="${margin.left - 8}" y="${place}" dy="4" text-anchor="end">${value.toLocaleString("en")} ms</text>`;
    }),
  ];
  // From the lower left corner on, as long as it stays inside.
  const steps = Math.min(x[1] - x[0], y[1] - y[0]);
  const linear = `<path class="linear" d="M${at({ size: 10 ** x[0], ms: 10 ** y[0] })}L${at({ size: 10 ** (x[0] + steps), ms: 10 ** (y[0] + steps) })}"/>`;
  const lines = series.map(({ name, points }, place) => {
    const color = colors[place % colors.length];
    const dots = points.map((point) => {
      const [cx, cy] = at(point).split(",");
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"><title>${escaped(name)}, ${point.size}: ${point.ms.toFixed(1)} ms</title></circle>`;
    });
    const label = `<text x="${right + 16}" y="${margin.top + 10 + 20 * place}" style="fill:${color}">${escaped(name)}</text>`;
    return `<path d="M${points.map(at).join("L")}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join("")}${label}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<style>text{font:12px system-ui,sans-serif;fill:#495057}.grid path{stroke:#dee2e6}.linear{stroke:#868e96;stroke-dasharray:4 4}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${margin.left}" y="22" style="font-weight:600">${escaped(title)}</text>
<g class="grid">${grid.join("")}</g>
${linear}
${lines.join("\n")}
<text x="${right}" y="${height - 10}" text-anchor="end">${escaped(unit)}; dashed: a slope of n</text>
</svg>
`;
}
