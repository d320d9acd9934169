/** What the state of a write is called where the pages filter by it, if its outcome is not known for too long; no state of the contract. */
export const OVERDUE = 'OVERDUE';
