import { Injectable, Logger } from '@nestjs/common';
import { RateLimited } from '@tributary/failures';
import { json, type NextFunction, type Request, type Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from './rate-limits.ts';
import { violationsIn, type Violation } from './violation-report.ts';

/** Reports of one minute, in each replica: browsers send those of a page together. */
export const reportLimits = { ofNetwork: 20, ofAll: 200, largestBytes: 16_384, written: 10 } as const;

/** Takes what browsers report of the policy's violations, from anybody, and writes it into the log; it is kept and shown nowhere else. */
@Injectable()
export class ViolationReports {
  readonly #log = new Logger('csp');
  readonly #ofNetwork = new RateLimiterMemory({ points: reportLimits.ofNetwork, duration: 60 });
  readonly #ofAll = new RateLimiterMemory({ points: reportLimits.ofAll, duration: 60 });

  /** Answers POST with 204; anything else goes on. */
  middleware() {
    const parse = json({ type: ['application/reports+json', 'application/csp-report'], limit: reportLimits.largestBytes });
    return (request: Request, response: Response, next: NextFunction): void => {
      if (request.method !== 'POST') return next();
      this.#count(request.ip ?? '').then(() => parse(request, response, (error?: unknown) => (error === undefined ? this.#take(request, response) : next(error))), next);
    };
  }

  /** @throws RateLimited `TOO_MANY_REPORTS` */
  async #count(address: string): Promise<void> {
    try {
      await this.#ofNetwork.consume(networkOf(address));
      await this.#ofAll.consume('all');
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new RateLimited('TOO_MANY_REPORTS', 'There were too many reports in the last minute.', { retryAfterMs: Math.max(1_000, error.msBeforeNext) });
      throw error;
    }
  }

  #take(request: Request, response: Response): void {
    const violations = violationsIn(request.body);
    for (const violation of violations.slice(0, reportLimits.written)) this.#log.warn(lineOf(violation));
    if (violations.length > reportLimits.written) this.#log.warn(`${violations.length - reportLimits.written} more violations came with them`);
    response.status(204).end();
  }
}

function lineOf({ directive, blocked, page, source }: Violation): string {
  return `the policy of ${page} refused ${blocked} by ${directive}${source === '' ? '' : `, asked for at ${source}`}`;
}
