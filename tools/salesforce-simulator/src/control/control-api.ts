import { z } from 'zod';
import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Simulator } from '../simulator-types.ts';
import type { FaultAnswer } from './faults.ts';
import { Settings } from './settings.ts';

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Fields = z.record(z.string(), Value);
const FieldType = z.enum(['string', 'textarea', 'picklist', 'multipicklist', 'reference', 'boolean', 'int', 'long', 'double', 'currency', 'percent', 'date', 'datetime', 'time', 'email', 'phone', 'url', 'base64', 'address', 'anyType']);
const Field = z.object({ name: z.string(), type: FieldType, label: z.string().optional(), length: z.int().optional(), precision: z.int().optional(), scale: z.int().optional(), referenceTo: z.array(z.string()).optional(), relationshipName: z.string().optional(), picklist: z.array(z.string()).optional() });
const Clock = z.union([z.object({ set: z.iso.datetime({ offset: true }) }), z.object({ advanceMs: z.number() }), z.object({ run: z.literal(true) })]);
const Fault = z.object({
  match: z.object({ path: z.string().optional(), method: z.string().optional(), grant: z.string().optional(), host: z.enum(['login', 'test', 'org']).optional(), bearer: z.string().optional(), nth: z.int().positive().optional(), times: z.int().positive().optional() }).default({}),
  answer: z.union([
    z.literal(['reset', 'lose-response']), z.object({ status: z.int(), headers: z.record(z.string(), z.string()).optional(), body: z.string().optional() }), z.object({ afterBytes: z.int() }), z.object({ truncateRows: z.int() }), z.object({ delayMs: z.number() }),
    /** In place of a function: every occurrence of `replace` becomes `with`. */
    z.object({ replace: z.string(), with: z.string() }),
  ]),
});
const OrgCall = z.discriminatedUnion('do', [
  z.object({ do: z.literal('insert'), object: z.string(), fields: Fields }),
  z.object({ do: z.literal('update'), object: z.string(), id: z.string(), fields: Fields }),
  z.object({ do: z.literal(['delete', 'undelete', 'purge']), object: z.string(), id: z.string() }),
  z.object({ do: z.literal('addField'), object: z.string(), field: Field }),
  z.object({ do: z.literal('removeField'), object: z.string(), field: z.string() }),
  z.object({ do: z.literal('renameField'), object: z.string(), field: z.string(), to: z.string() }),
  z.object({ do: z.literal('setPicklist'), object: z.string(), field: z.string(), values: z.array(z.string()) }),
  z.object({ do: z.literal('addObject'), name: z.string(), fields: z.array(Field), rows: z.int().nonnegative().optional() }),
  z.object({ do: z.literal('trimDeleteLog'), until: z.iso.datetime({ offset: true }) }),
]);
const AppCall = z.object({ addPublicKey: z.string().optional(), certificates: z.array(z.string()).optional(), redirectUris: z.array(z.string()).optional(), rotateSecret: z.string().optional() });

/** Control over HTTP, for tests that run the simulator as another process: `/__simulator/*`, JSON in and out. */
export class ControlApi {
  readonly #simulator: Simulator;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  async answer(request: HttpRequest): Promise<Reply> {
    try {
      const result = await this.#call(`${request.method} ${request.path.slice('/__simulator'.length)}`, request);
      return result === undefined ? json(404, { error: 'The simulator has no such control.' }) : json(200, result);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  async #call(call: string, request: HttpRequest): Promise<unknown> {
    const { clock, settings, faults, log, org, users, client, origins, loginOrigin, testOrigin, orgOrigin, orgId, changeEvents } = this.#simulator;
    const body = (): unknown => JSON.parse(request.body === '' ? '{}' : request.body);
    switch (call) {
      case 'GET ': case 'GET /': return { loginOrigin, testOrigin, orgOrigin, origins, orgId, client: { id: client.id }, users, changeEvents: changeEvents?.endpoint ?? null, now: clock.now() };
      case 'GET /clock': return { now: clock.now() };
      case 'POST /clock': return this.#setClock(Clock.parse(body()));
      case 'GET /settings': return settings;
      case 'POST /settings': return Object.assign(settings, Settings.parse({ ...settings, ...z.record(z.string(), z.unknown()).parse(body()) }));
      case 'POST /faults': return done(faults.add(readFault(body())));
      case 'DELETE /faults': return done(faults.clear());
      case 'GET /log': return log.entries();
      case 'DELETE /log': return done(log.clear());
      case 'GET /tokens': return this.#simulator.tokens();
      case 'POST /revoke': return done(this.#simulator.revoke(z.object({ username: z.string().optional() }).parse(body()).username));
      case 'POST /approve': return this.#approve(body());
      case 'POST /move': return done(this.#simulator.move(z.object({ times: z.int().positive().default(1) }).parse(body()).times));
      case 'POST /moving': return done(this.#simulator.setMoving(z.object({ everyMs: z.number().min(10).nullable() }).parse(body()).everyMs));
      case 'GET /app': return { certificates: this.#simulator.app.certificates() };
      case 'POST /app': return this.#changeApp(AppCall.parse(body()));
      case 'GET /org': return Object.fromEntries(org.objects.map((object) => [object, org.count(object)]));
      case 'GET /org/record': return org.find(request.query.get('object') ?? '', request.query.get('id') ?? '') ?? null;
      case 'GET /org/records': return org.rows(request.query.get('object') ?? '');
      case 'POST /org': return this.#changeOrg(OrgCall.parse(body()));
      default: return undefined;
    }
  }

  #setClock(change: z.infer<typeof Clock>): unknown {
    const { clock } = this.#simulator;
    if ('set' in change) clock.set(new Date(change.set));
    else if ('advanceMs' in change) clock.advance(change.advanceMs);
    else clock.run();
    return { now: clock.now() };
  }

  async #approve(body: unknown): Promise<unknown> {
    const { url, username, deny } = z.object({ url: z.url(), username: z.string().optional(), deny: z.boolean().optional() }).parse(body);
    return { callback: await this.#simulator.approve(url, { ...(username === undefined ? {} : { username }), ...(deny === undefined ? {} : { deny }) }) };
  }

  #changeApp({ addPublicKey, certificates, redirectUris, rotateSecret }: z.infer<typeof AppCall>): unknown {
    const { app } = this.#simulator;
    if (addPublicKey !== undefined) app.addPublicKey(addPublicKey);
    if (certificates !== undefined) app.setCertificates(certificates);
    if (redirectUris !== undefined) app.setRedirectUris(redirectUris);
    if (rotateSecret !== undefined) app.rotateSecret(rotateSecret);
    return { done: true };
  }

  #changeOrg(change: z.infer<typeof OrgCall>): unknown {
    const { org } = this.#simulator;
    switch (change.do) {
      case 'insert': return { id: org.insert(change.object, change.fields) };
      case 'update': return done(org.update(change.object, change.id, change.fields));
      case 'delete': return done(org.delete(change.object, change.id));
      case 'undelete': return done(org.undelete(change.object, change.id));
      case 'purge': return done(org.purge(change.object, change.id));
      case 'addField': return done(org.addField(change.object, change.field));
      case 'removeField': return done(org.removeField(change.object, change.field));
      case 'renameField': return done(org.renameField(change.object, change.field, change.to));
      case 'setPicklist': return done(org.setPicklist(change.object, change.field, change.values));
      case 'addObject': return done(org.addObject({ name: change.name, fields: change.fields, ...(change.rows === undefined ? {} : { rows: change.rows }) }));
      case 'trimDeleteLog': return done(org.trimDeleteLog(new Date(change.until)));
    }
  }
}

function done(_nothing: void): { done: true } {
  return { done: true };
}

function readFault(body: unknown): Parameters<Simulator['faults']['add']>[0] {
  const { match, answer } = Fault.parse(body);
  const { path, ...rest } = match;
  const optional = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { match: { ...optional, ...(path === undefined ? {} : { path: new RegExp(path) }) }, answer: faultAnswer(answer) };
}

function faultAnswer(answer: z.infer<typeof Fault>['answer']): FaultAnswer {
  if (typeof answer === 'string') return answer;
  if ('replace' in answer) return { tamper: (text) => text.replaceAll(answer.replace, answer.with) };
  if ('status' in answer) return { status: answer.status, ...(answer.headers === undefined ? {} : { headers: answer.headers }), ...(answer.body === undefined ? {} : { body: answer.body }) };
  return answer;
}
