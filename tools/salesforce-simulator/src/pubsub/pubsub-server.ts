import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadPackageDefinition, Metadata, Server, ServerCredentials, status as grpcStatus, type GrpcObject, type sendUnaryData, type ServerDuplexStream, type ServerUnaryCall, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { livingToken } from '../oauth/bearer.ts';
import type { World } from '../oauth/world.ts';
import { EventBus } from './event-bus.ts';
import { PubSubError } from './pubsub-error.ts';
import { Subscription } from './subscription.ts';
import type { FetchRequest, FetchResponse } from './wire.ts';

type SubscribeCall = ServerDuplexStream<FetchRequest, FetchResponse>;

/** How often commits, sessions and keep-alives are looked at while somebody subscribes. */
const lookEveryMs = 100;
const dayMs = 24 * 60 * 60_000;

/** The Pub/Sub API on a loopback port of its own, without TLS. */
export class PubSubServer {
  readonly bus: EventBus;
  /** `localhost:<port>` once it listens. */
  endpoint = '';
  /** What the next subscriptions are answered with instead. */
  refusal: PubSubError | undefined;
  /** Calls by name, in order. */
  readonly calls: string[] = [];
  readonly #world: World;
  readonly #server = new Server();
  readonly #open = new Map<SubscribeCall, { readonly subscription: Subscription; token: string | undefined; toldAt: number }>();
  readonly #delivered: { readonly atMs: number; readonly events: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(world: World) {
    this.#world = world;
    this.bus = new EventBus(world);
    this.bus.onEvent(() => this.#deliver());
  }

  /** @throws the system's error when the port is taken */
  async listen(port: number): Promise<void> {
    const loaded = loadPackageDefinition(loadSync(join(import.meta.dirname, 'pubsub-api.proto'), { keepCase: false, longs: String, enums: String, defaults: true }));
    this.#server.addService(serviceOf(loaded).service, {
      Subscribe: (call: SubscribeCall) => this.#subscribe(call),
      GetTopic: this.#unary('GetTopic', ({ topicName }: { topicName: string }) => this.#topic(topicName)),
      GetSchema: this.#unary('GetSchema', ({ schemaId }: { schemaId: string }) => this.#schema(schemaId)),
      Publish: this.#unary('Publish', () => refusePublishing()),
      PublishStream: (call: ServerDuplexStream<unknown, unknown>) => call.emit('error', serviceError(new PubSubError('PERMISSION_DENIED', 'sfdc.platform.eventbus.grpc.publish.permission.denied', 'This simulator takes no events.'))),
    });
    const bound = await new Promise<number>((resolve, reject) => this.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, taken) => (error === null ? resolve(taken) : reject(error))));
    this.endpoint = `localhost:${bound}`;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  /** Ends all streams as a failing network would. */
  cut(): void {
    for (const call of this.#open.keys()) call.emit('error', serviceError(new PubSubError('UNAVAILABLE', 'sfdc.platform.eventbus.grpc.service.unavailable', 'The stream was cut.')));
    this.#open.clear();
  }

  get subscribers(): number {
    return this.#open.size;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.forceShutdown();
  }

  #subscribe(call: SubscribeCall): void {
    this.calls.push('Subscribe');
    const subscription = new Subscription(this.bus, (response) => {
      const known = this.#open.get(call);
      if (known !== undefined) known.toldAt = Date.now();
      call.write(response);
    }, (events) => this.#spend(events));
    const token = call.metadata.get('accesstoken')[0]?.toString();
    this.#open.set(call, { subscription, token, toldAt: Date.now() });
    const end = (): void => void this.#open.delete(call);
    call.on('data', (request: FetchRequest) => this.#guarded(call, () => {
      const isNew = !subscription.isOpen;
      if (isNew) this.#admit(call.metadata);
      subscription.request(request);
      if (isNew) call.sendMetadata(new Metadata());
    }));
    call.on('end', () => {
      end();
      call.end();
    });
    call.on('cancelled', end);
    call.on('error', end);
  }

  /** @throws PubSubError for whom the API is closed */
  #admit(metadata: Metadata): void {
    const token = livingToken(this.#world, metadata.get('accesstoken')[0]?.toString());
    if (token === undefined) throw new PubSubError('UNAUTHENTICATED', 'sfdc.platform.eventbus.grpc.service.auth.error', 'Authentication exception occurred. Ensure that the access token is valid.');
    if (metadata.get('tenantid')[0] !== this.#world.orgId || metadata.get('instanceurl')[0] !== this.#world.origin('org')) throw new PubSubError('UNAUTHENTICATED', 'sfdc.platform.eventbus.grpc.service.auth.headers.invalid', 'The tenant or the instance is not that of the token.');
    if (this.refusal !== undefined) throw this.refusal;
    if (!this.#world.settings.changeEventsAllowed) throw new PubSubError('PERMISSION_DENIED', 'sfdc.platform.eventbus.grpc.topic.permission.denied', 'The user has no permission to subscribe to this topic.');
    this.#world.tokens.touch(token);
  }

  #topic(topicName: string): unknown {
    const topic = this.bus.topicObject(topicName);
    if (topic === 'unknown') throw new PubSubError('NOT_FOUND', 'sfdc.platform.eventbus.grpc.topic.not.found', `The topic ${topicName} does not exist.`);
    const table = topic.object === undefined ? undefined : this.#world.org.table(topic.object);
    return { topicName, tenantGuid: this.#world.orgId, canPublish: false, canSubscribe: this.#world.settings.changeEventsAllowed, schemaId: table === undefined ? '' : this.bus.schemaOf(table).id, rpcId: randomUUID() };
  }

  #schema(schemaId: string): unknown {
    const schema = this.bus.schema(schemaId);
    if (schema === undefined) throw new PubSubError('NOT_FOUND', 'sfdc.platform.eventbus.grpc.schema.not.found', 'There is no such schema.');
    return { schemaJson: schema.json, schemaId, rpcId: randomUUID() };
  }

  /** @throws PubSubError when the day's allocation is used up */
  #spend(events: number): void {
    const now = this.#world.clock.now().getTime();
    const used = this.#delivered.filter(({ atMs }) => atMs > now - dayMs).reduce((sum, one) => sum + one.events, 0);
    if (used + events > this.#world.settings.changeEventsPerDay) throw new PubSubError('RESOURCE_EXHAUSTED', 'sfdc.platform.eventbus.grpc.subscription.limit.exceeded', 'You have exceeded the event delivery limit for your org.');
    this.#delivered.push({ atMs: now, events });
  }

  #deliver(): void {
    for (const [call, { subscription }] of this.#open) this.#guarded(call, () => subscription.deliver());
  }

  #look(): void {
    if (this.#open.size === 0) return;
    this.#world.org.settle();
    for (const [call, known] of this.#open) {
      this.#guarded(call, () => {
        if (livingToken(this.#world, known.token) === undefined && known.subscription.isOpen) throw new PubSubError('UNAUTHENTICATED', 'sfdc.platform.eventbus.grpc.service.auth.error', 'The session has ended.');
        if (Date.now() - known.toldAt >= this.#world.settings.changeEventKeepAliveMs) known.subscription.keepAlive();
      });
    }
  }

  #guarded(call: SubscribeCall, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#open.delete(call);
      call.emit('error', serviceError(error));
    }
  }

  #unary<Request>(name: string, answer: (request: Request) => unknown) {
    return (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>): void => {
      this.calls.push(name);
      try {
        this.#admit(call.metadata);
        callback(null, answer(call.request));
      } catch (error) {
        callback(serviceError(error));
      }
    };
  }
}

function refusePublishing(): never {
  throw new PubSubError('PERMISSION_DENIED', 'sfdc.platform.eventbus.grpc.publish.permission.denied', 'This simulator takes no events.');
}

function serviceError(error: unknown): Error & { code: number; details: string; metadata: Metadata } {
  const known = error instanceof PubSubError ? error : new PubSubError('INTERNAL', 'sfdc.platform.eventbus.grpc.service.error', String(error));
  const metadata = new Metadata();
  metadata.set('error-code', known.errorCode);
  metadata.set('rpc-id', randomUUID());
  return Object.assign(new Error(known.message), { code: grpcStatus[known.status], details: known.message, metadata });
}

function serviceOf(loaded: GrpcObject): ServiceClientConstructor {
  const service = ['eventbus', 'v1', 'PubSub'].reduce<unknown>((scope, name) => (scope as Record<string, unknown>)[name], loaded);
  return service as ServiceClientConstructor;
}
