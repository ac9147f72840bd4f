import type { EventFacts, SubjectFacts, SubjectIdentity } from '../risk/event-facts.ts';
import { sanitise, sanitisePlate } from './sanitise.ts';

/** Text that a camera saw. */
export type SeenText = { kind: 'plate' | 'text'; text: string };

/** Short words for everything that has a name of its own; the names stand in one fenced place only. */
export type Aliases = {
  camera: (id: string) => string;
  zone: (id: string) => string;
  member: (id: number) => string;
  entity: (id: string) => string;
  vehicle: (id: number) => string;
  /** A line for each, safe to stand inside the fence. */
  lines: string[];
};

type Register = { add: (id: string | number, name: string | null) => void; alias: (id: string | number) => string };

/** Names every camera, zone, person and vehicle of an event in the order of the facts. */
export function nameAliases(facts: EventFacts, texts: readonly SeenText[]): Aliases {
  const lines: string[] = [];
  const registers: Registers = {
    cameras: createRegister('C', 'camera', lines),
    zones: createRegister('Z', 'zone', lines),
    members: createRegister('M', 'household member', lines),
    entities: createRegister('E', 'entity', lines),
    vehicles: createRegister('V', 'vehicle', lines),
  };
  registers.cameras.add(facts.camera.id, facts.camera.name);
  for (const subject of facts.subjects) addSubject(subject, registers);
  for (const { cameraId, cameraName, entityId } of facts.otherCameras.sightings) {
    registers.cameras.add(cameraId, cameraName);
    if (entityId !== null) registers.entities.add(entityId, null);
  }
  for (const text of texts) addText(text, lines);
  const { cameras, zones, members, entities, vehicles } = registers;
  return {
    camera: cameras.alias,
    zone: zones.alias,
    member: members.alias,
    entity: entities.alias,
    vehicle: vehicles.alias,
    lines,
  };
}

type Registers = Readonly<Record<'cameras' | 'zones' | 'members' | 'entities' | 'vehicles', Register>>;

function createRegister(letter: string, kind: string, lines: string[]): Register {
  const known = new Map<string | number, string>();
  return {
    add: (id, name) => {
      if (known.has(id)) return;
      const alias = `${letter}${String(known.size + 1)}`;
      known.set(id, alias);
      const plain = sanitise(name ?? '');
      if (plain !== '') lines.push(`${alias}, name of the ${kind}: ${JSON.stringify(plain)}`);
    },
    alias: (id) => known.get(id) ?? `${letter}0`,
  };
}

function addSubject({ zones, identity, cameWithVehicle }: SubjectFacts, registers: Registers): void {
  for (const zone of zones) registers.zones.add(zone.id, zone.name);
  addIdentity(identity, registers);
  if (cameWithVehicle !== null) registers.vehicles.add(cameWithVehicle.vehicleId, cameWithVehicle.description);
}

function addIdentity(identity: SubjectIdentity, { members, entities, vehicles }: Registers): void {
  switch (identity.kind) {
    case 'member':
      members.add(identity.memberId, identity.name);
      break;
    case 'vehicle':
      vehicles.add(identity.vehicleId, identity.description);
      break;
    case 'entity':
    case 'unknown':
      if (identity.entityId !== null) entities.add(identity.entityId, identity.name);
      break;
    case 'not_compared':
  }
}

function addText({ kind, text }: SeenText, lines: string[]): void {
  const plain = kind === 'plate' ? sanitisePlate(text) : sanitise(text);
  if (plain !== '') lines.push(`${kind === 'plate' ? 'plate' : 'text'} that was read: ${JSON.stringify(plain)}`);
}
