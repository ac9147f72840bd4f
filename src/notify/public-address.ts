import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { ChannelError, codeOf } from './channel.ts';

/** Networks of IPv4 that are nobody's on the internet: this host, private, carrier, link-local (with metadata services), test, multicast. */
const NOT_PUBLIC: readonly [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Of IPv6 only global unicast is public, without documentation, and without tunnels that lead to any IPv4 address. */
const PUBLIC_V6 = networks([['2000::', 3]]);
const NOT_PUBLIC_V6 = networks([
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);
const NOT_PUBLIC_V4 = new BlockList();
for (const [network, bits] of NOT_PUBLIC) NOT_PUBLIC_V4.addSubnet(network, bits, 'ipv4');

/** Whether an address is one that anybody on the internet can reach, and not a machine nearby. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC_V4.check(address, 'ipv4');
  return family === 6 && PUBLIC_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6');
}

export type CheckedAddress = { address: string; family: 4 | 6 };

/**
 * The address to connect to, looked up once, so that what was checked is what is used. Throws when the name leads to this machine, a
 * private network or a metadata service and that is not allowed: an address in the settings must not open what is meant for insiders.
 */
export async function resolveHost(host: string, { allowPrivate }: { allowPrivate: boolean }): Promise<CheckedAddress> {
  const name = host.replace(/^\[|\]$/g, '');
  const found = await lookup(name, { all: true }).catch((cause: unknown) => {
    throw new ChannelError(`the name ${name} cannot be looked up (${codeOf(cause)})`, { isTemporary: true, cause });
  });
  const closed = allowPrivate ? undefined : found.find(({ address }) => !isPublicAddress(address));
  if (closed !== undefined) {
    throw new ChannelError(`${name} leads to the private address ${closed.address}; allow_private: true would let it`, {
      isTemporary: false,
    });
  }
  const [first] = found;
  if (first === undefined) throw new ChannelError(`the name ${name} has no address`, { isTemporary: true });
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}

function networks(list: readonly [network: string, bits: number][]): BlockList {
  const blocks = new BlockList();
  for (const [network, bits] of list) blocks.addSubnet(network, bits, 'ipv6');
  return blocks;
}
