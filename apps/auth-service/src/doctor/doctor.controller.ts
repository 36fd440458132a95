import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { runDoctor, type DoctorReport } from '@tributary/api-contracts';
import type { ConnectionId, PersonId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { RunDoctor } from './run-doctor.ts';

@Controller()
export class DoctorController {
  constructor(private readonly runDoctor: RunDoctor) {}

  @OnRequest(runDoctor)
  async run(@Payload() { personId, connectionId }: { readonly personId: PersonId; readonly connectionId: ConnectionId }): Promise<DoctorReport> {
    return this.runDoctor.execute(personId, connectionId);
  }
}
