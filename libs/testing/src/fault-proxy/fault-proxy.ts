import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { holdMs, piecesOf, type LinkFaults } from './link-faults.ts';

/** Faults of both directions: `up` to the target, `down` to who dialed. */
export interface ProxyFaults {
  readonly up?: LinkFaults;
  readonly down?: LinkFaults;
}

const mostConnections = 256;
/** Longer than any test; a proxy nobody stops ends by itself. */
const longestLifeMs = 10 * 60_000;

/** A TCP link on loopback that fails as it is told; it knows nothing of what it carries. */
export class FaultProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #end = new AbortController();
  #faults: ProxyFaults = {};
  #changed = Promise.withResolvers<void>();
  /** Connections that met a limit since the faults were set. */
  #cut = 0;
  /** Connections made so far. */
  dialed = 0;
  /** Bytes handed to who dialed, over all connections since the faults were set. */
  answered = 0;

  private constructor(
    private readonly targetPort: number,
    private readonly targetHost: string,
  ) {
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#link(near));
    this.#server.maxConnections = mostConnections;
    this.#server.unref();
    AbortSignal.timeout(longestLifeMs).addEventListener('abort', () => void this.stop(), { signal: this.#end.signal });
  }

  /** @param targetPort where the other end listens, on loopback */
  static async start(targetPort: number, faults: ProxyFaults = {}, targetHost = '127.0.0.1'): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort, targetHost);
    proxy.#faults = faults;
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Address for clients of HTTP. */
  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** Replaces the faults, for present connections too; limits count anew. */
  set(faults: ProxyFaults): void {
    this.#faults = faults;
    this.#cut = 0;
    this.answered = 0;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** Resets every present connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #link(near: Socket): void {
    this.dialed += 1;
    const far = connect({ port: this.targetPort, host: this.targetHost, allowHalfOpen: true });
    for (const socket of [near, far]) {
      this.#sockets.add(socket.setNoDelay(true));
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    }
    const broken = (): void => this.#faults.down?.silent === true || this.#faults.up?.silent === true ? undefined : void [near, far].map((socket) => socket.destroy());
    far.on('data', (chunk: Buffer) => (this.answered += chunk.length)).pause();
    Promise.all([this.#carry(near, far, () => this.#faults.up ?? {}), this.#carry(far, near, () => this.#faults.down ?? {})]).then(broken, broken);
  }

  /** Carries one direction to its end. @throws when a side has gone */
  async #carry(from: Socket, to: Socket, faultsNow: () => LinkFaults): Promise<void> {
    let counted = faultsNow();
    let passed = 0;
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (const whole of piecesOf(chunk, faultsNow())) {
        await this.#whileSilent(faultsNow);
        const faults = faultsNow();
        if (faults !== counted) [counted, passed] = [faults, 0];
        const { atLimit = 'reset', times = Infinity } = faults;
        const limitBytes = this.#cut < times ? (faults.limitBytes ?? Infinity) : Infinity;
        const piece = whole.subarray(0, Math.max(0, limitBytes - passed));
        await this.#pass(piece, to, faults);
        passed += piece.length;
        if (passed < limitBytes) continue;
        this.#cut += 1;
        // Leaving the loop destroys what is read, so the end is waited for inside it.
        await this.#endAs(atLimit, from, to);
        return;
      }
    }
    await this.#whileSilent(faultsNow);
    to.end();
  }

  async #pass(piece: Buffer, to: Socket, faults: LinkFaults): Promise<void> {
    const ms = holdMs(piece, faults);
    if (ms > 0) await sleep(ms, undefined, { signal: this.#end.signal });
    if (to.destroyed) throw new Error('the other end has gone');
    await new Promise<void>((resolve, reject) => to.write(piece, (error) => (error ? reject(error) : resolve())));
    // The reader gets its turn, so that it meets the piece alone.
    if (faults.sliceBytes !== undefined) await breathe();
  }

  async #endAs(atLimit: NonNullable<LinkFaults['atLimit']>, from: Socket, to: Socket): Promise<void> {
    if (atLimit === 'silence') await once(this.#end.signal, 'abort');
    else if (atLimit === 'reset') for (const socket of [to, from]) socket.resetAndDestroy();
    else {
      to.end();
      from.destroy();
    }
  }

  async #whileSilent(faultsNow: () => LinkFaults): Promise<void> {
    while (faultsNow().silent === true && !this.#end.signal.aborted) await Promise.race([this.#changed.promise, once(this.#end.signal, 'abort')]);
  }
}
