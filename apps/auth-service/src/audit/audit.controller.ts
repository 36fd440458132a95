import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { readAudit, type AuditPage } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { ReadAudit, type AuditRequest } from './read-audit.ts';

@Controller()
export class AuditController {
  constructor(private readonly readAudit: ReadAudit) {}

  @OnRequest(readAudit)
  async read(@Payload() request: AuditRequest): Promise<AuditPage> {
    return this.readAudit.execute(request);
  }
}
