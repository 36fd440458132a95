import { runService } from '@tributary/service-kit';
import { AuthModule } from './auth.module.ts';
import { forgetSecrets, readConfig } from './config.ts';

await runService(async () => {
  const config = await readConfig(process.env);
  forgetSecrets(process.env);
  return { name: 'auth-service', module: await AuthModule.for(config), host: config.host, port: config.port, logLevel: config.logLevel };
});
