import { runService } from '@tributary/service-kit';
import { readConfig } from './config.ts';
import { configureHttp } from './configure-http.ts';
import { GatewayModule } from './gateway.module.ts';

await runService(async () => {
  const config = readConfig(process.env);
  return {
    name: 'gateway',
    module: await GatewayModule.for(config),
    host: config.host,
    port: config.port,
    logLevel: config.logLevel,
    configure: (app) => configureHttp(app, config),
  };
});
