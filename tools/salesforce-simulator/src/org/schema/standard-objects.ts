import type { ObjectDefinition } from '../definition.ts';
import { fiscalYearSettings, opportunityStage, period } from './calendar.ts';
import { organization, profile, user, userRole } from './people.ts';
import { account, contact, lead, opportunity, opportunityFieldHistory, opportunityHistory } from './sales.ts';
import { campaign, campaignMember, caseStatus, opportunityLineItem, product2, supportCase, task } from './selling.ts';

/** Objects every org of the simulator has. */
export const standardObjects: readonly ObjectDefinition[] = [
  organization, profile, userRole, user, fiscalYearSettings, period, opportunityStage, account, contact, lead, campaign, campaignMember, product2,
  opportunity, opportunityLineItem, opportunityHistory, opportunityFieldHistory, task, supportCase, caseStatus,
];
