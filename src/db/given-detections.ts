import type pg from 'pg';

import { storableJson } from '../lib/storable-json.ts';

/** An entry of a document of detections: a picture, a video or a frame of one. */
export type NewGivenImage = {
  id: string;
  file: string;
  key: string;
  folded: string;
  offsetMs: number | null;
  width: number | null;
  height: number | null;
  frameRate: number | null;
  frames: readonly number[] | null;
  failure: string | null;
};

/** In pixels of the entry's picture; in shares where that is 1 × 1. */
export type NewGivenBox = {
  image: string;
  category: string;
  score: number;
  x: number;
  y: number;
  width: number;
  height: number;
  frame: number | null;
};

/** An entry that a file goes by. */
export type GivenMatch = Omit<NewGivenImage, 'folded'> & {
  fileId: number;
  /** By upper and lower case alike. */
  isExact: boolean;
  /** Listed files of this name, and of this name in any case. */
  exactFiles: number;
  foldedFiles: number;
};

/** Names that a listed file may go by. */
export type FileNames = { id: number; keys: readonly string[]; folded: readonly string[] };

const TABLES = `
  CREATE TEMPORARY TABLE given_images (
    id text NOT NULL, file text NOT NULL, key text COLLATE "C" NOT NULL, folded text COLLATE "C" NOT NULL, "offsetMs" integer,
    width double precision, height double precision, "frameRate" double precision, frames jsonb, failure text,
    exact_files integer NOT NULL DEFAULT 0, folded_files integer NOT NULL DEFAULT 0);
  CREATE TEMPORARY TABLE given_boxes (
    image text NOT NULL, category text NOT NULL, score double precision NOT NULL, x double precision NOT NULL, y double precision NOT NULL,
    width double precision NOT NULL, height double precision NOT NULL, frame integer)`;

const INDEXES = `
  CREATE INDEX ON given_images (key);
  CREATE INDEX ON given_images (folded);
  CREATE INDEX ON given_boxes (image);
  ANALYZE given_images;
  ANALYZE given_boxes`;

/** What the finished tables hold and what was thrown out. */
export type GivenCounts = {
  images: number;
  boxes: number;
  withoutImage: number;
  outside: number;
  /** An id of two entries, if there is one. */ twice: string | undefined;
};

/**
 * The detections of a document in temporary tables of one connection: on disk, so that millions of them fit, and gone with the connection,
 * whatever ends the run.
 */
export class GivenTable {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(database: { connect(): Promise<pg.Client> }): Promise<GivenTable> {
    const client = await database.connect();
    // A lost connection fails the next statement; without this it would end the process.
    client.on('error', () => undefined);
    await client.query(`SET application_name = 'hs-detections'`);
    await client.query(TABLES);
    return new GivenTable(client);
  }

  addImages(images: readonly NewGivenImage[]): Promise<void> {
    return this.#insert('given_images', images);
  }

  addBoxes(boxes: readonly NewGivenBox[]): Promise<void> {
    return this.#insert('given_boxes', boxes);
  }

  /** To be called once, when everything is in: boxes of no entry and those outside their picture go. */
  async finish(): Promise<GivenCounts> {
    await this.#client.query(INDEXES);
    const [twice] = await this.#rows<{ id: string }>('SELECT id FROM given_images GROUP BY id HAVING count(*) > 1 LIMIT 1');
    const withoutImage = await this.#delete('WHERE NOT EXISTS (SELECT FROM given_images i WHERE i.id = b.image)');
    const outside = await this.#delete(
      `USING given_images i WHERE i.id = b.image
         AND (b.x >= i.width OR b.y >= i.height OR b.x + b.width <= 0 OR b.y + b.height <= 0)`,
    );
    const [counts = { images: 0, boxes: 0 }] = await this.#rows<{ images: number; boxes: number }>(
      'SELECT (SELECT count(*)::integer FROM given_images) AS images, (SELECT count(*)::integer FROM given_boxes) AS boxes',
    );
    return { ...counts, withoutImage, outside, twice: twice?.id };
  }

  countCategories(): Promise<{ category: string; count: number }[]> {
    return this.#rows('SELECT category, count(*)::integer AS count FROM given_boxes GROUP BY 1 ORDER BY 2 DESC, 1');
  }

  /** Listed files count once for each entry that they go by. */
  async noteListed(files: readonly FileNames[]): Promise<void> {
    for (const kind of ['key', 'folded'] as const) {
      const counter = kind === 'key' ? 'exact_files' : 'folded_files';
      await this.#client.query(
        `UPDATE given_images i SET ${counter} = ${counter} + n.files
           FROM (SELECT name, count(*)::integer AS files FROM unnest($1::text[]) AS n(name) GROUP BY 1) n WHERE i.${kind} = n.name`,
        [files.flatMap((file) => (kind === 'key' ? file.keys : file.folded))],
      );
    }
  }

  /** Entries that the files go by: by their exact name, else in whatever case. */
  findMatches(files: readonly FileNames[]): Promise<GivenMatch[]> {
    const names = files.flatMap(({ id, keys, folded }) => keys.map((key, index) => ({ id, key, folded: folded[index] })));
    return this.#rows(
      `WITH found AS (
         SELECT n.id AS "fileId", n.key = i.key AS "isExact", i.*
           FROM jsonb_to_recordset($1::jsonb) AS n(id bigint, key text, folded text) JOIN given_images i ON i.folded = n.folded)
       SELECT "fileId"::integer, "isExact", id, file, key, "offsetMs", width, height, "frameRate", frames, failure,
              exact_files AS "exactFiles", folded_files AS "foldedFiles"
         FROM found f
        WHERE "isExact" OR NOT EXISTS (SELECT FROM found e WHERE e."fileId" = f."fileId" AND e."isExact")
        ORDER BY "fileId", "offsetMs", key, id`,
      [JSON.stringify(names)],
    );
  }

  /** Best first. */
  findBoxes(images: readonly string[]): Promise<NewGivenBox[]> {
    return this.#rows('SELECT * FROM given_boxes WHERE image = ANY ($1) ORDER BY image, score DESC, x, y, width, height', [images]);
  }

  /** Entries that no listed file goes by, and the name of one. */
  async countUnlisted(): Promise<{ count: number; example: string | null }> {
    const [counted = { count: 0, example: null }] = await this.#rows<{ count: number; example: string | null }>(
      `SELECT count(DISTINCT key)::integer AS count, min(file) AS example FROM given_images WHERE exact_files = 0 AND folded_files = 0`,
    );
    return counted;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #insert(table: string, rows: readonly object[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {})
      .map((name) => `"${name}"`)
      .join(', ');
    if (columns === '') return;
    await this.#client.query(
      // json, not jsonb, which is made first and read then: 6 µs a row instead of 9
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [storableJson(rows)],
    );
  }

  async #delete(where: string): Promise<number> {
    return (await this.#client.query(`DELETE FROM given_boxes b ${where}`)).rowCount ?? 0;
  }

  async #rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#client.query<Row>(sql, values)).rows;
  }
}
