import { describe, expect, it } from 'vitest';
import { returnPath } from './return-path.ts';

describe('a return path', () => {
  it.each(['/', '/c/0199aa00-0000-7000-8000-000000000001/pipeline', '/connections', '/connections/new?step=2', '/connections/0199aa00-0000-7000-8000-000000000001/data', '/c/x/records/Opportunity?stage=Closed%20Won', '/?welcome=1'])('of the portal is kept: %s', (path) => {
    expect(returnPath(path)).toBe(path);
  });

  it.each([
    undefined, '', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', '/%5cevil', '/%2f%2fevil', 'https://evil.example', 'http:evil', 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x',
    '/c//evil', '/c/../../evil', '/c/..', '/c/./x', '/api/session', '/connect/salesforce', '/connect/salesforce/callback?code=x', '/health/ready', '/c/x#https://evil', '/c/x\r\nSet-Cookie: a=b', '/c/x\n', ' /c/x', '/c/x ',
    '/c/<script>', '/c/x?next=https://evil', '/connectionsevil', '/c/@evil', '/c/x:y', '/.evil', '/c/\u0000', '/c/\u202e', '/cc', 'c/x', '?x', 'vbscript:x', 'blob:https://evil.example/x', '/\t/evil.example', '\t//evil.example', '/c/%2e%2e/%2e%2e/evil', '/c/x%0d%0aSet-Cookie:a=b', '/c;/evil', '/c/ⓔvil', '/c/x?y#z', `/c/${'x'.repeat(600)}`,
  ])('of anything else becomes the front page: %j', (path) => {
    expect(returnPath(path)).toBe('/');
  });
});
