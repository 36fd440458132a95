import { fiscalMonthStart, fiscalOf, fiscalYearStartMonth } from '../org/fiscal.ts';
import { openStages, stages } from '../org/stages.ts';
import { dateOf, type Row } from '../org/value.ts';
import { plusDays } from '../soql/date-ranges.ts';
import type { SeedLoader } from './loader.ts';

/** The organization, its stages, and fiscal years three back and two ahead. */
export function seedCalendar(seed: SeedLoader, organizationId: string): void {
  const founded = seed.at(-2_000);
  seed.add('Organization', {
    Id: organizationId, Name: 'Northwind Traders', Street: '1 Harbor Way', City: 'Seattle', State: 'WA', PostalCode: '98101', Country: 'US', Phone: '+1 206 555 0100', PrimaryContact: 'Ava Lindqvist', DefaultLocaleSidKey: 'en_US', TimeZoneSidKey: 'America/New_York',
    LanguageLocaleKey: 'en_US', FiscalYearStartMonth: fiscalYearStartMonth, UsesStartDateAsFiscalYearName: false, DefaultAccountAccess: 'Edit', DefaultOpportunityAccess: 'Read', OrganizationType: 'Unlimited Edition', InstanceName: 'SIM1', IsSandbox: false,
  }, founded);
  stages.forEach((stage, index) => seed.add('OpportunityStage', {
    MasterLabel: stage.name, ApiName: stage.name, IsActive: true, SortOrder: index + 1, IsClosed: stage.isClosed, IsWon: stage.isWon, ForecastCategory: stage.category, ForecastCategoryName: stage.categoryName,
    DefaultProbability: stage.probability, Description: `Step ${Math.min(index + 1, openStages.length + 1)} of the sales process`,
  }, founded));
  ['New', 'Working', 'Escalated', 'Closed'].forEach((MasterLabel, index) => seed.add('CaseStatus', { MasterLabel, ApiName: MasterLabel, SortOrder: index + 1, IsDefault: index === 0, IsClosed: MasterLabel === 'Closed' }, founded));
  const { year } = fiscalOf(dateOf(seed.now));
  for (let fiscalYear = year - 3; fiscalYear <= year + 2; fiscalYear += 1) seedYear(seed, fiscalYear, founded);
}

function seedYear(seed: SeedLoader, year: number, founded: Date): void {
  const bounds = (month: number, months: number): { StartDate: string; EndDate: string } => ({ StartDate: fiscalMonthStart(year, month), EndDate: plusDays(fiscalMonthStart(year, month + months), -1) });
  const settings = seed.add('FiscalYearSettings', { ...bounds(1, 12), Name: `FY ${year}`, IsStandardYear: true, YearType: 'Standard', QuarterLabelScheme: 'NumberByYear', PeriodLabelScheme: 'StandardPrefix' }, founded);
  const period = (fields: Readonly<Record<string, string | number | boolean | null>>): Row => seed.add('Period', { FiscalYearSettingsId: settings['Id'] ?? null, IsForecastPeriod: false, ...fields }, founded);
  const whole = period({ Type: 'Year', ...bounds(1, 12), Number: 1, FullyQualifiedLabel: `FY ${year}` });
  seed.org.load('FiscalYearSettings', { ...settings, PeriodId: whole['Id'] ?? null });
  for (let quarter = 1; quarter <= 4; quarter += 1) period({ Type: 'Quarter', ...bounds(quarter * 3 - 2, 3), Number: quarter, QuarterLabel: `Q${quarter}`, FullyQualifiedLabel: `Q${quarter} FY ${year}` });
  for (let month = 1; month <= 12; month += 1) period({ Type: 'Month', ...bounds(month, 1), Number: month, IsForecastPeriod: true, QuarterLabel: `Q${Math.ceil(month / 3)}`, PeriodLabel: `P${((month - 1) % 3) + 1}`, FullyQualifiedLabel: `P${month} FY ${year}` });
}
