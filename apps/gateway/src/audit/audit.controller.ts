import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { readAudit, type AuditPage } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import { z } from 'zod';
import { parsed } from '../parsed.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';

const PageRequest = z.object({ before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

@Controller('api/audit')
@UseGuards(SessionGuard)
export class AuditController {
  constructor(private readonly requests: RequestClient) {}

  @Get()
  async page(@CurrentSession() session: Session, @Query() query: unknown): Promise<AuditPage> {
    return this.requests.ask(readAudit, { personId: PersonId.parse(session.personId), ...parsed(PageRequest, query) });
  }
}
