const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

export const confirmPageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

/** Asks before a consent that another site started; a link on our own page makes the next request one of our own site. */
export function confirmPage(login: string, href: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Connect Salesforce?</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}a.go{display:inline-block;padding:.6rem 1.2rem;border-radius:.4rem;background:#1d4ed8;color:#fff;text-decoration:none}</style>
<h1>Connect Salesforce?</h1>
<p>Another site sent you here to sign in with Salesforce at <strong>${escaped(login)}</strong>. Go on only if you meant to.</p>
<p><a class="go" href="${escaped(href)}">Continue to Salesforce</a></p>
<p><a href="/">Cancel</a></p>
</html>
`;
}
