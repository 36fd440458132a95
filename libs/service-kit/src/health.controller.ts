import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ReadinessChecks } from './readiness-checks.ts';

/** `GET /health/live` says the process runs; `GET /health/ready` says it can work (503 while it cannot). */
@Controller('health')
export class HealthController {
  constructor(private readonly checks: ReadinessChecks) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<{ status: 'ok' | 'unavailable'; checks: Record<string, string> }> {
    const { ready, checks } = await this.checks.run();
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable', checks };
  }
}
