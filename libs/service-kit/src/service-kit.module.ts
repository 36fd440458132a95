import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK } from './clock.ts';
import { HealthController } from './health.controller.ts';
import { HttpDrain } from './http-drain.ts';
import { ReadinessChecks } from './readiness-checks.ts';

/** Clock, health, readiness and an end that waits for nobody, for every service; global. */
@Module({})
export class ServiceKitModule {
  static forService(): DynamicModule {
    return {
      module: ServiceKitModule,
      global: true,
      controllers: [HealthController],
      providers: [ReadinessChecks, HttpDrain, { provide: CLOCK, useValue: () => new Date() }],
      exports: [ReadinessChecks, CLOCK],
    };
  }
}
