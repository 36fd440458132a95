import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { probeOrg, type DoctorFacts } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { ProbeOrg } from './probe-org.ts';

@Controller()
export class DoctorController {
  constructor(private readonly probe: ProbeOrg) {}

  @OnRequest(probeOrg)
  async look(@Payload() { workspaceId, connectionId }: { workspaceId: WorkspaceId; connectionId: ConnectionId }): Promise<DoctorFacts> {
    return this.probe.execute(workspaceId, connectionId);
  }
}
