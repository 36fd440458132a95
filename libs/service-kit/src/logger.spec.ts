import { expect, it } from 'vitest';
import { redact } from './logger.ts';

it('removes everything shaped like a token from a text', () => {
  const line = 'GET /cb?code=aPrxSECRETCODE%3D%3D&state=abc 00DXX0000001abc!AQEAQExample.Ex_ample 5Aep861EXAMPLEexample eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln';
  expect(redact(line)).toBe('GET /cb?code=[secret]&state=[secret] [secret] [secret] [secret]');
});

it('leaves ids and ordinary words alone', () => {
  expect(redact('run 0199aa00-0000-7000-8000-000000000001 of org 00DXX0000001abcEAA')).toBe('run 0199aa00-0000-7000-8000-000000000001 of org 00DXX0000001abcEAA');
});
