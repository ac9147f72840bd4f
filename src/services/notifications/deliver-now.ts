import { UsageError } from '../../errors/hs-error.ts';
import { assertAlerts } from '../alerts/list-alerts.ts';
import { deliverAlerts, type Delivered, type DeliverOptions, type DeliveryStore } from './deliver-alerts.ts';

/** Delivers because the user asks for it. Throws a usage error for an id that is no alert's, and for forcing everything at once. */
export async function deliverNow(store: DeliveryStore, options: DeliverOptions): Promise<Delivered> {
  const { ids, force } = options;
  if (force === true && ids === undefined) {
    throw new UsageError('--force sends only alerts that are named', { hint: 'give their ids, or - to read them from standard input' });
  }
  if (ids !== undefined) await assertAlerts(store.knex, ids);
  return deliverAlerts(store, { ...options, ...(ids === undefined ? {} : { ids: ids.map((id) => id.toLowerCase()) }) });
}
