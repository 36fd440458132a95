import type { FieldDefinition } from '../org/definition.ts';

const soapTypes: Readonly<Record<string, string>> = {
  id: 'tns:ID', reference: 'tns:ID', boolean: 'xsd:boolean', int: 'xsd:int', long: 'xsd:long', double: 'xsd:double', currency: 'xsd:double', percent: 'xsd:double', date: 'xsd:date', datetime: 'xsd:dateTime',
  time: 'xsd:time', base64: 'xsd:base64Binary', anyType: 'xsd:anyType', address: 'urn:address', location: 'urn:location',
};
const numeric = new Set(['int', 'long', 'double', 'currency', 'percent']);

/** A field as describe tells it, with every key a real org gives. */
export function describeField(field: FieldDefinition): Record<string, unknown> {
  const { name, label, type, custom = false, formula, nameField = false, unique = false } = field;
  const long = type === 'textarea' && (field.length ?? 0) > 4_000;
  const compound = type === 'address' || type === 'location';
  const calculated = formula !== undefined;
  const length = type === 'id' || type === 'reference' ? 18 : (field.length ?? 0);
  const listed = field.picklist ?? [];
  return {
    aggregatable: !long && !compound, aiPredictionField: false, autoNumber: false, byteLength: length * 3, calculated, calculatedFormula: formula?.text ?? null, cascadeDelete: false, caseSensitive: false,
    compoundFieldName: field.compound ?? null, controllerName: null, createable: (field.createable ?? true) && !calculated, custom, defaultValue: type === 'boolean' ? false : null, defaultValueFormula: null,
    defaultedOnCreate: type === 'boolean' || type === 'id', dependentPicklist: false, deprecatedAndHidden: false, digits: type === 'int' ? (field.precision ?? 9) : 0, displayLocationInDecimal: false, encrypted: false,
    externalId: false, extraTypeInfo: type === 'textarea' && custom ? 'plaintextarea' : null, filterable: !long, filteredLookupInfo: null, formulaTreatNullNumberAsZero: false, groupable: !long && !compound && !calculated && !numeric.has(type),
    highScaleNumber: false, htmlFormatted: false, idLookup: type === 'id' || nameField, inlineHelpText: field.inlineHelpText ?? null, label, length, mask: null, maskType: null, name, nameField, namePointing: (field.referenceTo?.length ?? 0) > 1,
    nillable: field.nillable ?? true, permissionable: custom || (field.nillable ?? true), picklistValues: listed.map((value) => ({ active: true, defaultValue: false, label: value, validFor: null, value })),
    polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1, precision: numeric.has(type) && type !== 'int' ? (field.precision ?? 18) : 0, queryByDistance: compound, referenceTargetField: null, referenceTo: field.referenceTo ?? [],
    relationshipName: field.relationshipName ?? null, relationshipOrder: null, restrictedDelete: false, restrictedPicklist: false, scale: numeric.has(type) && type !== 'int' ? (field.scale ?? 0) : 0, searchPrefilterable: false,
    soapType: soapTypes[type] ?? 'xsd:string', sortable: !long && !compound, type, unique, updateable: (field.updateable ?? true) && !calculated, writeRequiresMasterRead: false,
  };
}
