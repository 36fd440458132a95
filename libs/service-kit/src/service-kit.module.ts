import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK } from './clock.ts';
import { HealthController } from './health.controller.ts';
import { ReadinessChecks } from './readiness-checks.ts';

/** Clock, health and readiness for every service; global. */
@Module({})
export class ServiceKitModule {
  static forService(): DynamicModule {
    return {
      module: ServiceKitModule,
      global: true,
      controllers: [HealthController],
      providers: [ReadinessChecks, { provide: CLOCK, useValue: () => new Date() }],
      exports: [ReadinessChecks, CLOCK],
    };
  }
}
