import type { FieldValue } from '@tributary/salesforce-simulator';
import type { Random } from './random.harness.ts';
import type { ScenarioType } from './scenario.harness.ts';

const texts = ['plain', 'quote " and, comma', 'line\nbreak\r\nand\ttab', '\\N', '\\.', 'NULL', 'null', 'emoji 😀 and مرحبا', ' spaces ', "it's", '""', ',', '\n', 'a\\tb', '=1+1', 'é\u0301\u2028', '0', 'true'] as const;
const days = ['2024-02-29', '1700-01-01', '4000-12-31', '2026-03-29', '1970-01-01'] as const;
const instants = ['2024-02-29T23:59:59.000Z', '1970-01-01T00:00:00.000Z', '2026-10-25T01:30:00.000Z', '1700-01-01T00:00:00.000Z', '3999-12-31T23:59:59.000Z'] as const;
const hours = ['00:00:00.000Z', '23:59:59.000Z', '12:30:15.250Z'] as const;
const numbers = [0, -1, 0.1, 99_999_999.99, -12_345.67, 1e-7, 1_234_567_890_123, 1.5, 100] as const;

/** What every list of values offers at first. */
export const picklistValues = ['Open', 'Closed', 'On hold'] as const;

/** A value of a type, null now and then: the edges of what Salesforce keeps. */
export function valueOf(type: ScenarioType, random: Random): FieldValue {
  if (type === 'boolean') return random.chance(0.5);
  if (random.chance(0.12)) return null;
  switch (type) {
    case 'currency': case 'double': return random.chance(0.3) ? random.one(numbers) : Math.round(random.share() * 1e6) / 100;
    case 'int': return random.chance(0.3) ? random.one([0, -1, 99_999_999]) : random.below(100_000);
    case 'date': return random.chance(0.3) ? random.one(days) : new Date(Date.UTC(2020, 0, 1 + random.below(4_000))).toISOString().slice(0, 10);
    case 'datetime': return random.chance(0.3) ? random.one(instants) : new Date(Date.UTC(2020, 0, 1) + random.below(100_000_000) * 1_000).toISOString();
    case 'time': return random.one(hours);
    case 'textarea': return random.chance(0.1) ? `${random.one(texts)}${'long and longer\n'.repeat(200)}` : `${random.one(texts)} ${random.below(1_000)}`;
    case 'multipicklist': return random.one(['Red', 'Red;Green', 'Green;Blue;Red']);
    case 'picklist': return random.one(picklistValues);
    case 'email': return `person${random.below(500)}@example.com`;
    case 'reference': return `001Sm${String(random.below(10_000)).padStart(10, '0')}AAA`;
    default: return random.chance(0.5) ? random.one(texts) : `${random.one(texts)} ${random.below(1_000)}`;
  }
}

const asText: ReadonlySet<ScenarioType> = new Set(['string', 'textarea', 'picklist', 'multipicklist', 'email', 'reference']);

/** What Salesforce makes of a value when its field gets another type: the same value where it can be one, else another or none. */
export function converted(value: FieldValue, from: ScenarioType, to: ScenarioType, random: Random): FieldValue {
  if (value === null) return to === 'boolean' ? false : null;
  if (from === to || (asText.has(from) && asText.has(to))) return value;
  if (asText.has(to)) return String(value);
  if (typeof value === 'number' && to !== 'int' && (to === 'currency' || to === 'double')) return value;
  return valueOf(to, random);
}
