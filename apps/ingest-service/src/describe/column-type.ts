/** PostgreSQL types a warehouse column can have. */
export type ColumnType = 'text' | 'boolean' | 'bigint' | 'numeric' | 'date' | 'timestamptz' | 'time';

const byType: Readonly<Record<string, ColumnType>> = {
  boolean: 'boolean', int: 'bigint', long: 'bigint', double: 'numeric', currency: 'numeric', percent: 'numeric', date: 'date', datetime: 'timestamptz', time: 'time',
};

/** Salesforce types that are not copied, and why; the parts of a compound are fields of their own. */
const notCopied: Readonly<Record<string, string>> = {
  address: 'A compound address; its parts are copied.',
  location: 'A compound location; its parts are copied.',
  base64: 'The content of a file.',
  complexvalue: 'A structure without a fixed shape.',
  json: 'A structure without a fixed shape.',
};

const notReadable = /^(urn:(address|location|JunctionIdListNames|RelationshipReferenceTo|RecordTypesSupported|SearchLayout)|xsd:base64Binary|tns:json)/;

/** Column type of a Salesforce field type; anything unknown is kept as text. */
export function columnTypeOf(type: string): ColumnType {
  return byType[type] ?? 'text';
}

/** Why a field of this type is not copied; undefined when it is. */
export function exclusionOf(type: string, soapType: string | undefined): string | undefined {
  return notCopied[type] ?? (soapType !== undefined && notReadable.test(soapType) ? 'Salesforce does not export this kind of field.' : undefined);
}
