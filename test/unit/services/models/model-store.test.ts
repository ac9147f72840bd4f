import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { chooseModel, findInstalledModel, listModels, openModelStore, readShippedCards } from '../../../../src/inference/model-store.ts';
import type { ModelStore } from '../../../../src/inference/model-store.ts';
import { installByName } from '../../../../src/services/models/install-by-name.ts';
import { installFromFile } from '../../../../src/services/models/install-from-file.ts';
import { modelRecords } from '../../../../src/services/models/model-record.ts';
import { removeModel } from '../../../../src/services/models/remove-model.ts';
import { verifyModels } from '../../../../src/services/models/verify-models.ts';
import { echoCardJson, sha256Of } from '../../inference/tiny-models.ts';
import { echoModel } from '../../inference/tiny-onnx.ts';
import { serveModel } from './model-server.ts';

const weights = echoModel();
const otherWeights = echoModel({ batch: 1 });

let folder: string;
let store: ModelStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-store-'));
  await mkdir(join(folder, 'cards'));
  store = openModelStore(join(folder, 'home'), join(folder, 'cards'));
});

async function write(name: string, content: Uint8Array | object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

const ship = (parts: { id?: string } & Record<string, unknown> = {}): Promise<string> =>
  write(`cards/${parts.id ?? 'echo'}.json`, echoCardJson(weights, parts));
const installOwn = async (id: string, parts: Record<string, unknown> = {}, bytes = weights) =>
  installFromFile(store, {
    file: await write(`${id}.onnx`, bytes),
    cardFile: await write(`${id}.json`, echoCardJson(bytes, { id, ...parts })),
    acceptLicence: false,
  });

describe('cards that come with the program', () => {
  test('are all valid, named after their files, and say where the weights are from', async () => {
    const real = openModelStore(folder);
    const cards = await readShippedCards(real);
    const files = (await readdir(real.cardsFolder)).filter((name) => name.endsWith('.json'));
    expect(cards.map(({ id }) => `${id}.json`).sort()).toEqual(files.sort());
    expect(new Set(cards.map(({ sha256 }) => sha256)).size).toBe(cards.length);
    expect(new Set(cards.map(({ family }) => family))).toEqual(
      new Set(['yolox', 'deim', 'nanodet', 'yolov8', 'end-to-end', 'embedding', 'yunet', 'lpd-yunet']),
    );
  });

  test('leave an empty store without a model: the motion detector does the work', async () => {
    await ship();
    expect(await chooseModel(store)).toBeUndefined();
    expect(await listModels(store)).toMatchObject([{ card: { id: 'echo' }, shipped: true }]);
  });
});

describe('installing from a file', () => {
  test('finds the shipped card by sha256, whatever the file is called', async () => {
    await ship();
    const installed = await installFromFile(store, { file: await write('whatever.bin', weights), acceptLicence: false });
    expect(installed.card.id).toBe('echo');
    expect(sha256Of(await readFile(installed.path))).toBe(installed.sha256);
    expect(await findInstalledModel(store, 'echo')).toEqual(installed);
  });

  test('keeps files and folders to their owner', async () => {
    const { path } = await installOwn('mine');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
    expect((await stat(store.folder)).mode & 0o777).toBe(0o700);
  });

  test('takes the card beside the file, which need not know length and sha256', async () => {
    const { sha256, bytes, ...card } = echoCardJson(weights, { id: 'mine' });
    const file = await write('mine.onnx', weights);
    await write('mine.json', card);
    expect(await installFromFile(store, { file, acceptLicence: false })).toMatchObject({ card: { id: 'mine', bytes }, sha256 });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['an id that could leave the folder', { id: '../evil' }, 'id: is not a model id'],
    ['an unknown family', { family: 'yolo99' }, 'family'],
    ['an unknown key', { nmsIuo: 0.5 }, 'nmsIuo'],
    ['another sha256', { sha256: 'a'.repeat(64) }, 'sha256 is not that of'],
    ['another length', { bytes: 3 }, 'bytes is not the length of'],
    ['an address that is no web address', { source: { homepage: 'https://example.org', urls: ['file:///etc/passwd'] } }, 'source.urls.0'],
  ])('refuses a card with %s', async (_, parts, said) => {
    const cardFile = await write('card.json', echoCardJson(weights, parts));
    const installing = installFromFile(store, { file: await write('m.onnx', weights), cardFile, acceptLicence: false });
    await expect(installing).rejects.toMatchObject({ code: 'model_card', exitCode: 2, message: expect.stringContaining(said) as unknown });
    expect(await listModels(store)).toEqual([]);
  });

  test('refuses a card that is no JSON, a folder, and a file that is not there', async () => {
    const file = await write('m.onnx', weights);
    const cardFile = await write('m.txt', new TextEncoder().encode('{'));
    await expect(installFromFile(store, { file, cardFile, acceptLicence: false })).rejects.toMatchObject({ code: 'model_card' });
    await expect(installFromFile(store, { file: folder, acceptLicence: false })).rejects.toThrow('is not a file');
    await expect(installFromFile(store, { file: `${file}.gone`, acceptLicence: false })).rejects.toThrow('cannot read');
  });

  test('refuses weights that nobody knows, and weights of another model than the named one', async () => {
    await ship();
    const file = await write('m.onnx', otherWeights);
    await expect(installFromFile(store, { file, acceptLicence: false })).rejects.toMatchObject({ code: 'model_unknown' });
    await expect(installFromFile(store, { file, name: 'echo', acceptLicence: false })).rejects.toMatchObject({ code: 'model_mismatch' });
  });

  test('refuses to take the id of a shipped model for other weights', async () => {
    await ship();
    await expect(installOwn('echo', {}, otherWeights)).rejects.toThrow('belongs to another model');
  });

  test('refuses a card that does not fit the model, and installs nothing', async () => {
    await expect(installOwn('mine', { outputs: { predictions: 'nowhere' } })).rejects.toMatchObject({
      code: 'model_mismatch',
      exitCode: 6,
    });
    expect(await listModels(store)).toEqual([]);
  });

  test('asks for the licence to be accepted where it has duties', async () => {
    await ship({ licence: 'AGPL-3.0' });
    const file = await write('m.onnx', weights);
    await expect(installFromFile(store, { file, acceptLicence: false })).rejects.toMatchObject({
      code: 'licence',
      hint: expect.stringContaining('--accept-license') as unknown,
    });
    expect(await installFromFile(store, { file, acceptLicence: true })).toMatchObject({ card: { id: 'echo' } });
  });

  test('of a new version replaces the old one and leaves only its files', async () => {
    await installOwn('mine');
    const { path } = await installOwn('mine', {}, otherWeights);
    expect(await readdir(join(path, '..'))).toHaveLength(2);
    expect((await findInstalledModel(store, 'mine')).sha256).toBe(sha256Of(otherWeights));
  });
});

describe('installing by name', () => {
  const offer = async (behaviours: Parameters<typeof serveModel>[1], urls = (url: string) => [url]) => {
    const server = await serveModel(weights, behaviours);
    await ship({ source: { homepage: 'https://example.org/echo', urls: urls(server.url) } });
    return server;
  };
  const options = { acceptLicence: false, retryDelaysMs: [0, 0] };

  test('downloads, checks and installs, and leaves no part behind', async () => {
    const server = await offer(['cut', 'good']);
    const seen: number[] = [];
    const installed = await installByName(store, 'echo', { ...options, onProgress: (received, total) => seen.push(received / total) });
    await server.close();
    expect(seen.at(-1)).toBe(1);
    expect(await findInstalledModel(store, 'echo')).toEqual(installed);
    expect(await readdir(join(store.folder, '.downloads'))).toEqual([]);
  });

  test('tries the next address when the first one has another file', async () => {
    const wrong = await serveModel(weights, ['wrong-bytes']);
    const server = await offer(['good'], (url) => [wrong.url, url]);
    expect(await installByName(store, 'echo', options)).toMatchObject({ card: { id: 'echo' } });
    await Promise.all([server.close(), wrong.close()]);
  });

  test('says how to go on when the download fails', async () => {
    const server = await offer(['wrong-bytes']);
    await expect(installByName(store, 'echo', options)).rejects.toMatchObject({
      exitCode: 6,
      hint: expect.stringContaining('hs models install echo --from FILE') as unknown,
    });
    await server.close();
    expect(await chooseModel(store)).toBeUndefined();
  });

  test('without an address names the homepage and --from', async () => {
    await ship();
    const error: unknown = await installByName(store, 'echo', options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'model_no_download', exitCode: 6 });
    expect((error as { hint: string }).hint).toMatch(/https:\/\/example\.org\/echo.*--from FILE/);
  });

  test('knows what was meant', async () => {
    await ship();
    await expect(installByName(store, 'ecoh', options)).rejects.toMatchObject({ exitCode: 2, hint: 'did you mean echo?' });
  });
});

describe('what is used', () => {
  test('the named one, else the most preferred usable one', async () => {
    await installOwn('plain', { preference: 5 });
    await installOwn('better', { preference: 50 }, otherWeights);
    expect((await chooseModel(store))?.card.id).toBe('better');
    expect((await chooseModel(store, 'plain'))?.card.id).toBe('plain');
    expect((await modelRecords(store)).map(({ id, used }) => [id, used])).toEqual([
      ['better', true],
      ['plain', false],
    ]);
    expect((await modelRecords(store, 'plain')).map(({ used }) => used)).toEqual([false, true]);
    const { path } = await findInstalledModel(store, 'better');
    await truncate(path, 10);
    expect((await chooseModel(store))?.card.id).toBe('plain');
  });

  test('a name that is not installed is an error that says what is', async () => {
    await ship({ id: 'shipped' });
    await installOwn('mine', {}, otherWeights);
    await expect(chooseModel(store, 'shipped')).rejects.toMatchObject({
      code: 'model_not_installed',
      exitCode: 6,
      hint: expect.stringContaining('mine') as unknown,
    });
    await expect(chooseModel(store, 'nothing')).rejects.toMatchObject({ code: 'model_unknown', exitCode: 2 });
  });

  test('a killed installation counts as none', async () => {
    const { path } = await installOwn('mine');
    await rm(join(path, '..', 'card.json'));
    expect(await listModels(store)).toEqual([]);
    await writeFile(join(path, '..', 'card.json'), '{"id": "mi');
    expect(await listModels(store)).toEqual([]);
  });
});

describe('verify', () => {
  test('nothing installed is nothing wrong', async () => {
    expect(await verifyModels(store, [])).toEqual([]);
  });

  test('sees changed and lost weights, also of the same length', async () => {
    const first = await installOwn('first');
    const second = await installOwn('second', {}, otherWeights);
    expect((await verifyModels(store, [])).map(({ ok }) => ok)).toEqual([true, true]);
    await chmod(first.path, 0o600);
    await writeFile(
      first.path,
      weights.map((byte) => byte ^ 1),
    );
    await rm(second.path);
    const results = await verifyModels(store, []);
    expect(results.map(({ id, ok }) => [id, ok])).toEqual([
      ['first', false],
      ['second', false],
    ]);
    expect(results[0]?.result).toContain('changed: sha256');
    expect(results[1]?.result).toContain('unreadable');
    await expect(verifyModels(store, ['third'])).rejects.toMatchObject({ code: 'model_not_installed' });
  });
});

describe('remove', () => {
  test('takes the folder away, a dry run does not', async () => {
    await installOwn('mine');
    const folderOf = join(store.folder, 'mine');
    expect(await removeModel(store, 'mine', { dryRun: true })).toBe(folderOf);
    expect(await listModels(store)).toHaveLength(1);
    expect(await removeModel(store, 'mine', { dryRun: false })).toBe(folderOf);
    expect(await readdir(store.folder)).toEqual([]);
    await expect(removeModel(store, 'mine', { dryRun: false })).rejects.toMatchObject({ code: 'model_not_installed' });
  });

  test('of a shipped card that is not installed is an error', async () => {
    await ship();
    await expect(removeModel(store, 'echo', { dryRun: false })).rejects.toMatchObject({ exitCode: 2 });
  });
});
