import { runService } from '@tributary/service-kit';
import { readConfig } from './config.ts';
import { IngestModule } from './ingest.module.ts';

await runService(async () => {
  const config = readConfig(process.env);
  return { name: 'ingest-service', module: await IngestModule.for(config), host: config.host, port: config.port, logLevel: config.logLevel };
});
