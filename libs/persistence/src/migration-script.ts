import { Migration } from '@mikro-orm/migrations';

/** One migration: a name that sorts in order of application, and its class. */
export interface MigrationScript {
  readonly name: string;
  readonly class: new (...parameters: ConstructorParameters<typeof Migration>) => Migration;
}

/**
 * A migration of plain SQL statements, run in one transaction with the service's schema as search path.
 * @param name `0001-connections`; never renamed once released
 */
export function defineMigration(name: string, statements: readonly string[]): MigrationScript {
  class SqlMigration extends Migration {
    override name = name;
    override up(): void {
      for (const statement of statements) this.addSql(statement);
    }
  }
  return { name, class: SqlMigration };
}
