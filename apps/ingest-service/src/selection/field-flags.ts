import type { CatalogueField } from '@tributary/api-contracts';
import type { FieldDescribe } from '@tributary/salesforce-client';

export type FieldFlag = NonNullable<CatalogueField['flags']>[number];

const personalTypes: ReadonlySet<string> = new Set(['email', 'phone', 'address', 'location']);
const personalNames = /^(first|last|middle|maiden|nick)name$|^(salutation|birthdate|title|fax|photourl|username|alias)$|(mobile|home|other|assistant)?phone|e-?mail|street|postalcode|(date_?of_?)?birth|gender|passport|iban|ssn|social_?security|tax_?id|national_?id|salary/i;
/** Objects whose rows are people: their name says who it is. */
const people: ReadonlySet<string> = new Set(['Contact', 'Lead', 'User', 'Individual', 'PersonAccount']);

/** What to know of a field before copying it. About people is a guess by type and name: better one too many. */
export function flagsOf(object: string, { name, type, soapType, compoundFieldName, encrypted }: FieldDescribe): FieldFlag[] {
  const plain = name.replace(/__c$/i, '');
  const personal = personalTypes.has(type) || personalNames.test(plain) || (people.has(object) && name === 'Name');
  return [
    ...(type === 'address' || type === 'location' || (compoundFieldName != null && compoundFieldName !== name) ? (['compound'] as const) : []),
    ...(type === 'base64' || soapType === 'xsd:base64Binary' ? (['base64'] as const) : []),
    ...(type === 'encryptedstring' || encrypted === true ? (['encrypted'] as const) : []),
    ...(personal ? (['personal'] as const) : []),
  ];
}
