import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { tokenReady, type TokenReady } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { OpenFirstRun } from './open-first-run.ts';

@Controller()
export class TokenReadyConsumer {
  constructor(private readonly openFirstRun: OpenFirstRun) {}

  @OnEvent(tokenReady)
  async handle(@Payload() event: TokenReady): Promise<void> {
    await this.openFirstRun.execute(event);
  }
}
