import { plotStyle } from '../plots/plot-colors.ts';

const LIGHT = {
  ground: '#ffffff',
  panel: '#f5f7f9',
  text: '#1d2329',
  quiet: '#55606b',
  line: '#d9dfe5',
  link: '#0b5cad',
  critical: '#7a0f2b',
  'critical-ground': '#fbe6eb',
  high: '#8a3606',
  'high-ground': '#fdeadd',
  medium: '#664a00',
  'medium-ground': '#fdf1cf',
  low: '#1f4f70',
  'low-ground': '#e4eff7',
  unscored: '#4c555e',
  'unscored-ground': '#eceff2',
};

const DARK: typeof LIGHT = {
  ground: '#14181d',
  panel: '#1c2229',
  text: '#e8ebee',
  quiet: '#a9b3bd',
  line: '#333c46',
  link: '#82bdf2',
  critical: '#ffb3c3',
  'critical-ground': '#4a1422',
  high: '#ffc49c',
  'high-ground': '#48240d',
  medium: '#f5d486',
  'medium-ground': '#3d2f08',
  low: '#b3d6ee',
  'low-ground': '#17344a',
  unscored: '#c4ccd4',
  'unscored-ground': '#2b333c',
};

/** The whole style sheet of a report: paper is always light. */
export function reportStyle(): string {
  return [
    `:root{color-scheme:light dark;${tokens(LIGHT)}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${tokens(DARK)}}}`,
    PAGE,
    PARTS,
    TABLES,
    NARROW,
    PRINT,
    plotStyle(),
  ].join('\n');
}

function tokens(colors: Readonly<Record<string, string>>): string {
  return Object.entries(colors)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

const PAGE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:70rem;padding:clamp(1.25rem,4vw,3.5rem) clamp(1rem,4vw,2.5rem);background:var(--ground);color:var(--text);
 font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,dl,figure{margin:0;padding:0}
h1{font-size:clamp(1.6rem,4.5vw,2.4rem);line-height:1.15;letter-spacing:-.02em;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.25;letter-spacing:-.01em}
h3{font-size:1rem;line-height:1.4}
section{margin-top:3rem;padding-top:1.25rem;border-top:1px solid var(--line)}
section>*+*{margin-top:1rem}
section.none{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 1rem;margin-top:1.5rem}
section.none>*{margin:0}
section.none h2{font-size:1rem}
section>h3{margin-top:1.75rem}
a{color:var(--link)}
a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px}
time,.number{font-variant-numeric:tabular-nums}
.quiet{color:var(--quiet)}
.small{font-size:.875rem}
.kicker{font-size:.8125rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--quiet)}
.verdict{margin-top:1rem;font-size:1.15rem;line-height:1.45;max-width:46rem;text-wrap:pretty}
header h1{margin:.35rem 0 .4rem}
code{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
footer{margin-top:3.5rem;padding-top:1.25rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--quiet)}
footer p+p{margin-top:.4rem}`;

const PARTS = `
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:1px;margin-top:2rem;list-style:none;
 background:var(--line);border:1px solid var(--line);border-radius:.6rem;overflow:hidden}
.tiles a{display:block;height:100%;padding:.9rem 1rem 1rem;background:var(--ground);color:inherit;text-decoration:none}
.tiles a:hover{background:var(--panel)}
.tiles a:focus-visible{outline-offset:-3px}
.tiles b{display:block;white-space:nowrap;font-size:1.5rem;font-weight:650;line-height:1.15;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tiles .none b{color:var(--quiet);font-weight:400}
.tiles span{display:block;font-size:.875rem;line-height:1.35}
.tiles .note{margin-top:.3rem;color:var(--quiet);font-size:.8125rem}
.level{display:inline-block;padding:.1rem .5rem;border-radius:1rem;font-size:.8125rem;font-weight:600;line-height:1.45;white-space:nowrap}
${Object.keys(LIGHT)
  .filter((name) => `${name}-ground` in LIGHT)
  .map((name) => `.${name}{color:var(--${name});background:var(--${name}-ground)}`)
  .join('\n')}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr));gap:1.25rem 1rem;list-style:none}
.card{display:flex;flex-direction:column;border:1px solid var(--line);border-radius:.6rem;overflow:hidden;background:var(--ground)}
.card img{display:block;width:100%;height:auto;aspect-ratio:16/9;object-fit:contain;background:var(--panel)}
.card div.told{padding:.75rem .9rem .9rem}
.card .top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.3rem .75rem;font-size:.875rem}
.card .what{margin-top:.5rem;line-height:1.4}
.card .facts{margin-top:.35rem;font-size:.8125rem;line-height:1.45;color:var(--quiet)}
figure svg{margin:0}
figure .narrow{display:none}
figcaption{margin-top:.25rem;font-size:.875rem;color:var(--quiet)}`;

const TABLES = `
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.6rem}
table{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.45}
caption{padding:.7rem .9rem .5rem;text-align:left;color:var(--quiet)}
th,td{padding:.5rem .9rem;text-align:left;vertical-align:top;overflow-wrap:break-word;border-top:1px solid var(--line)}
thead th{font-size:.8125rem;font-weight:600;color:var(--quiet);white-space:nowrap}
tbody th{font-weight:600}
td.number,th.number{text-align:right}
table time,td.number{white-space:nowrap}
td.wide{min-width:16rem}
td.path{min-width:16rem;overflow-wrap:anywhere}`;

const NARROW = `
@media screen and (max-width:60rem){.tiles{grid-template-columns:repeat(3,1fr)}}
@media screen and (max-width:40rem){
 .tiles{grid-template-columns:repeat(2,1fr)}
 section{margin-top:2.25rem}
 figure .wide{display:none}
 figure .narrow{display:block}
 th,td{padding:.5rem .7rem}
 td:not(.wide,.path){white-space:nowrap}
 caption{padding-inline:.7rem}
}`;

const PRINT = `
@page{margin:14mm}
@media print{
 :root{color-scheme:light;-webkit-print-color-adjust:exact;print-color-adjust:exact}
 html{font-size:12px}
 body{max-width:none;padding:0}
 section{margin-top:1.5rem;padding-top:.9rem}
 h2,h3,caption{break-after:avoid}
 figure,.card,tr,.tiles{break-inside:avoid}
 .scroll{overflow:visible;border:0}
 .cards{grid-template-columns:repeat(4,1fr);gap:.6rem}
 .card div.told{padding:.4rem .5rem .5rem}
 th,td{padding:.3rem .5rem}
 caption{padding-inline:.5rem}
 td.wide,td.path{min-width:0}
 a{color:inherit;text-decoration:none}
}`;
