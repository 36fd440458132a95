import { runService } from '@tributary/service-kit';
import { AnalyticsModule } from './analytics.module.ts';
import { readConfig } from './config.ts';

await runService(async () => {
  const config = readConfig(process.env);
  return { name: 'analytics-service', module: await AnalyticsModule.for(config), host: config.host, port: config.port, logLevel: config.logLevel };
});
