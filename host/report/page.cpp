#include "report/page.h"

#include "file/atomic_file.h"
#include "report/html.h"

namespace sshost::report {
namespace {

constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #e4e7ec; --text: #14181f; --soft: #5d6675; --accent: #3457d5;
  --track: #eceff4; --code: #f8f9fb; --shadow: 0 1px 2px rgb(16 24 40 / .05), 0 4px 16px rgb(16 24 40 / .04);
  --s0: #3457d5; --s1: #d9662b; --s2: #12967a; --s3: #b1389b; --s4: #a37a00; --s5: #5d6675;
  --mask: .65;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #161a21; --line: #272d37; --text: #e8ebf0; --soft: #98a2b3; --accent: #8aa4ff;
    --track: #232934; --code: #11151b; --shadow: none;
    --s0: #8aa4ff; --s1: #ff9d66; --s2: #4fd1b0; --s3: #ee86d8; --s4: #e3bb4b; --s5: #98a2b3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 40px 28px 64px; }
header .brand { color: var(--accent); font-weight: 650; letter-spacing: .02em; font-size: 14px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.02em; margin: 4px 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 19px; letter-spacing: -.01em; margin: 44px 0 14px; }
h2 span { font-weight: 400; font-size: 15px; }
h3 { font-size: 14px; font-weight: 600; margin: 0; }
.soft, header p { color: var(--soft); margin: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 12px; margin: 26px 0 0; }
.tile { padding: 15px 12px 14px; }
.tile span { display: block; color: var(--soft); font-size: 13px; }
.tile b { display: block; white-space: nowrap; font-size: 22px; font-weight: 650; letter-spacing: -.02em;
  line-height: 1.25; }
.tile b small { font-size: 15px; font-weight: 550; color: var(--soft); }
.tile.main b { color: var(--accent); }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.chart { margin: 0; padding: 18px 20px 12px; position: relative; background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; box-shadow: var(--shadow); min-width: 0; }
.chart:first-child { grid-column: 1 / -1; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: 6px 20px; justify-content: space-between; margin-bottom: 8px; }
.chart svg { display: block; width: 100%; height: auto; touch-action: pan-y; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 0; padding: 0; font-size: 13px;
  color: var(--soft); }
.legend b { color: var(--text); font-weight: 600; font-variant-numeric: tabular-nums; }
.legend i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 7px;
  vertical-align: middle; background: currentColor; }
.s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); }
.s3 { color: var(--s3); } .s4 { color: var(--s4); } .s5 { color: var(--s5); }
.axis text { fill: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
.axis path { fill: none; stroke: var(--line); }
.axis .base, .axis .tick { stroke: var(--soft); opacity: .55; }
.line, .raw { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.raw { stroke-width: 1; opacity: .28; }
.mark { fill: var(--card); stroke: currentColor; stroke-width: 2; }
.cursor { stroke: var(--soft); stroke-dasharray: 3 3; visibility: hidden; }
.readout { position: absolute; top: 54px; padding: 7px 11px; border-radius: 9px; font-size: 12.5px; line-height: 1.6;
  background: var(--text); color: var(--page); pointer-events: none; visibility: hidden; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.tablebox { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: 12.5px; font-weight: 550; color: var(--soft); padding: 11px 18px 9px; }
td { border-top: 1px solid var(--line); padding: 7px 18px; }
.number { text-align: right; white-space: nowrap; }
.scores td:first-child { white-space: nowrap; }
.scores th { cursor: pointer; user-select: none; }
.scores th:hover { color: var(--text); }
.swatch { display: inline-block; width: 14px; height: 14px; border-radius: 4px; margin-right: 11px;
  vertical-align: -2px; box-shadow: inset 0 0 0 1px rgb(128 128 128 / .45); }
.bar { width: 42%; min-width: 140px; }
.bar div { height: 10px; border-radius: 5px; background: var(--track); overflow: hidden; }
.bar div div { background: var(--accent); }
.matrix { margin: 0; padding: 16px 18px; width: fit-content; max-width: 100%; }
.matrix svg { display: block; }
.matrix text { fill: var(--text); font-variant-numeric: tabular-nums; }
.matrix .axis-name { fill: var(--soft); font-size: 12px; }
.matrix .cells { image-rendering: pixelated; }
.matrix .frame { fill: none; stroke: var(--line); }
.matrix output:empty { display: none; }
.matrix output { display: block; margin-bottom: 8px; font-size: 13px; font-variant-numeric: tabular-nums; }
.scale { display: inline-block; width: 250px; max-width: 100%; margin: 14px 34px 0 0; padding: 0 12px;
  font-size: 12.5px; color: var(--soft); }
.scale i { display: block; height: 12px; border-radius: 3px; margin: 4px 0 3px; border: 1px solid var(--line); }
.scale div { position: relative; height: 18px; }
.scale b { position: absolute; transform: translateX(-50%); font-weight: 500; }
.below { margin: 22px 0 10px; }
.toolbar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 24px;
  margin: 44px 0 14px; }
.toolbar h2 { margin: 0; }
.toolbar label { color: var(--soft); font-size: 13px; display: flex; align-items: center; gap: 10px; }
input[type=range] { accent-color: var(--accent); width: 150px; }
.palette { display: flex; flex-wrap: wrap; gap: 6px 18px; list-style: none; margin: 0 0 16px; padding: 0;
  font-size: 13px; }
.palette .swatch { margin-right: 7px; width: 12px; height: 12px; border-radius: 3px; vertical-align: -1px; }
.comparison { padding: 14px 16px 16px; margin-bottom: 14px; }
.comparison header { display: flex; justify-content: space-between; gap: 20px; font-size: 13px; margin-bottom: 10px;
  overflow-wrap: anywhere; }
.views { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 12px; }
.view { margin: 0; }
.view div { background: var(--photo) center / 100% 100% no-repeat; border-radius: 8px; overflow: hidden; }
.view img { display: block; width: 100%; height: 100%; opacity: var(--mask); image-rendering: pixelated; }
.view figcaption { font-size: 12.5px; color: var(--soft); margin-top: 5px; }
details { padding: 0 20px; margin-bottom: 14px; }
summary { cursor: pointer; font-weight: 600; padding: 15px 0; }
details table { margin-bottom: 14px; }
details td, details th { padding-left: 0; }
details td { overflow-wrap: anywhere; vertical-align: top; }
pre { margin: 0 0 20px; padding: 16px 18px; background: var(--code); border: 1px solid var(--line); border-radius: 10px;
  overflow-x: auto; font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre .key { color: var(--s0); } pre .note { color: var(--soft); }
footer { color: var(--soft); font-size: 13px; margin-top: 40px; }
details .tablebox { margin: 0 -4px; }
details p.soft { margin: 0 0 12px; font-size: 13px; }
.frequencies .bar { width: 30%; }
.frequencies td { vertical-align: middle; }
.frequencies td:first-child { white-space: nowrap; }
@media (max-width: 760px) { .charts { grid-template-columns: 1fr; } main { padding: 24px 14px 40px; } }
@media (max-width: 480px) {
  h1 { font-size: 24px; }
  th { padding: 9px 10px 7px; } td { padding: 6px 10px; }
  .bar { display: none; }
  .chart { padding: 14px 12px 8px; } .chart .plot { overflow-x: auto; }
  .chart:first-child svg { min-width: 860px; }
  .matrix { padding: 12px; }
  .comparison header { flex-direction: column; gap: 2px; }
  .views { grid-template-columns: 1fr 1fr; gap: 8px; }
}
@media print { body { background: #fff; } .toolbar label { display: none; } }
)css";

constexpr std::string_view kScript = R"js(
for (const figure of document.querySelectorAll('.chart')) {
  const svg = figure.querySelector('svg'), cursor = figure.querySelector('.cursor');
  const readout = figure.querySelector('.readout'), series = JSON.parse(figure.dataset.series);
  const names = [...figure.querySelectorAll('.legend li')].map(item => item.childNodes[1].textContent.trim());
  const nearest = (points, x) => points.reduce((a, b) => Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a);
  const hide = () => { cursor.style.visibility = readout.style.visibility = 'hidden'; };
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale, filled = series.filter(points => points.length);
    if (!filled.length) return;
    const at = nearest(filled[0], x);
    cursor.setAttribute('transform', `translate(${at[0]} 0)`);
    readout.replaceChildren(`step ${Math.round(at[1])}`);
    series.forEach((points, i) => {
      if (!points.length) return;
      readout.append(document.createElement('br'), `${names[i]}  ${nearest(points, at[0])[2]}${figure.dataset.unit}`);
    });
    const width = figure.clientWidth;  // the drawing may be wider, and scrolled
    const left = Math.min(width, Math.max(0, box.left - figure.getBoundingClientRect().left + at[0] / scale));
    readout.style.left = left > width / 2 ? 'auto' : `${left + 14}px`;
    readout.style.right = left > width / 2 ? `${width - left + 14}px` : 'auto';
    cursor.style.visibility = readout.style.visibility = 'visible';
  });
  svg.addEventListener('pointerleave', hide);
}
for (const figure of document.querySelectorAll('.matrix')) {
  const image = figure.querySelector('.cells'), told = figure.querySelector('output');
  const [names, values, axes] = ['names', 'values', 'axes'].map(key => JSON.parse(figure.dataset[key]));
  image.addEventListener('pointermove', event => {
    const box = image.getBoundingClientRect(), n = names.length;
    const at = part => Math.min(n - 1, Math.max(0, Math.floor(part * n)));
    const row = at((event.clientY - box.top) / box.height), column = at((event.clientX - box.left) / box.width);
    told.textContent = `${axes[0]} ${names[row]}, ${axes[1]} ${names[column]}: ${values[row * n + column] || '\u2013'}`;
  });
}
for (const head of document.querySelectorAll('.scores th')) {
  head.addEventListener('click', () => {
    const column = head.cellIndex, body = head.closest('table').tBodies[0];
    const up = head.dataset.up = head.dataset.up === '1' ? '0' : '1';
    const value = row => row.cells[column].dataset.value;
    const order = (a, b) => {
      const [p, q] = [value(a), value(b)], numeric = column > 0;
      return (up === '1' ? 1 : -1) * (numeric ? p - q : p.localeCompare(q));
    };
    body.append(...[...body.rows].sort(order));
  });
}
const slider = document.querySelector('#mask');
slider?.addEventListener('input', () => document.documentElement.style.setProperty('--mask', slider.value / 100));
)js";

}  // namespace

std::string html_page(std::string_view title, std::string_view style, std::string_view body, std::string_view script) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><title>" +
      escape(title) + " · sshost</title><style>";
  page += kStyle;
  page += style;
  page += "</style></head><body><main>\n";
  page += body;
  page += "</main><script>";
  page += script;
  return page + "</script></body></html>\n";
}

std::string page_header(std::string_view title, std::string_view subtitle) {
  return "<header><div class=\"brand\">sshost</div><h1>" + escape(title) + "</h1><p>" + escape(subtitle) +
         "</p></header>";
}

std::string whole_page(std::string_view title, std::string_view body) { return html_page(title, "", body, kScript); }

void write_page(const std::filesystem::path& path, std::string_view html) { file::write_file(path, html); }

}  // namespace sshost::report
