import { describe, expect, it } from 'vitest';
import { HostRules } from './host-rules.ts';

const rules = new HostRules({ extraOrigins: ['http://localhost:4010'] });

/** `both`: a place to sign in and to read data; `data`: never to sign in; `login`: typed by people, never given by a token answer. */
type Verdict = 'both' | 'login' | 'data' | 'refused';

const zeroWidth = '\u200b';
const rtl = '\u202e';

/** Reason → verdict → addresses. */
const corpus: readonly (readonly [reason: string, verdict: Verdict, addresses: readonly string[]])[] = [
  ['the login hosts of production and sandboxes', 'both', ['https://login.salesforce.com', 'https://test.salesforce.com', 'https://login.salesforce.com/', 'https://login.salesforce.com:443', 'HTTPS://LOGIN.SALESFORCE.COM', 'https://test.salesforce.com/services/oauth2/token?x=1', 'login.salesforce.com', ' test.salesforce.com ']],
  ['My Domain in production', 'both', ['https://acme.my.salesforce.com', 'https://a.my.salesforce.com', 'https://acme-2.my.salesforce.com', 'https://acme-eu-west.my.salesforce.com', 'https://4c-media.my.salesforce.com', 'https://ACME.My.Salesforce.Com', `https://${'a'.repeat(63)}.my.salesforce.com`, 'https://acme.my.salesforce.com/#frag', 'acme.my.salesforce.com']],
  ['My Domain in a partition', 'both', ['https://acme--uat.sandbox.my.salesforce.com', 'https://acme--full2.sandbox.my.salesforce.com', 'https://orgfarm-0a1b-dev-ed.develop.my.salesforce.com', 'https://acme.scratch.my.salesforce.com', 'https://acme.demo.my.salesforce.com', 'https://acme.patch.my.salesforce.com', 'https://acme.free.my.salesforce.com', 'https://acme.trailblaze.my.salesforce.com', 'https://power-inspiration-1234.trailblaze.my.salesforce.com']],
  ['an origin the operator named', 'both', ['http://localhost:4010', 'http://localhost:4010/', 'http://localhost:4010/services/oauth2/token', 'http://LOCALHOST:4010']],
  ['a pasted Lightning address means its My Domain', 'login', ['https://acme.lightning.force.com', 'acme.lightning.force.com', 'https://acme.lightning.force.com/lightning/page/home', 'https://acme--uat.sandbox.lightning.force.com/lightning/o/Account/list', 'https://acme.develop.lightning.force.com', 'https://acme.scratch.lightning.force.com/one/one.app']],
  ['a legacy instance gives data, but nobody signs in there', 'data', ['https://na1.salesforce.com', 'https://na139.salesforce.com', 'https://eu41.salesforce.com', 'https://ap28.salesforce.com', 'https://cs101.salesforce.com', 'https://um4.salesforce.com', 'https://usa12.salesforce.com', 'https://gs0.salesforce.com', 'https://na139-phx.salesforce.com', 'https://cs9-api.salesforce.com']],
  ['nothing, or no host', 'refused', ['', ' ', '\t', '/', '//', 'https://', 'https:///', '.', '..', 'acme', 'http', '?', '#', 'null', 'undefined']],
  ['salesforce.com itself and hosts that are no org', 'refused', ['salesforce.com', 'https://salesforce.com', 'www.salesforce.com', 'https://my.salesforce.com', 'https://.my.salesforce.com', 'api.salesforce.com', 'help.salesforce.com', 'trust.salesforce.com', 'status.salesforce.com', 'login2.salesforce.com', 'login.test.salesforce.com', 'https://sandbox.my.salesforce.com.my', 'https://na.salesforce.com', 'https://na12345.salesforce.com', 'https://xx12.salesforce.com', 'https://12.salesforce.com', 'https://cs101.my.na1.salesforce.com']],
  ['not https', 'refused', ['http://login.salesforce.com', 'http://acme.my.salesforce.com', 'ftp://login.salesforce.com', 'ws://login.salesforce.com', 'wss://login.salesforce.com', 'file://login.salesforce.com/etc/passwd', 'file:///etc/passwd', 'javascript:alert(1)', 'javascript://login.salesforce.com/%0aalert(1)', 'data:text/html,<b>login.salesforce.com', 'blob:https://login.salesforce.com/x', 'gopher://login.salesforce.com', 'ldap://login.salesforce.com', 'vbscript:x', 'about:blank', 'mailto:a@login.salesforce.com', 'view-source:https://login.salesforce.com', 'jar:https://login.salesforce.com!/x', 'http://localhost', 'http://localhost:4011', 'https://localhost:4010']],
  ['another port', 'refused', ['https://login.salesforce.com:8443', 'https://login.salesforce.com:80', 'https://acme.my.salesforce.com:444', 'https://acme.my.salesforce.com:22', 'https://acme.my.salesforce.com:0', 'https://acme.my.salesforce.com:65536', 'https://acme.my.salesforce.com:x']],
  ['the right words in the wrong place', 'refused', ['login.salesforce.com.evil.example', 'https://acme.my.salesforce.com.evil.example', 'https://evil.example/login.salesforce.com', 'https://evil.example/?login.salesforce.com', 'https://evil.example/?next=https://login.salesforce.com', 'https://evil.example/#.my.salesforce.com', 'https://evil.example/.my.salesforce.com', 'https://evil.example;.my.salesforce.com', 'https://evil.example,login.salesforce.com', 'https://login.salesforce.com.', 'https://acme.my.salesforce.com./', 'https://login.salesforce.com..']],
  ['no boundary at a dot', 'refused', ['evilsalesforce.com', 'https://evilmy.salesforce.com', 'https://evil-my.salesforce.com', 'https://acme.evilmy.salesforce.com', 'https://login-salesforce.com', 'https://loginsalesforce.com', 'https://acme.my-salesforce.com', 'https://acme.mysalesforce.com', 'https://acme.my.salesforce.co', 'https://acme.my.salesforce.com.co', 'https://acme.my.salesforce.org', 'https://acme.my.salesforce.comm', 'https://acme.my.sales-force.com', 'https://acme.my.saleforce.com', 'https://acme.my.salesf0rce.com']],
  ['another of Salesforce\'s domains', 'refused', ['https://acme.my.site.com', 'https://acme.my.site.com/customers', 'https://acme.force.com', 'https://acme.secure.force.com', 'https://acme.file.force.com', 'https://acme--c.vf.force.com', 'https://acme.visualforce.com', 'https://acme.content.force.com', 'https://acme.salesforce-setup.com', 'https://acme.salesforce-sites.com', 'https://acme.cloudforce.com', 'https://acme.database.com', 'https://acme.my.salesforce.mil', 'https://acme.my.sfcrmproducts.cn', 'https://acme.lightning.force.com.evil.example', 'https://lightning.force.com', 'https://acme.lightning.force.co']],
  ['a name no My Domain has', 'refused', ['https://a.b.my.salesforce.com', 'https://acme.evil.my.salesforce.com', 'https://acme.sandbox.evil.my.salesforce.com', 'https://acme.sandbox.sandbox.my.salesforce.com', 'https://acme_1.my.salesforce.com', 'https://-acme.my.salesforce.com', 'https://acme-.my.salesforce.com', `https://${'a'.repeat(64)}.my.salesforce.com`, `https://${'a.'.repeat(150)}my.salesforce.com`, 'https://*.my.salesforce.com', 'https://acme..my.salesforce.com', 'https://acme!.my.salesforce.com', 'https://acme.my.salesforce.com,evil.example']],
  ['user information', 'refused', ['https://user@login.salesforce.com', 'https://user:password@login.salesforce.com', 'https://@login.salesforce.com', 'https://:@login.salesforce.com', 'https://login.salesforce.com@evil.example', 'https://login.salesforce.com:x@evil.example', 'https://login.salesforce.com%40evil.example', 'http://localhost:4010@evil.example', 'https://acme.my.salesforce.com#@evil.example/']],
  ['backslashes, escapes and control characters', 'refused', ['https://evil.example\\@login.salesforce.com', 'https://login.salesforce.com\\.evil.example', 'https:\\\\login.salesforce.com', '\\\\login.salesforce.com', 'https://login.salesforce.com\t.evil.example', 'https://login.sales\nforce.com', 'https://login.salesforce.com\r\nHost: evil.example', 'https://login.salesforce.com%2eevil.example', 'https://login.salesforce%2ecom', 'https://login.salesforce.com%00.evil.example', 'https://login.salesforce.com\u0000', 'https://%6cogin.salesforce.com', 'https://login.salesforce.com%0d%0a', 'https://login.salesforce.com/%2e%2e']],
  ['letters that only look the same', 'refused', ['https://\u0430cme.my.salesforce.com', 'https://login.\u0455alesforce.com', 'https://l\u043egin.salesforce.com', 'https://login.salesforce.c\u043em', 'https://xn--cme-7cd.my.salesforce.com', 'https://xn--login-salesforce.com', 'https://acme.my.xn--salesforce-abc.com', 'https://login\u3002salesforce\u3002com', 'https://\uff4cogin.salesforce.com', `https://login.salesforce.com${zeroWidth}`, `https://log${zeroWidth}in.salesforce.com`, `https://${rtl}moc.ecrofselas.nigol`, 'https://login.salesforce.com\u00ad', 'https://l\u0131gin.salesforce.com', 'https://login.\u017falesforce.com', 'https://lo\u0261in.salesforce.com']],
  ['addresses instead of names', 'refused', ['https://127.0.0.1', 'https://127.1', 'https://2130706433', 'https://0x7f000001', 'https://0x7f.1', 'https://0177.0.0.1', 'https://017700000001', 'https://0.0.0.0', 'https://0', 'https://10.0.0.1', 'https://192.168.1.1', 'https://172.16.0.1', 'https://100.64.0.1', 'https://169.254.169.254/latest/meta-data', 'http://169.254.169.254', 'https://[::1]', 'https://[::]', 'https://[::ffff:127.0.0.1]', 'https://[::ffff:7f00:1]', 'https://[fe80::1]', 'https://[fd00::1]', 'https://metadata.google.internal', 'https://localhost', 'localhost:4010', 'http://127.0.0.1:4010', 'http://[::1]:4010', 'http://localhost.evil.example:4010', 'http://localhost.:4010']],
];

const rows = corpus.flatMap(([reason, verdict, addresses]) => addresses.map((address) => ({ address, verdict, reason })));

function accepted(check: () => string): boolean {
  try {
    return check().startsWith('http');
  } catch {
    return false;
  }
}

describe('the corpus of addresses', () => {
  it.each(rows)('$address is $verdict: $reason', ({ address, verdict }) => {
    // What a token answer names is a whole origin; a bare host or a pasted page is only ever typed.
    expect(accepted(() => rules.loginOrigin(address)), 'to sign in').toBe(verdict === 'both' || verdict === 'login');
    expect(accepted(() => rules.instanceOrigin(address)), 'to read data').toBe(verdict === 'both' || verdict === 'data');
  });

  it('has two hundred different ones and more', () => {
    expect(new Set(rows.map(({ address }) => address)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(200);
  });
});
