import { createHash } from 'node:crypto';
import { empty, json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { World } from '../oauth/world.ts';
import type { ObjectTable } from '../org/table.ts';
import { visibleFields, visibleTable, type View } from '../soql/view.ts';
import { describeField } from './describe-field.ts';
import type { DescribeHistory } from './describe-history.ts';
import { notFound } from './rest-error.ts';
import type { Session } from './session.ts';

/** `GET /sobjects`; 304 when the description of no object changed since the caller last looked. */
export function describeGlobal(world: World, history: DescribeHistory, { view, username }: Session, request: HttpRequest, version: string): Reply {
  const { hiddenFields, hiddenObjects } = world.settings;
  const tag = createHash('sha256').update(JSON.stringify([world.org.schemaChangedAt, hiddenFields, hiddenObjects])).digest('hex').slice(0, 8);
  const changedAt = history.changedAt(`*|${version}|${username}`, tag, world.org.schemaChangedAt, world.clock.now());
  const headers = { 'last-modified': changedAt.toUTCString() };
  if (isUnchanged(request, tag, changedAt)) return empty(304, headers);
  const sobjects = view.org.tables.filter(({ definition }) => view.canSeeObject(definition.name)).map((table) => summary(table, version));
  return json(200, { encoding: 'UTF-8', maxBatchSize: 200, sobjects }, headers);
}

/** `GET /sobjects/{object}/describe`; 304 when nothing changed since the caller last looked. @throws RestError 404 */
export function describeObject(world: World, history: DescribeHistory, { view, username }: Session, request: HttpRequest, object: string, version: string): Reply {
  const table = visibleTable(view, object);
  if (table === undefined) throw notFound();
  const body = describeBody(view, table, version);
  const text = JSON.stringify(body);
  const tag = createHash('sha256').update(`${world.settings.describeTellsRemade ? table.schemaRevision : 0} ${text}`).digest('hex').slice(0, 8);
  const etag = request.acceptsGzip ? `"${tag}--gzip"` : `"${tag}"`;
  const changedAt = history.changedAt(`${table.definition.name}|${version}|${username}`, tag, world.org.schemaChangedAt, world.clock.now());
  const headers = { etag, 'last-modified': changedAt.toUTCString() };
  return isUnchanged(request, tag, changedAt) ? empty(304, headers) : json(200, body, headers);
}

function isUnchanged({ headers }: HttpRequest, tag: string, changedAt: Date): boolean {
  const match = headers['if-none-match'];
  if (match !== undefined) return match.includes(tag);
  const since = headers['if-modified-since'];
  return since !== undefined && changedAt.getTime() <= new Date(since).getTime();
}

function describeBody(view: View, table: ObjectTable, version: string): Record<string, unknown> {
  const { name } = table.definition;
  return {
    actionOverrides: [], ...summary(table, version), childRelationships: childRelationships(view, name), compactLayoutable: true, fields: visibleFields(view, table).map((field) => ({ ...describeField(field), ...(view.describedFilterable(name, field.name) ? {} : { filterable: false, sortable: false }) })), implementedBy: null, implementsInterfaces: null,
    listviewable: null, lookupLayoutable: null, namedLayoutInfos: [], networkScopeFieldName: null,
    recordTypeInfos: [{ active: true, available: true, defaultRecordTypeMapping: true, developerName: 'Master', master: true, name: 'Master', recordTypeId: '012000000000000AAA', urls: {} }],
    searchLayoutable: true, sobjectDescribeOption: 'FULL', supportedScopes: [{ label: `All ${table.definition.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}

function summary({ definition }: ObjectTable, version: string): Record<string, unknown> {
  const { name, label, labelPlural, keyPrefix, custom = false, replicateable = false } = definition;
  const root = `/services/data/v${version}/sobjects/${name}`;
  return {
    activateable: false, associateEntityType: null, associateParentEntity: null, createable: true, custom, customSetting: false, deepCloneable: false, defaultImplementation: null, deletable: true, deprecatedAndHidden: false,
    extendedBy: null, extendsInterfaces: null, feedEnabled: false, hasSubtypes: false, isInterface: false, isSubtype: false, keyPrefix, label, labelPlural, layoutable: true, mergeable: false, mruEnabled: replicateable, name,
    queryable: true, replicateable, retrieveable: true, searchable: replicateable, triggerable: replicateable, undeletable: replicateable, updateable: true,
    urls: { rowTemplate: `${root}/{ID}`, describe: `${root}/describe`, sobject: root },
  };
}

function childRelationships(view: View, parent: string): unknown[] {
  return view.org.tables.filter(({ definition }) => view.canSeeObject(definition.name)).flatMap((table) =>
    visibleFields(view, table).filter(({ referenceTo }) => referenceTo?.includes(parent)).map(({ name }) => ({
      cascadeDelete: false, childSObject: table.definition.name, deprecatedAndHidden: false, field: name, junctionIdListNames: [], junctionReferenceTo: [], relationshipName: null, restrictedDelete: false,
    })));
}
