/** What lists can be narrowed to; commands do not know the domain. */
export { ENTITY_TYPES as ENTITY_TYPE_CHOICES, TRUST_STATUSES as TRUST_CHOICES } from '../../domain/enums.ts';
