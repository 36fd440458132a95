const replacements: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for use in HTML, attributes included. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => replacements[character] ?? character);
}

const style = `
:root{color-scheme:light dark;--bg:#eef2f8;--card:#fff;--text:#16233a;--soft:#5a6b85;--line:#d5deea;--accent:#0b5cab;--accent-text:#fff;--hover:#f1f6fd;--warn-bg:#fff3d6;--warn-text:#6b4a00;--bad-bg:#fde8e8;--bad-text:#8e1b1b}
@media (prefers-color-scheme:dark){:root{--bg:#0e1624;--card:#172234;--text:#e8eef8;--soft:#9fb0c8;--line:#2b3b54;--accent:#6cb2ff;--accent-text:#07182c;--hover:#1f2e46;--warn-bg:#3b2f10;--warn-text:#ffdf91;--bad-bg:#451d1d;--bad-text:#ffc4c4}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.banner{width:100%;padding:.5rem 1rem;background:var(--warn-bg);color:var(--warn-text);text-align:center;font-size:.875rem;font-weight:600}
main{width:min(27rem,calc(100% - 2rem));margin:2rem 0 3rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;box-shadow:0 12px 40px rgba(16,35,64,.12)}
.mark{display:block;width:3.25rem;height:3.25rem;margin:0 auto .75rem}
h1{margin:0 0 .25rem;font-size:1.375rem;line-height:1.3;text-align:center}
.lead{margin:0 0 1.5rem;color:var(--soft);text-align:center}
h2{margin:1.5rem 0 .5rem;font-size:.875rem;color:var(--soft);font-weight:600}
.people{display:grid;gap:.5rem;margin:0;padding:0;list-style:none}
.person{display:grid;grid-template-columns:2.5rem 1fr;gap:0 .75rem;align-items:center;width:100%;padding:.625rem .75rem;border:1px solid var(--line);border-radius:.75rem;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer}
.person:hover{background:var(--hover);border-color:var(--accent)}
.initials{grid-row:span 2;display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:50%;background:var(--accent);color:var(--accent-text);font-weight:600;font-size:.875rem}
.person b{line-height:1.25}.person small{color:var(--soft);overflow:hidden;text-overflow:ellipsis}
label{display:block;margin-bottom:.25rem;font-weight:600;font-size:.875rem}
select{width:100%;padding:.625rem .75rem;border:1px solid var(--line);border-radius:.625rem;background:var(--card);color:inherit;font:inherit}
.button{display:inline-block;flex:1;width:100%;padding:.7rem 1rem;border:1px solid var(--accent);border-radius:.625rem;background:var(--accent);color:var(--accent-text);font:inherit;font-weight:600;text-align:center;cursor:pointer}
.button.quiet{background:none;color:var(--accent)}
.button:hover{filter:brightness(1.07)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.row{display:flex;gap:.75rem;margin-top:1.5rem}
.scopes{margin:0;padding:0;list-style:none}
.scopes li{padding:.6rem 0 .6rem 1.75rem;border-bottom:1px solid var(--line);position:relative}
.scopes li:last-child{border:0}.scopes li::before{content:"";position:absolute;left:.25rem;top:1.05rem;width:.7rem;height:.35rem;border-left:2px solid var(--accent);border-bottom:2px solid var(--accent);transform:rotate(-45deg)}
.note{margin:1.25rem 0 0;color:var(--soft);font-size:.875rem;text-align:center}
.problem{margin:0 0 1rem;padding:.75rem 1rem;border-radius:.625rem;background:var(--bad-bg);color:var(--bad-text)}
code{overflow-wrap:anywhere;font-size:.875em}
`;

const mark = '<svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><path fill="var(--accent)" d="M20 13a9 9 0 0 1 15 2 8 8 0 0 1 2 15.700V31H13a7 7 0 0 1-2.500-13.600A9 9 0 0 1 20 13z"/><path fill="none" stroke="var(--accent)" stroke-width="2.500" stroke-linecap="round" d="M10 38q4-4 8 0t8 0 8 0 6-1"/></svg>';

/** A whole page, labelled as the simulator's. Needs no script and loads nothing. */
export function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)} | Salesforce simulator</title><style>${style}</style></head>
<body><div class="banner" role="note">Simulator. This is not Salesforce: no password is asked for, and all data is invented.</div>
<main>${mark}${content}</main></body></html>`;
}

export function initials(name: string): string {
  const parts = name.split(' ');
  return [parts[0], parts.at(-1)].map((part) => [...(part ?? '')][0] ?? '').join('').toUpperCase();
}
