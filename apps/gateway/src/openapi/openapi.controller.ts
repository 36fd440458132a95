import { Controller, Get, Inject } from '@nestjs/common';
import { CONFIG, type GatewayConfig } from '../config.ts';
import { openApiDocument } from './openapi-document.ts';

@Controller('api/openapi.json')
export class OpenApiController {
  readonly #document: Record<string, unknown>;

  constructor(@Inject(CONFIG) config: GatewayConfig) {
    this.#document = openApiDocument(config.publicOrigin);
  }

  @Get()
  document(): Record<string, unknown> {
    return this.#document;
  }
}
