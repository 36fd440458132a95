import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AuditAnchors } from './audit-anchors.ts';

const everyMs = 60 * 60_000;

/** Looks at the start and every hour whether the day's anchors are set. */
@Injectable()
export class AuditScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('audit-anchor');
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly anchors: AuditAnchors) {}

  onApplicationBootstrap(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.anchors.execute().catch((error: unknown) => this.#log.warn(`anchors were not set: ${error instanceof Error ? error.message : 'unknown'}`));
  }
}
