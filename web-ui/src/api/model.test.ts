import { describe, expect, it } from 'vitest';
import { speak } from './model';

const labels = new Map([
  ['crm', 'CRM (database)'],
  ['sf-eu', 'Salesforce'],
  ['contact', 'Contacts inc.'],
  ['record', 'Recorder'],
  ['shop', 'Web shop'],
  ['erp', 'erp'],
]);
const types = new Map([['contact', {}]]);

describe('a sentence of the hub', () => {
  it.each([
    ['3 deletes for crm within 24 hours', '3 deletes for CRM (database) within 24 hours'],
    ['sf-eu: it does not answer', 'Salesforce: it does not answer'],
    ['crm merged its record crm-a2 into crm-a1', 'CRM (database) merged its record crm-a2 into crm-a1'],
    ['crm:contact:31 and sf-eu:contact:00:7, of crm.', 'CRM (database) 31 and Salesforce 00:7, of CRM (database).'],
    ['Web shop ranks lower than shop', 'Web shop ranks lower than Web shop'],
    ['erp:contact:4 of erp', 'erp 4 of erp'],
    ['the record of a contact in crm', 'the record of a contact in CRM (database)'],
  ])('says %s as %s', (said, spoken) => expect(speak(said, labels, types)).toBe(spoken));

  it.each(['there is no system "crm"', 'correct systems.crm.settings', 'crm.contacts was not read', 'jdbc:sqlite:/data/crm', 'crm:order:31', 'crm_old and old-crm'])(
    'leaves %s as it is',
    (said) => expect(speak(said, labels, types)).toBe(said),
  );
});
